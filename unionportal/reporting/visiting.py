"""Figures of visits and of the cadres' weekly quota. Counted from the rows when read: distinct enterprises cannot be summed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from unionportal.core.accounts.models import Posting
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.reporting.measures import VISIT_SHARES
from unionportal.reporting.models import FrozenVisit
from unionportal.reporting.rates import Rate
from visits.models import Visit
from visits.querysets import VisitQuerySet
from visits.quotas import SUNDAY, CadreWeek, cadre_weeks_owed

_SHARES = {measure.id: measure for measure in VISIT_SHARES}


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """家次 (visits to enterprises), 走访（家次） (all visits), 家 (distinct enterprises), 人次 (visitors summed), key enterprises covered."""

    visits: int
    enterprise_visits: int
    enterprises: int
    headcount: int
    key_covered: int
    key_total: int

    @property
    def coverage(self) -> Rate:
        """重点企业覆盖率."""
        return Rate(_SHARES["coverage"], self.key_covered, self.key_total)


def visit_figures(*, start: date | None, end: date, unit: Unit | None = None) -> VisitFigures:
    """Figures of the visits made from `start` (None: the first) to `end`, both included, in a unit (None: district)."""
    return _figures(visits_behind(start=start, end=end, unit=unit), called_on(start, end), unit)


def copied_figures(copied: QuerySet[FrozenVisit], unit: Unit | None = None) -> VisitFigures:
    """The same of the visits that a freeze copied; the key enterprises are those there are now."""
    visits = copied if unit is None else copied.filter(_of_unit(unit))
    return _figures(visits, Exists(copied.filter(enterprise=OuterRef("pk"))), unit)


def _figures(visits: QuerySet, called: Exists, unit: Unit | None) -> VisitFigures:
    found = visits.order_by().aggregate(
        visits=Count("pk"),
        enterprise_visits=Count("enterprise_id"),
        enterprises=Count("enterprise_id", distinct=True),
        headcount=Sum("headcount", default=0),
    )
    key = key_enterprises(unit).aggregate(key_total=Count("pk"), key_covered=Count("pk", filter=called))
    return VisitFigures(**found, **key)


def key_enterprises(unit: Unit | None = None) -> QuerySet[Enterprise]:
    """The key enterprises (重点企业) that lie in a township now, or of the district."""
    rows = Enterprise.objects.filter(is_key=True, is_active=True)
    return rows.filter(township=unit) if unit is not None and unit.kind == Unit.Kind.TOWNSHIP else rows


def called_on(first: date | None, end: date) -> Exists:
    """Whether an enterprise was visited in the span, by whomever and wherever it lay then."""
    visits = Visit.objects.filter(enterprise=OuterRef("pk"), visited_on__lte=end)
    return Exists(visits if first is None else visits.filter(visited_on__gte=first))


def visits_behind(*, start: date | None, end: date, unit: Unit | None = None) -> VisitQuerySet:
    """Exactly the visits a figure counts."""
    visits = Visit.objects.filter(visited_on__lte=end)
    if start is not None:
        visits = visits.filter(visited_on__gte=start)
    return visits if unit is None else visits.filter(_of_unit(unit))


@dataclass(frozen=True, slots=True)
class QuotaFigures:
    """Cadres' weeks that owed visits, and those of them that met the quota; `weeks` are the rows behind both."""

    weeks: tuple[CadreWeek, ...]

    @property
    def quota_weeks(self) -> int:
        """应走访周次."""
        return len(self.weeks)

    @property
    def quota_met(self) -> int:
        """走访达标周次."""
        return sum(week.is_met for week in self.weeks)

    @property
    def quota(self) -> Rate:
        """走访达标率."""
        return Rate(_SHARES["quota"], self.quota_met, self.quota_weeks)

    def within(self, start: date | None, end: date) -> "QuotaFigures":
        """Those of the weeks whose Sunday lies from `start` (None: the first) to `end`."""
        return QuotaFigures(
            tuple(week for week in self.weeks if (start or date.min) <= week.monday + SUNDAY <= end),
        )


def visit_figures_by_cadre(*, start: date | None, end: date, cadre_ids: Collection[int]) -> dict[int, VisitFigures]:
    """The visits of each cadre; coverage is of the key enterprises they answer for on the last day, whoever called there. Four queries."""
    visits = visits_behind(start=start, end=end)
    rows = visits.filter(cadre_id__in=cadre_ids).order_by().values("cadre_id")
    counts = {
        row["cadre_id"]: row
        for row in rows.annotate(
            visits=Count("pk"),
            enterprise_visits=Count("enterprise_id"),
            enterprises=Count("enterprise_id", distinct=True),
            heads=Sum("headcount"),
        )
    }
    key = dict(key_enterprises().values_list("pk", "township_id"))
    called = set(key_enterprises().filter(called_on(start, end)).values_list("pk", flat=True))
    postings = Posting.objects.filter(cadre_id__in=cadre_ids).in_force(end)
    townships, enterprises = defaultdict(set), defaultdict(set)
    for cadre, township, enterprise in postings.values_list("cadre_id", "township_id", "enterprise_id"):
        townships[cadre].add(township)
        enterprises[cadre].add(enterprise)
    found = {}
    for cadre in cadre_ids:
        mine = {pk for pk, township in key.items() if township in townships[cadre] or pk in enterprises[cadre]}
        row = counts.get(cadre, {"visits": 0, "enterprise_visits": 0, "enterprises": 0, "heads": 0})
        found[cadre] = VisitFigures(
            visits=row["visits"],
            enterprise_visits=row["enterprise_visits"],
            enterprises=row["enterprises"],
            headcount=row["heads"],
            key_covered=len(mine & called),
            key_total=len(mine),
        )
    return found


def coverage_by_township(*, start: date, end: date) -> dict[int, Rate]:
    """Township id -> 重点企业覆盖率 of the span, whoever called there; townships without key enterprises are left out. One query."""
    rows = key_enterprises().order_by().values("township_id")
    counted = rows.annotate(total=Count("pk"), covered=Count("pk", filter=called_on(start, end)))
    return {row["township_id"]: Rate(_SHARES["coverage"], row["covered"], row["total"]) for row in counted}


def quota_figures(*, start: date | None, end: date, unit: Unit | None = None) -> QuotaFigures:
    """The quota over the weeks whose Sunday lies from `start` (None: the first posting) to `end`. `unit` a township: of the cadres posted there.

    A cadre posted to two townships stands in both, so townships are never summed. A week still running is no week of a period that ends today.
    """
    township = unit if unit is not None and unit.kind == Unit.Kind.TOWNSHIP else None
    return QuotaFigures(tuple(cadre_weeks_owed(first=start, end=end, township=township)))


def answered_for(cadre_id: int, on: date) -> Q:
    """The enterprises a cadre answers for on a day: those of their townships, and those posted to one by one."""
    postings = Posting.objects.filter(cadre_id=cadre_id).in_force(on)
    return Q(township__in=postings.exclude(township=None).values("township")) | Q(
        pk__in=postings.exclude(enterprise=None).values("enterprise")
    )


def _of_unit(unit: Unit) -> Q:
    """Rows of a unit, or of a district and every township below it."""
    if unit.kind == Unit.Kind.DISTRICT:
        return Q(township=unit) | Q(township__parent=unit)
    return Q(township=unit)
