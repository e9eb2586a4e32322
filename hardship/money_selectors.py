"""Reads for the pages of money and services."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from hardship import codes
from hardship.figures import NOTHING, paid_rows, paid_sums, settled_rows
from hardship.models import (
    Allowance,
    Campaign,
    CampaignTarget,
    CapUse,
    FileMember,
    Fund,
    Grant,
    GrantBatch,
    GrantCap,
    HardshipFile,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    ServiceOrder,
)
from hardship.money_workflow import AID_KIND_LABELS, OPEN_ORDERS, GrantState
from hardship.personal import name_shown, seen_by
from hardship.services.caps import Caps
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.cuts import Cut
from unionportal.core.params.values import value


@dataclass(slots=True)
class FundRow:
    """A fund with its budget and its four balances; what came in is counted up."""

    fund: Fund
    budget: Decimal = NOTHING
    allotted: Decimal = NOTHING
    available: Decimal = NOTHING
    reserved: Decimal = NOTHING
    spent: Decimal = NOTHING

    @property
    def carried_out(self) -> dict[str, Decimal]:
        """预算执行率: spent of the budget."""
        return {"numerator": self.spent, "denominator": self.budget}


def fund_rows(funds: QuerySet[Fund]) -> list[FundRow]:
    """Each fund with its balances."""
    rows = []
    for fund in funds.prefetch_related("accounts"):
        kinds = {account.kind: account.balance for account in fund.accounts.all()}
        rows.append(FundRow(fund, fund.budget, -kinds["source"], kinds["available"], kinds["reserved"], kinds["spent"]))
    return rows


def totals_of(rows: Iterable[FundRow]) -> FundRow:
    """The sum of several funds."""
    total = FundRow(Fund(name="合计"))
    for row in rows:
        total.budget += row.budget
        total.allotted += row.allotted
        total.available += row.available
        total.reserved += row.reserved
        total.spent += row.spent
    return total


def entries_whole(scope: Scope) -> QuerySet[LedgerEntry]:
    """Entries with what lists and pages show."""
    return LedgerEntry.objects.visible_to(scope).select_related(
        "fund", "batch", "made_by", "reverses", "reversed_by", "reason"
    )


def account_lines(account: LedgerAccount) -> QuerySet[LedgerLine]:
    """The lines behind a balance."""
    return account.lines.select_related("entry__batch", "entry__made_by", "grant__file", "grant__batch", "order__file")


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as a list shows it: its person by name only to those who work with the file."""

    grant: Grant
    name: str
    used: Decimal = NOTHING
    cap: GrantCap | None = None
    earlier_cap: GrantCap | None = None
    problem: str = ""


def grants_of(batch: GrantBatch, scope: Scope, today: date) -> list[GrantRow]:
    """The rows of a batch; while it waits for approval with what the household has had of the year's cap, and from when that cap holds."""
    grants = list(batch.grants.select_related("file", "member", "receipt").order_by("seq"))
    for grant in grants:
        grant.batch = batch
    sight = seen_by(scope, (grant.file for grant in grants))
    year = batch.approved_at.year if batch.approved_at else today.year
    caps, began = Caps(batch.kind, today), Caps(batch.kind, date(today.year, 1, 1))
    used = dict(
        CapUse.objects.filter(kind=batch.kind, year=year, file__in=[grant.file_id for grant in grants]).values_list(
            "file_id", "used"
        )
    )
    waiting = batch.approved_at is None
    asked: dict[int, Decimal] = {}
    rows = []
    for grant in grants:
        category, problem = grant.file.category, ""
        if waiting and grant.state == GrantState.PLANNED:
            asked[grant.file_id] = asked.get(grant.file_id, NOTHING) + grant.amount
            problem = caps.once_problem(category, grant.amount) or caps.year_problem(
                category, used.get(grant.file_id, NOTHING), asked[grant.file_id]
            )
        cap, earlier = caps.of(category), began.of(category)
        rows.append(
            GrantRow(
                grant,
                name_shown(grant.member, personal=sight.reaches(grant.file)),
                used.get(grant.file_id, NOTHING),
                cap,
                earlier if earlier != cap else None,
                problem,
            )
        )
    return rows


def grant_sums(grants: QuerySet[Grant]) -> dict[str, Any]:
    """People-times and money of grants: paid, given back, under way."""
    paid = Q(state=GrantState.PAID)
    found = grants.aggregate(
        times=Count("pk", filter=paid),
        paid=Sum("amount", filter=paid),
        repaid=Sum("repaid", filter=paid),
        households=Count("file", filter=paid, distinct=True),
        waiting=Sum("amount", filter=Q(state=GrantState.APPROVED)),
    )
    sums = {name: number or 0 for name, number in found.items()}
    return sums | {"net": sums["paid"] - sums["repaid"]}


def batches_whole(scope: Scope) -> QuerySet[GrantBatch]:
    """Batches with what lists show: how many, how much."""
    stands = ~Q(grants__state=GrantState.WITHDRAWN)
    return (
        GrantBatch.objects.visible_to(scope)
        .select_related("fund", "campaign", "prepared_by", "checked_by", "approved_by")
        .annotate(count=Count("grants", filter=stands), total=Sum("grants__amount", filter=stands))
    )


@dataclass(slots=True)
class Candidate:
    """A household that may be put on a batch or a list."""

    file: HardshipFile
    people: list[tuple[FileMember, str]] = field(default_factory=list)
    used: Decimal = NOTHING


def candidates(
    scope: Scope, *, kind: str, year: int, category: str = "", township: str = "", children: bool = False
) -> list[Candidate]:
    """Files in force within the person's reach, with holder (or, for schooling, the children) and what they had of the kind this year."""
    files = HardshipFile.objects.personal_to(scope).filter(state="in_force").select_related("township")
    if category:
        files = files.filter(category=category)
    if township:
        files = files.filter(township__code=township)
    found = {file.pk: Candidate(file) for file in files.order_by("code")[:500]}
    members = FileMember.objects.present().filter(file__in=found)
    members = members.exclude(enrolled_year=None) if children else members.filter(relation=codes.HOLDER)
    for member in members.order_by("file", "relation", "id"):
        found[member.file_id].people.append((member, name_shown(member, personal=True)))
    for file_id, used in CapUse.objects.filter(file__in=found, kind=kind, year=year).values_list("file_id", "used"):
        found[file_id].used = used
    shown = [each for each in found.values() if each.people]
    seen_by(scope, (each.file for each in shown))
    return shown


def campaign_rows(campaigns: QuerySet[Campaign]) -> list[dict[str, Any]]:
    """Campaigns with how many they mean to reach, and 人次 and 金额 of what was paid."""
    listed = list(campaigns.annotate(wanted=Count("targets")))
    sums = paid_sums(Grant.objects.filter(batch__campaign__in=listed, state=GrantState.PAID), "batch__campaign")
    rows = []
    for campaign in listed:
        times, net = sums.get(campaign.pk, (0, NOTHING))
        rows.append({"campaign": campaign, "wanted": campaign.wanted, "times": times, "net": net})
    return rows


def grants_by_kind(scope: Scope, year: int) -> list[tuple[str, int, Decimal]]:
    """人次 and 金额 of a year's paid grants by kind, within the person's reach."""
    found = paid_sums(paid_rows(_year(scope, year)), "batch__kind")
    return [(label, *found.get(kind, (0, NOTHING))) for kind, label in AID_KIND_LABELS.items()]


def allowance_of(file: HardshipFile, on: date) -> dict[str, Decimal]:
    """The worker's allowance of the year: the whole, what is taken, what is left."""
    limit = Decimal(value("hardship.service_allowance", on=on))
    used = Allowance.objects.filter(file=file, year=on.year).values_list("used", flat=True).first() or NOTHING
    return {"limit": limit, "used": used, "left": max(limit - used, NOTHING)}


def holder_names(files: Iterable[HardshipFile], scope: Scope) -> dict[int, str]:
    """File -> its holder's name as the reader may see it, for a whole list at once."""
    listed = {file.pk: file for file in files}
    sight = seen_by(scope, listed.values())
    holders = FileMember.objects.filter(file__in=listed, relation=codes.HOLDER)
    return {h.file_id: name_shown(h, personal=sight.reaches(listed[h.file_id])) for h in holders}


def service_figures(scope: Scope, year: int) -> dict[str, Any]:
    """A year of services: people, orders, money settled within it; and what is open of the year's allowances."""
    settled = settled_rows(_year(scope, year)).order_by()
    open_orders = ServiceOrder.objects.visible_to(scope).filter(year=year, state__in=OPEN_ORDERS)
    return settled.aggregate(
        people=Count("file", distinct=True),
        orders=Count("pk"),
        kinds=Count("service", distinct=True),
        money=Sum("held", default=NOTHING),
    ) | {"open": open_orders.count()}


def target_names(scope: Scope, targets: Iterable[CampaignTarget]) -> dict[int, str]:
    """Target -> its person's name as the reader may see it."""
    targets = list(targets)
    sight = seen_by(scope, (each.file for each in targets))
    return {each.pk: name_shown(each.member, personal=sight.reaches(each.file)) for each in targets}


def _year(scope: Scope, year: int) -> Cut:
    return Cut(scope, date(year, 1, 1), date(year, 12, 31))
