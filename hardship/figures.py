"""Figures of hardship aid, and the rows behind each: what the lists here, the dashboard's section and the annual report print.

Every figure is counted from the rows its own function gives, so that a number and its list cannot disagree. No row is read for a name or a number of
a person. Source: docs/domain.md, "Figures of hardship aid".
"""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from hardship import codes
from hardship.models import Allowance, CategoryDecision, FileStep, Grant, HardshipFile, Lead, Measure, ServiceOrder
from hardship.money_workflow import GrantState, OrderState
from hardship.progress import COMING, COUNTED, LEAVING
from hardship.watching import due_for_review
from unionportal.core.common import clock
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit

NOTHING = Decimal(0)
#: What the log's steps mean for the register, by the figure that counts them.
STEPS: dict[str, Q] = {**COUNTED, "relapsed": Q(action="relapse")}
#: What a grant came to in the end.
NET = F("amount") - F("repaid")
#: Files of the older schemes have none of the three categories.
CATEGORIES: dict[str, str] = {**dict(codes.CATEGORIES), "": "旧标准（未分三类）"}


@dataclass(frozen=True, slots=True)
class HardshipFigures:
    """What a cut has. Files, leads and measures that stand open are those of its last day, reviews those of today; everything else happened within it."""

    in_force: int = 0
    deep: int = 0
    relative: int = 0
    sudden: int = 0
    unsorted: int = 0
    taken_in: int = 0
    taken_in_again: int = 0
    lifted: int = 0
    cleared: int = 0
    relapsed: int = 0
    leads_raised: int = 0
    leads_verified: int = 0
    leads_confirmed: int = 0
    leads_pending: int = 0
    grants: int = 0
    aid: Decimal = NOTHING
    orders: int = 0
    orders_settled: int = 0
    services_paid: Decimal = NOTHING
    allowance_used: Decimal = NOTHING
    allowance_limit: Decimal = NOTHING
    measures_set: int = 0
    measures_done: int = 0
    measures_overdue: int = 0
    reviews_due: int = 0


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """One township's part."""

    township: Unit
    in_force: int = 0
    taken_in: int = 0
    lifted: int = 0
    leads_raised: int = 0
    grants: int = 0
    aid: Decimal = NOTHING
    measures_overdue: int = 0


@dataclass(frozen=True, slots=True)
class AidLine:
    """人次 and 金额 of what was paid from one fund, in one campaign or of one kind. `code` is how an address names it."""

    code: str
    name: str
    grants: int
    aid: Decimal


def in_force_rows(cut: Cut) -> QuerySet[HardshipFile]:
    """Files in the register on the last day, by the log: approved, and neither lifted nor cleared since."""
    steps = FileStep.objects.filter(file=OuterRef("pk"), action__in=(COMING, *LEAVING), happened_on__lte=cut.last)
    latest = steps.order_by("-seq").values("action")[:1]
    return _files(cut).annotate(came_or_went=Subquery(latest)).filter(came_or_went=COMING)


def category_rows(cut: Cut, category: str) -> QuerySet[HardshipFile]:
    """Those of a category on that day, whatever it is now."""
    return _sorted(in_force_rows(cut), cut).filter(category_then=category)


def step_rows(cut: Cut, step: str) -> QuerySet[FileStep]:
    """Steps of a sort (a key of `STEPS`) taken within the cut. A household lifted twice counts twice."""
    return _within(_of_files(FileStep.objects.all(), cut), cut, "happened_on").filter(STEPS[step])


def raised_rows(cut: Cut) -> QuerySet[Lead]:
    """Leads raised within the cut, whatever became of them."""
    return _within(_leads(cut), cut, "raised_on")


def verified_rows(cut: Cut) -> QuerySet[Lead]:
    """Leads verified within the cut."""
    return _within(_leads(cut), cut, "verified_on")


def confirmed_rows(cut: Cut) -> QuerySet[Lead]:
    """Leads that became a file within the cut."""
    return _within(_leads(cut), cut, "decided_on").filter(state=Lead.State.CONFIRMED)


def pending_rows(cut: Cut) -> QuerySet[Lead]:
    """Leads nobody had decided by the end of the last day."""
    return _leads(cut).filter(_pending(cut))


def paid_rows(cut: Cut) -> QuerySet[Grant]:
    """Grants paid within the cut; one that came back whole is still a grant that was paid."""
    return _within(_of_files(Grant.objects.filter(state=GrantState.PAID), cut), cut, "paid_on")


def ordered_rows(cut: Cut) -> QuerySet[ServiceOrder]:
    """Services ordered within the cut; cancelled ones are none."""
    return _orders(cut).filter(_ordered(cut))


def settled_rows(cut: Cut) -> QuerySet[ServiceOrder]:
    """Services settled within the cut, whenever ordered."""
    return _orders(cut).filter(_settled(cut))


def allowance_rows(cut: Cut) -> QuerySet[Allowance]:
    """The year's allowances of those who ordered something: what is taken and what there is."""
    return _of_files(Allowance.objects.filter(year=cut.last.year), cut)


def set_rows(cut: Cut) -> QuerySet[Measure]:
    """Measures laid down within the cut, whatever became of them."""
    return _measures(cut).filter(_set(cut))


def done_rows(cut: Cut) -> QuerySet[Measure]:
    """Measures completed within the cut."""
    return _measures(cut).filter(_done(cut))


def overdue_rows(cut: Cut) -> QuerySet[Measure]:
    """Measures whose day was over on the last day of the cut and that were still open then."""
    return _measures(cut).filter(_overdue(cut))


def review_rows(cut: Cut) -> QuerySet[HardshipFile]:
    """Files whose yearly review is due or near today: the list 该复核."""
    return due_for_review(_files(cut), clock.today())


def figures(cut: Cut) -> HardshipFigures:
    """Every figure of a cut, in a fixed number of queries however many files."""
    sorts: dict[str, Any] = {"unsorted" if code == "" else code: number for code, number in _by_category(cut).items()}
    steps = {name: Count("pk", filter=condition) for name, condition in STEPS.items()}
    leads = {
        "leads_raised": Count("pk", filter=Q(raised_on__range=_days(cut))),
        "leads_verified": Count("pk", filter=Q(verified_on__range=_days(cut))),
        "leads_confirmed": Count("pk", filter=Q(decided_on__range=_days(cut), state=Lead.State.CONFIRMED)),
        "leads_pending": Count("pk", filter=_pending(cut)),
    }
    orders = {
        "orders": Count("pk", filter=_ordered(cut)),
        "orders_settled": Count("pk", filter=_settled(cut)),
        "services_paid": Sum("held", filter=_settled(cut), default=NOTHING),
    }
    allowances = {f"allowance_{name}": Sum(name, default=NOTHING) for name in ("used", "limit")}
    measures = {
        "measures_set": Count("pk", filter=_set(cut)),
        "measures_done": Count("pk", filter=_done(cut)),
        "measures_overdue": Count("pk", filter=_overdue(cut)),
    }
    return HardshipFigures(
        in_force=sum(sorts.values()),
        **sorts,
        **_within(_of_files(FileStep.objects.all(), cut), cut, "happened_on").order_by().aggregate(**steps),
        **_leads(cut).order_by().aggregate(**leads),
        **paid_rows(cut).order_by().aggregate(grants=Count("pk"), aid=Sum(NET, default=NOTHING)),
        **_orders(cut).order_by().aggregate(**orders),
        **allowance_rows(cut).order_by().aggregate(**allowances),
        **_measures(cut).order_by().aggregate(**measures),
        reviews_due=review_rows(cut).count(),
    )


def by_township(cut: Cut, townships: list[Unit]) -> list[TownshipLine]:
    """The same for every township in the order given, in as many queries however many there are."""
    steps = _within(_of_files(FileStep.objects.all(), cut), cut, "happened_on")
    parts: dict[str, dict[int, Any]] = {
        "in_force": _counts(in_force_rows(cut), "township"),
        "taken_in": _counts(steps.filter(STEPS["taken_in"]), "file__township"),
        "lifted": _counts(steps.filter(STEPS["lifted"]), "file__township"),
        "leads_raised": _counts(raised_rows(cut), "township"),
        "measures_overdue": _counts(overdue_rows(cut), "file__township"),
    }
    paid = paid_sums(paid_rows(cut), "file__township")
    parts["grants"] = {township: number for township, (number, _) in paid.items()}
    parts["aid"] = {township: money for township, (_, money) in paid.items()}
    names = [field.name for field in fields(TownshipLine) if field.name != "township"]
    none = {name: NOTHING if name == "aid" else 0 for name in names}
    return [TownshipLine(unit, **{name: parts[name].get(unit.pk, none[name]) for name in names}) for unit in townships]


def by_fund(cut: Cut) -> list[AidLine]:
    """What was paid within the cut, by fund, the largest first."""
    return _aid_lines(cut, "batch__fund", "batch__fund__name")


def by_campaign(cut: Cut) -> list[AidLine]:
    """What was paid within the cut in the campaigns of the four seasons; grants outside of them are in none."""
    return [line for line in _aid_lines(cut, "batch__campaign", "batch__campaign__name") if line.name]


def paid_sums(grants: QuerySet[Grant], by: str) -> dict[Any, tuple[int, Decimal]]:
    """人次 and 金额 of paid grants by a column."""
    rows = grants.order_by().values_list(by).annotate(times=Count("pk"), net=Sum(NET))
    return {key: (times, net) for key, times, net in rows}


def any_hardship() -> bool:
    """Whether the district keeps hardship files at all: without any, reports say nothing of them."""
    return HardshipFile.objects.exists()


def _aid_lines(cut: Cut, by: str, name: str) -> list[AidLine]:
    rows = paid_rows(cut).order_by().values_list(by, name).annotate(times=Count("pk"), net=Sum(NET))
    lines = [AidLine(str(key), label or "", times, net) for key, label, times, net in rows]
    return sorted(lines, key=lambda line: (-line.aid, line.name))


def _by_category(cut: Cut) -> dict[str, int]:
    return _counts(_sorted(in_force_rows(cut), cut), "category_then")


def _sorted(files: QuerySet[HardshipFile], cut: Cut) -> QuerySet[Any]:
    """With the category as it was decided by the last day; where nothing was decided by then, as it is now."""
    decided = CategoryDecision.objects.filter(file=OuterRef("pk"), decided_on__lte=cut.last).order_by(
        "-decided_on", "-id"
    )
    return files.annotate(category_then=Coalesce(Subquery(decided.values("category")[:1]), F("category")))


def _files(cut: Cut) -> QuerySet[HardshipFile]:
    return _here(HardshipFile.objects.visible_to(cut.scope), cut, "township")


def _of_files(rows: QuerySet, cut: Cut) -> QuerySet:
    return _here(rows.visible_to(cut.scope), cut, "file__township")


def _leads(cut: Cut) -> QuerySet[Lead]:
    return _here(Lead.objects.visible_to(cut.scope), cut, "township")


def _orders(cut: Cut) -> QuerySet[ServiceOrder]:
    return _of_files(ServiceOrder.objects.exclude(state=OrderState.CANCELLED), cut)


def _measures(cut: Cut) -> QuerySet[Measure]:
    return _of_files(Measure.objects.all(), cut)


def _here(rows: QuerySet, cut: Cut, township: str) -> QuerySet:
    return rows if cut.township is None else rows.filter(**{township: cut.township})


def _within(rows: QuerySet, cut: Cut, day: str) -> QuerySet:
    return rows.filter(**{f"{day}__range": _days(cut)})


def _days(cut: Cut) -> tuple[date, date]:
    return cut.first, cut.last


def _pending(cut: Cut) -> Q:
    return Q(raised_on__lte=cut.last) & (Q(decided_on__isnull=True) | Q(decided_on__gt=cut.last))


def _ordered(cut: Cut) -> Q:
    return Q(ordered_at__date__range=_days(cut))


def _settled(cut: Cut) -> Q:
    return Q(settled_on__range=_days(cut))


def _set(cut: Cut) -> Q:
    return Q(created_at__date__range=_days(cut))


def _done(cut: Cut) -> Q:
    return Q(state=Measure.State.DONE, ended_on__range=_days(cut))


def _overdue(cut: Cut) -> Q:
    there = Q(created_at__date__lte=cut.last, due_on__lt=cut.last)
    return there & (Q(ended_on__isnull=True) | Q(ended_on__gt=cut.last))


def _counts(rows: QuerySet, by: str) -> dict[Any, int]:
    return dict(rows.order_by().values_list(by).annotate(n=Count("pk")))
