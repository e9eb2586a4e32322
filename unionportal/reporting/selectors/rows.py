"""The rows behind a figure: one query a figure, named by its measure, and the address of the page that lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from casework.models import Category, Issue
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value as parameter
from unionportal.reporting.behind import as_known, issues_between
from unionportal.reporting.definitions import RateMeasure
from unionportal.reporting.figures import visits_behind
from unionportal.reporting.measures import BY_ID, MEASURES, RATES_BY_ID, RESOLUTION_SO_FAR
from unionportal.reporting.measures import Definition as Meaning
from unionportal.reporting.models import Freeze, FrozenVisit
from unionportal.reporting.rollups.known import Known
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.queues import overdue
from unionportal.reporting.visiting import answered_for, called_on, key_enterprises
from visits.models import Visit

ROWS_PATH = "/dashboard/rows/"
#: The span since the first row, beside month, quarter, year and range; and what it is called, because reports have a 累计 to their period's end.
ALL = "all"
SO_FAR = "截至今日累计"
#: An ISO week by its Monday: a span of its own for visits only, because quotas are weekly.
WEEK = "week"


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the district's rows a figure is about. `first` None: since the beginning. Days are inclusive.

    `known`: issues as the log had them up to there, behind a frozen or published figure, or one asked for as of a moment.
    """

    scope: Scope
    first: date | None
    end: date
    unit: Unit
    category: Category | None = None
    mine: bool = False
    holder: Unit | None = None  # what this unit handles
    cadre: User | None = None  # what this cadre registered, visited and answers for
    known: Known | None = None
    enterprise: Enterprise | None = None  # what was raised about this enterprise
    freeze: Freeze | None = None  # the visits that this freeze counted


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure counts (`means`, of `measures`), and its rows. `order` ends in a unique field."""

    means: Meaning
    rows: Callable[[Cut], QuerySet]
    order: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.means.id

    @property
    def name(self) -> str:
        return self.means.name

    @property
    def formula(self) -> str:
        """In words."""
        return self.means.formula


def _definition(measure: str, rows: Callable[[Cut], QuerySet], order: tuple[str, ...]) -> Definition:
    return Definition(BY_ID[measure], rows, order)


ISSUE_ORDER = ("-received_on", "-pk")
VISIT_ORDER = ("-visited_on", "-created_at", "-id")
ENTERPRISE_ORDER = ("pinyin_key", "pk")


def issue_rows(measure: str, cut: Cut) -> QuerySet[Issue]:
    """Issues of a measure in the reader's reach."""
    rows = _counted_issues(measure, cut).visible_to(cut.scope)
    return rows.filter(registered_by_id=cut.scope.user_id) if cut.mine else rows


def issues_out_of_reach(measure: str, cut: Cut) -> int:
    """How many issues a figure of the past counts that have left the reader's reach since, such as by a correction of the township."""
    if cut.known is None or cut.mine or cut.scope.district:
        return 0
    within = Issue.objects.visible_to(cut.scope)
    return _counted_issues(measure, cut).exclude(pk__in=within.values("pk")).count()


def visits_out_of_reach(cut: Cut) -> int:
    """How many visits a freeze counted that have left the reader's reach since, being another township's now."""
    if cut.freeze is None or cut.mine or cut.scope.district:
        return 0
    return _copies(cut, cut.freeze).exclude(visit__in=Visit.objects.visible_to(cut.scope)).count()


def _counted_issues(measure: str, cut: Cut) -> QuerySet[Issue]:
    """All issues of a measure, whoever reads."""
    rows = issues_between(
        measure,
        first=cut.first,
        end=cut.end,
        unit=cut.unit,
        category=cut.category,
        holder_id=cut.holder.pk if cut.holder else None,
    )
    if cut.known is not None:
        rows = as_known(rows, cut.known)
    if cut.cadre is not None:
        rows = rows.filter(registered_by=cut.cadre)  # which no step changes, so it is not among what the log tells
    return rows if cut.enterprise is None else rows.filter(enterprise=cut.enterprise)


def visit_rows(cut: Cut) -> QuerySet[Visit]:
    """Visits made in the span, or those a freeze counted. Raises NotFound for a freeze of before visits were kept."""
    return _visits(cut)


def _visits(cut: Cut, **only: Any) -> QuerySet[Visit]:
    if cut.freeze is None:
        rows = visits_behind(start=cut.first, end=cut.end, unit=_township(cut.unit)).filter(**only)
    else:
        rows = Visit.objects.filter(pk__in=_copies(cut, cut.freeze).filter(**only).values("visit"))
    if cut.cadre is not None:
        rows = rows.filter(cadre=cut.cadre)
    rows = rows.visible_to(cut.scope)
    return rows.filter(cadre_id=cut.scope.user_id) if cut.mine else rows


def with_people(visits: QuerySet[Visit], cut: Cut) -> QuerySet[Visit]:
    """Visits with `people`: how many they called on, as the freeze counted them where the cut is one's."""
    if cut.freeze is None:
        return visits.annotate(people=F("headcount"))
    copy = FrozenVisit.objects.filter(freeze=cut.freeze, visit=OuterRef("pk"))
    return visits.annotate(people=Subquery(copy.values("headcount")[:1]))


def _copies(cut: Cut, freeze: Freeze) -> QuerySet[FrozenVisit]:
    if not freeze.visit_figures.exists():
        raise NotFound("这一版冻结时还没有保存走访数据。")
    copies = FrozenVisit.objects.filter(freeze=freeze)
    return copies if (unit := _township(cut.unit)) is None else copies.filter(township=unit)


def _enterprise_visits(cut: Cut) -> QuerySet[Visit]:
    return _visits(cut, enterprise__isnull=False)


def _enterprises(cut: Cut) -> QuerySet[Enterprise]:
    visits = _enterprise_visits(cut).order_by()
    if cut.freeze is not None:
        return Enterprise.objects.filter(pk__in=_copies(cut, cut.freeze).filter(visit__in=visits).values("enterprise"))
    return Enterprise.objects.filter(pk__in=visits.values("enterprise"))


def _township(unit: Unit) -> Unit | None:
    """The unit to narrow down to; a district is not narrowed."""
    return unit if unit.kind == Unit.Kind.TOWNSHIP else None


def _key_covered(cut: Cut) -> QuerySet[Enterprise]:
    return _key_of(cut).filter(called_on(cut.first, cut.end))


def _key_missed(cut: Cut) -> QuerySet[Enterprise]:
    return _key_of(cut).filter(~called_on(cut.first, cut.end))


def _key_of(cut: Cut) -> QuerySet[Enterprise]:
    if cut.freeze is not None:
        raise NotFound("冻结时只保存重点企业的家数，不保存名单。")
    rows = key_enterprises(cut.unit).visible_to(cut.scope)
    return rows if cut.cadre is None else rows.filter(answered_for(cut.cadre.pk, min(cut.end, clock.today())))


def gap_start(end: date) -> date:
    """The first day of the time within which a key enterprise should have been called on (visits.key_gap_days)."""
    return end - timedelta(days=int(parameter("visits.key_gap_days", on=end)))


def _key_gap(cut: Cut) -> QuerySet[Enterprise]:
    end = min(cut.end, clock.today())
    return key_enterprises(cut.unit).visible_to(cut.scope).filter(~called_on(gap_start(end), end))


def _overdue(cut: Cut) -> QuerySet[Issue]:
    rows = overdue(cut.scope, cut.end)
    if _township(cut.unit):
        rows = rows.filter(township=cut.unit)
    return rows.filter(holder=cut.holder) if cut.holder else rows


def _repeated(cut: Cut) -> QuerySet[Issue]:
    """Issues before which the same enterprise had one of the same category, within the months of the parameter."""
    months = int(parameter("analyses.repeat_months", on=cut.end))
    back = Func(OuterRef("received_on"), template=f"(%(expressions)s - interval '{months} months')::date")
    earlier = Issue.objects.counted().filter(
        Q(received_on__lt=OuterRef("received_on")) | Q(received_on=OuterRef("received_on"), pk__lt=OuterRef("pk")),
        enterprise=OuterRef("enterprise"),
        category=OuterRef("category"),
        received_on__gte=back,
    )
    return issue_rows("received", cut).filter(Exists(earlier))


def _of_measure(measure: str) -> Callable[[Cut], QuerySet]:
    return lambda cut: issue_rows(measure, cut)


VISITS = _definition("visits", visit_rows, VISIT_ORDER)
ENTERPRISE_VISITS = _definition("enterprise_visits", _enterprise_visits, VISIT_ORDER)
ENTERPRISES = _definition("enterprises", _enterprises, ENTERPRISE_ORDER)
HEADCOUNT = _definition("headcount", visit_rows, VISIT_ORDER)
KEY_COVERED = _definition("key_covered", _key_covered, ENTERPRISE_ORDER)
KEY_TOTAL = _definition("key_total", _key_of, ENTERPRISE_ORDER)
KEY_MISSED = _definition("key_missed", _key_missed, ENTERPRISE_ORDER)
KEY_GAP = _definition("key_gap", _key_gap, ENTERPRISE_ORDER)
OVERDUE = _definition("overdue", _overdue, ISSUE_ORDER)
REPEATED = _definition("repeated", _repeated, ISSUE_ORDER)
#: Counts of visits and enterprises, whose rows are those of the present but on the pages of frozen months.
OF_VISITS = (VISITS, ENTERPRISE_VISITS, ENTERPRISES, HEADCOUNT, KEY_COVERED, KEY_MISSED, KEY_TOTAL, KEY_GAP)

#: Counts that the log tells: of issues, by their columns.
OF_THE_LOG = frozenset(MEASURES)

DEFINITIONS: dict[str, Definition] = {
    **{measure: _definition(measure, _of_measure(measure), ISSUE_ORDER) for measure in MEASURES},
    **{one.id: one for one in (*OF_VISITS, OVERDUE, REPEATED)},
}


@dataclass(frozen=True, slots=True)
class RateParts:
    """A rate's three lists: all it is taken over, those that count for it, and the rest."""

    means: RateMeasure
    denominator: Definition
    numerator: Definition

    def rest(self, cut: Cut) -> QuerySet[Issue]:
        """What the denominator has and the numerator has not."""
        return self.denominator.rows(cut).filter(~Q(pk__in=self.numerator.rows(cut).values("pk")))


RATE_PARTS: dict[str, RateParts] = {
    rate.id: RateParts(rate, DEFINITIONS[rate.denominator], DEFINITIONS[rate.numerator])
    for rate in (*RATES_BY_ID.values(), RESOLUTION_SO_FAR)
}


@lru_cache(maxsize=4096)  # a page has dozens of them, and the next page the same ones
def rows_url(measure: str, kind: str, start: date | None, *, unit: str = "", category: str = "", **more: Any) -> str:
    """The address that lists the rows of a figure; the same for every page and report that shows it."""
    query = {"measure": measure, "period": kind, "start": start.isoformat() if start else "", "unit": unit}
    query |= {"category": category, **more}
    return f"{ROWS_PATH}?{urlencode({key: value for key, value in query.items() if value})}"


@lru_cache(maxsize=4096)
def period_rows_url(measure: str, period: Period, **more: Any) -> str:
    """The same for the period of a page, which may be a run of months."""
    if period.last is None:
        return rows_url(measure, period.kind, period.start, **more)
    query = {"measure": measure, "from": f"{period.start:%Y-%m}", "to": f"{period.last:%Y-%m}", **more}
    return f"{ROWS_PATH}?{urlencode({key: value for key, value in query.items() if value})}"
