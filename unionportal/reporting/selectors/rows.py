"""The rows behind a figure: one query a figure, named by its measure, and the address of the page that lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from casework.models import Category, Issue
from casework.workflow import OPEN_STATES
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value as parameter
from unionportal.reporting.behind import issues_between
from unionportal.reporting.definitions import FIRST_DAY
from unionportal.reporting.figures import VISIT_MEASURES, visits_behind
from unionportal.reporting.measures import MEASURES, RATES_BY_ID, RESOLUTION_SO_FAR
from unionportal.reporting.rollups.known import ids_known
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.queues import overdue
from unionportal.reporting.visiting import answered_for
from visits.models import Visit

ROWS_PATH = "/dashboard/rows/"
#: The span since the first row (累计), beside month, quarter, year and range.
ALL = "all"
#: An ISO week by its Monday: a span of its own for visits only, because quotas are weekly.
WEEK = "week"


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the district's rows a figure is about. `first` None: since the beginning. Days are inclusive.

    `known_at`: issues as the log had them at that moment, behind a frozen or published figure.
    """

    scope: Scope
    first: date | None
    end: date
    unit: Unit
    category: Category | None = None
    mine: bool = False
    holder: Unit | None = None  # what this unit handles
    cadre: User | None = None  # what this cadre registered, visited and answers for
    known_at: datetime | None = None
    enterprise: Enterprise | None = None  # what was raised about this enterprise


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure counts, in words, and its rows. `order` ends in a unique field."""

    id: str
    name: str
    formula: str
    rows: Callable[[Cut], QuerySet]
    order: tuple[str, ...]
    version: int = 1
    effective_on: date = FIRST_DAY


ISSUE_ORDER = ("-received_on", "-pk")
VISIT_ORDER = ("-visited_on", "-created_at", "-id")
ENTERPRISE_ORDER = ("pinyin_key", "pk")
#: Of the issues received, those nobody has closed yet.
IN_HAND_STATES = Q(state__in=sorted(OPEN_STATES))
_LATE = Q(answered_on__gt=F("due_on"))


def issue_rows(measure: str, cut: Cut, narrowed: Q | None = None) -> QuerySet[Issue]:
    """Issues of a measure in the reader's reach; `narrowed` is a further condition on them."""
    rows = issues_between(
        measure,
        first=cut.first,
        end=cut.end,
        unit=cut.unit,
        category=cut.category,
        holder_id=cut.holder.pk if cut.holder else None,
    )
    if narrowed is not None:
        rows = rows.filter(narrowed)
    if cut.known_at is not None:
        then = ids_known(*rows.order_by().values("pk").query.sql_with_params(), cut.known_at)
        rows = Issue.objects.filter(pk__in=RawSQL(*then))
    if cut.cadre is not None:
        rows = rows.filter(registered_by=cut.cadre)  # which no step changes, so it is not among what the log tells
    if cut.enterprise is not None:
        rows = rows.filter(enterprise=cut.enterprise)
    rows = rows.visible_to(cut.scope)
    return rows.filter(registered_by_id=cut.scope.user_id) if cut.mine else rows


def visit_rows(cut: Cut) -> QuerySet[Visit]:
    """Visits made in the span."""
    rows = visits_behind(
        "visits", start=cut.first, end=cut.end, unit=_township(cut.unit), cadre_id=cut.cadre.pk if cut.cadre else None
    ).visible_to(cut.scope)
    return rows.filter(cadre_id=cut.scope.user_id) if cut.mine else rows


def _enterprise_visits(cut: Cut) -> QuerySet[Visit]:
    return visit_rows(cut).filter(enterprise__isnull=False)


def _enterprises(cut: Cut) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(pk__in=_enterprise_visits(cut).order_by().values("enterprise"))


def _township(unit: Unit) -> Unit | None:
    """The unit to narrow down to; a district is not narrowed."""
    return unit if unit.kind == Unit.Kind.TOWNSHIP else None


def key_enterprises(unit: Unit) -> QuerySet[Enterprise]:
    """The key enterprises (重点企业) of a township or of the district."""
    rows = Enterprise.objects.filter(is_key=True, is_active=True)
    return rows.filter(township=unit) if unit.kind == Unit.Kind.TOWNSHIP else rows


def called_on(first: date | None, end: date) -> Exists:
    """Whether an enterprise was visited in the span."""
    visits = Visit.objects.filter(enterprise=OuterRef("pk"), visited_on__lte=end)
    return Exists(visits if first is None else visits.filter(visited_on__gte=first))


def _key_covered(cut: Cut) -> QuerySet[Enterprise]:
    return _key_of(cut).filter(called_on(cut.first, cut.end))


def _key_missed(cut: Cut) -> QuerySet[Enterprise]:
    return _key_of(cut).filter(~called_on(cut.first, cut.end))


def _key_of(cut: Cut) -> QuerySet[Enterprise]:
    rows = key_enterprises(cut.unit).visible_to(cut.scope)
    return rows if cut.cadre is None else rows.filter(answered_for(cut.cadre.pk, cut.end))


def gap_start(end: date) -> date:
    """The first day of the time within which a key enterprise should have been called on (visits.key_gap_days)."""
    return end - timedelta(days=int(parameter("visits.key_gap_days", on=end)))


def _key_gap(cut: Cut) -> QuerySet[Enterprise]:
    end = min(cut.end, clock.today())
    return key_enterprises(cut.unit).visible_to(cut.scope).filter(~called_on(gap_start(end), end))


def _in_hand(cut: Cut) -> QuerySet[Issue]:
    return issue_rows("received", cut, IN_HAND_STATES)


def _closed_late(cut: Cut) -> QuerySet[Issue]:
    return issue_rows("closed_with_deadline", cut, _LATE)


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


VISITS = Definition("visits", "走访（家次）", VISIT_MEASURES["visits"][1], visit_rows, VISIT_ORDER)
KEY_COVERED = Definition(
    "key_covered", "覆盖重点企业", "本期至少走访过一次的重点企业家数（家），不重复计。", _key_covered, ENTERPRISE_ORDER
)
KEY_TOTAL = Definition(
    "key_total", "在营重点企业", "现在在营的重点企业家数（家），不论本期是否走访过。", _key_of, ENTERPRISE_ORDER
)
KEY_MISSED = Definition(
    "key_missed", "未到重点企业", "本期还没有走访过的重点企业家数（家）。", _key_missed, ENTERPRISE_ORDER
)
IN_HAND = Definition("in_hand", "在办", "收集录入中目前还没有办结的件数。", _in_hand, ISSUE_ORDER)
CLOSED_LATE = Definition(
    "closed_late", "逾期办结", "有期限的办结中，最后一次反馈晚于办理期限的件数。", _closed_late, ISSUE_ORDER
)
OVERDUE = Definition(
    "overdue", "已逾期", "此刻已交办或办理中、办理期限已过的件数，不限收集时间。", _overdue, ISSUE_ORDER
)
ENTERPRISE_VISITS = Definition(
    "enterprise_visits", "走访企业（家次）", VISIT_MEASURES["enterprise_visits"][1], _enterprise_visits, VISIT_ORDER
)
ENTERPRISES = Definition(
    "enterprises", "走访企业（家）", VISIT_MEASURES["enterprises"][1], _enterprises, ENTERPRISE_ORDER
)
HEADCOUNT = Definition("headcount", "走访人次", VISIT_MEASURES["headcount"][1], visit_rows, VISIT_ORDER)
KEY_GAP = Definition(
    "key_gap",
    "久未走访的重点企业",
    "到期末（或今天）超过规定间隔没有走访的重点企业家数（家）。",
    _key_gap,
    ENTERPRISE_ORDER,
)
REPEATED = Definition(
    "repeated",
    "同类重复",
    "收集录入中，同一企业此前在规定的间隔内已有同类诉求的件数。",
    _repeated,
    ISSUE_ORDER,
)
#: Counts of visits and enterprises, which no freeze keeps.
OF_VISITS = (VISITS, ENTERPRISE_VISITS, ENTERPRISES, HEADCOUNT, KEY_COVERED, KEY_MISSED, KEY_TOTAL, KEY_GAP)

DEFINITIONS: dict[str, Definition] = {
    **{
        m.id: Definition(m.id, m.name, m.formula, _of_measure(m.id), ISSUE_ORDER, m.version, m.effective_on)
        for m in MEASURES.values()
    },
    **{d.id: d for d in (*OF_VISITS, IN_HAND, CLOSED_LATE, OVERDUE, REPEATED)},
}


@dataclass(frozen=True, slots=True)
class RateParts:
    """A rate's three lists: all it is taken over, those that count for it, and the rest."""

    id: str
    name: str
    formula: str
    denominator: Definition
    numerator: Definition
    version: int
    effective_on: date

    def rest(self, cut: Cut) -> QuerySet[Issue]:
        """What the denominator has and the numerator has not."""
        return self.denominator.rows(cut).filter(~Q(pk__in=self.numerator.rows(cut).values("pk")))


RATE_PARTS: dict[str, RateParts] = {
    rate.id: RateParts(
        rate.id,
        rate.name,
        rate.formula,
        DEFINITIONS[rate.denominator],
        DEFINITIONS[rate.numerator],
        rate.version,
        rate.effective_on,
    )
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
