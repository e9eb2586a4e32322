"""What the list of quarterly analyses shows: quarters, the pages of places, the cadres' reflections, each with its state."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from unionportal.core.accounts.models import User
from unionportal.core.common.errors import NotFound
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import period_starts
from unionportal.reporting.rollups.periods import QUARTER
from unionportal.reporting.selectors.people import cadres_of
from unionportal.reporting.selectors.picker import Period, period_of
from unionportal.reporting.selectors.place import places_of
from visits.models import Analysis, Practice, Reflection
from visits.quarters import quarter_code, read_quarter

NOT_WRITTEN = "未写"
TONES = {"draft": "warn", "submitted": "link", "remarked": "ok", "published": "ok"}


def quarters(today: date) -> list[date]:
    """Every quarter with figures up to the present one, newest first."""
    present = period_of(QUARTER, today).start
    return sorted({start for start in period_starts(QUARTER) if start <= present} | {present}, reverse=True)


def quarter_asked(text: str, today: date) -> date:
    """The quarter an address names. Raises NotFound for one that is none, is to come, or has no figures."""
    try:
        quarter = read_quarter(text)
    except ValueError:
        raise NotFound("没有这个季度，地址应写成 2024-Q3 这样的形式。") from None
    if quarter > today:
        raise NotFound("这个季度还没有开始。")
    if quarter not in quarters(today):
        raise NotFound("这个季度还没有使用本系统，没有数据。")
    return quarter


def place_asked(scope: Scope, code: str) -> Unit:
    """The district or township an address names, within the person's reach."""
    found = next((unit for unit in places_of(scope) if unit.code == code), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class State:
    """How far a text is: what the list says, and its tone."""

    label: str = NOT_WRITTEN
    tone: str = "idle"


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """A quarter in numbers, within the reader's reach."""

    period: Period
    code: str
    published: int
    drafts: int
    reflections: int
    practices: int
    running: bool


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place's page of a quarter. `analysis` is the row without its text; None before the first words."""

    unit: Unit
    name: str
    url: str
    state: State
    analysis: Analysis | None


@dataclass(frozen=True, slots=True)
class ReflectionLine:
    """A cadre's reflection on a quarter; `url` "" where there is nothing the reader may open."""

    cadre: User
    url: str
    state: State
    reflection: Reflection | None


def quarter_lines(scope: Scope, today: date) -> list[QuarterLine]:
    """Newest first. Three queries for any number of quarters."""
    starts = quarters(today)
    analyses = _by_quarter(Analysis, scope, published=Q(state="published"), drafts=Q(state="draft"))
    reflections = _by_quarter(Reflection, scope, handed_in=~Q(state="draft"))
    practices = _by_quarter(Practice, scope, published=Q(state="published"))
    return [
        QuarterLine(
            period=period_of(QUARTER, start),
            code=quarter_code(start),
            published=analyses.get(start, {}).get("published", 0),
            drafts=analyses.get(start, {}).get("drafts", 0),
            reflections=reflections.get(start, {}).get("handed_in", 0),
            practices=practices.get(start, {}).get("published", 0),
            running=period_of(QUARTER, start).holds(today),
        )
        for start in starts
    ]


def _by_quarter(
    model: type[Analysis] | type[Reflection] | type[Practice], scope: Scope, **wanted: Q
) -> dict[date, dict[str, int]]:
    counts = {name: Count("pk", filter=condition) for name, condition in wanted.items()}
    rows = model.objects.visible_to(scope).order_by().values("quarter").annotate(**counts)
    return {row.pop("quarter"): row for row in rows}


def place_lines(scope: Scope, quarter: date, township: Unit | None = None) -> list[PlaceLine]:
    """The pages a person may open, the district's first."""
    units = [unit for unit in places_of(scope) if township is None or unit == township]
    rows = Analysis.objects.visible_to(scope).filter(quarter=quarter).defer("text", "figures")
    known = {row.unit_id: row for row in rows.select_related("edited_by")}
    return [_place_line(unit, quarter, known.get(unit.pk), scope) for unit in units]


def _place_line(unit: Unit, quarter: date, analysis: Analysis | None, scope: Scope) -> PlaceLine:
    name = "全区" if unit.kind == Unit.Kind.DISTRICT else unit.short_name
    # Whether somebody is at work on a text is the district's own business.
    state = State() if scope.district else State("未发布")
    if analysis is not None:
        state = State(analysis.get_state_display(), TONES[analysis.state])
    return PlaceLine(unit, name, f"/analyses/{quarter_code(quarter)}/{unit.code}/", state, analysis)


def reflection_lines(scope: Scope, quarter: date, today: date, township: Unit | None = None) -> list[ReflectionLine]:
    """Every cadre of the quarter with the state of the reflection, for the district; a cadre's own. Drafts are named, not opened."""
    if not scope.has(Role.LEADER, Role.STAFF, Role.CADRE):
        return []
    period = period_of(QUARTER, quarter)
    cadres = cadres_of(scope, period.start, min(period.end, today), township if scope.district else None)
    rows = Reflection.objects.filter(quarter=quarter, cadre__in=cadres).defer(*Reflection.PARTS)
    known = {row.cadre_id: row for row in rows}
    return [_reflection_line(cadre, quarter, known.get(cadre.pk), scope) for cadre in cadres]


def _reflection_line(cadre: User, quarter: date, reflection: Reflection | None, scope: Scope) -> ReflectionLine:
    state, url = State(), ""
    if reflection is not None:
        state = State(reflection.get_state_display(), TONES[reflection.state])
        url = "" if reflection.is_open else f"/reflections/{reflection.pk}/"
    if cadre.pk == scope.user_id:
        url = f"/analyses/{quarter_code(quarter)}/mine/"
    return ReflectionLine(cadre, url, state, reflection)
