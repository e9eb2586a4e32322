"""Pages of the money: funds with their balances, the ledger behind every figure, caps."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from hardship import codes
from hardship.forms.money import BudgetForm, CapForm, FundForm, MoveMoneyForm, PlainForm, ReverseForm
from hardship.models import Fund, GrantCap, LedgerAccount, LedgerEntry
from hardship.money_selectors import account_lines, entries_whole, fund_rows, grants_by_kind, totals_of
from hardship.services.caps import cap_set
from hardship.services.funds import (
    REVERSIBLE,
    entry_reverse,
    fund_allot,
    fund_budget,
    fund_close,
    fund_create,
    fund_reopen,
    fund_take_back,
)
from unionportal.core.common import clock
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.views import PageView, get_or_404

ORDER = ("-id",)


def may(action: str) -> Any:
    """An act's `who`: whoever the policy lets."""
    return lambda subject, scope: allowed(scope, action)


def _open(fund: Fund) -> bool:
    return fund.state == Fund.State.OPEN


class FundListView(ActsView):
    """/hardship/money/: every fund with its balances, and what was granted this year by kind."""

    action = "fund.view"
    template_name = "hardship/money/funds.html"
    acts = (
        Act(
            "new",
            "登记资金",
            "plus",
            FundForm,
            lambda s, actor, version, given: fund_create(actor=actor, **given),
            may("fund.manage"),
            submit="登记",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: Any) -> str:
        return reverse("fund-list")

    def after(self, request: HttpRequest, subject: Any, act: Act, result: Any) -> HttpResponse:
        return redirect("fund", fund_id=result.pk)

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        rows = fund_rows(Fund.objects.visible_to(request.scope))
        year = clock.today().year
        return {
            "rows": rows,
            "total": totals_of(rows),
            "year": year,
            "kinds": grants_by_kind(request.scope, year),
        }


class FundView(ActsView):
    """One fund: its four balances, each with its lines, and its entries."""

    action = "fund.view"
    template_name = "hardship/money/fund.html"
    acts = (
        Act(
            "allot",
            "登记拨入",
            "plus",
            MoveMoneyForm,
            lambda f, actor, version, given: fund_allot(fund_id=f.pk, actor=actor, **given),
            may("fund.manage"),
            _open,
            primary=True,
        ),
        Act(
            "budget",
            "调整预算",
            "edit",
            BudgetForm,
            lambda f, actor, version, given: fund_budget(fund_id=f.pk, actor=actor, version=version, **given),
            may("fund.manage"),
            _open,
            done="已调整预算。",
            submit="保存",
        ),
        Act(
            "take_back",
            "收回",
            "minus",
            MoveMoneyForm,
            lambda f, actor, version, given: fund_take_back(fund_id=f.pk, actor=actor, **given),
            may("fund.manage"),
            _open,
            words="只能收回可用的部分；已批待付的不能收回。",
        ),
        Act(
            "close",
            "结束资金",
            "lock",
            PlainForm,
            lambda f, actor, version, given: fund_close(fund_id=f.pk, actor=actor, version=version),
            may("fund.manage"),
            _open,
            words="结束后不能再记账，余下的可用资金同时收回。还有未办结的发放时不能结束。",
            danger=True,
        ),
        Act(
            "reopen",
            "重新启用",
            "play",
            PlainForm,
            lambda f, actor, version, given: fund_reopen(fund_id=f.pk, actor=actor, version=version),
            may("fund.manage"),
            lambda f: not _open(f),
            words="如有已发放的款项退回，需要重新启用后登记。",
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> Fund:
        return get_or_404(Fund.objects.visible_to(request.scope), pk=where["fund_id"])

    def address(self, subject: Fund) -> str:
        return reverse("fund", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Fund) -> dict[str, Any]:
        row = fund_rows(Fund.objects.filter(pk=subject.pk))[0]
        page = keyset_page(entries_whole(request.scope).filter(fund=subject), request, order=ORDER, size=30)
        return {"fund": subject, "row": row, "page": page}


class AccountView(PageView):
    """The lines behind one balance of a fund."""

    action = "fund.view"
    template_name = "hardship/money/account.html"

    def get(self, request: HttpRequest, fund_id: Any, kind: str) -> HttpResponse:
        fund = get_or_404(Fund.objects.visible_to(request.scope), pk=fund_id)
        account = get_or_404(LedgerAccount.objects.filter(fund=fund), kind=kind)
        page = keyset_page(account_lines(account), request, order=ORDER)
        # What came in counts up on its page, though it stands on the credit side.
        sign = -1 if account.kind == LedgerAccount.Kind.SOURCE else 1
        rows = [(line, *_sides(sign * line.amount)) for line in page.items]
        return self.page(
            {"fund": fund, "account": account, "page": page, "balance": abs(account.balance), "rows": rows}
        )


def _sides(amount: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """An amount in the first column where it is above zero, else in the second."""
    return (amount, None) if amount > 0 else (None, -amount)


class EntryView(ActsView):
    """One entry with its lines; where it was wrong, its reversal."""

    action = "fund.view"
    template_name = "hardship/money/entry.html"
    acts = (
        Act(
            "reverse",
            "冲正",
            "redo",
            ReverseForm,
            lambda e, actor, version, given: entry_reverse(entry_id=e.pk, actor=actor, **given),
            lambda e, scope: allowed(scope, "ledger.reverse") and e.made_by_id != scope.user_id,
            lambda e: e.kind in REVERSIBLE and not LedgerEntry.objects.filter(reverses=e).exists(),
            words="账目不能删除或修改。冲正会记一张相反的凭证，两张都保留。",
            danger=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> LedgerEntry:
        return get_or_404(entries_whole(request.scope), pk=where["entry_id"])

    def address(self, subject: LedgerEntry) -> str:
        return reverse("ledger-entry", args=[subject.pk])

    def context(self, request: HttpRequest, subject: LedgerEntry) -> dict[str, Any]:
        lines = subject.lines.select_related("account", "grant__file", "grant__batch", "order__file").order_by("id")
        return {
            "entry": subject,
            "lines": [(line, *_sides(line.amount)) for line in lines],
            "reversal": LedgerEntry.objects.filter(reverses=subject).first(),
            "reason": getattr(subject, "reason", None),
        }


class CapsView(ActsView):
    """/hardship/money/caps/: what a household may get, by kind and category, from which day on."""

    action = "batch.view"
    template_name = "hardship/money/caps.html"
    acts = (
        Act(
            "set",
            "设置上限",
            "edit",
            CapForm,
            lambda s, actor, version, given: cap_set(actor=actor, **given),
            may("grant_cap.manage"),
            words="从生效日起对全年累计执行；之前已经批准的不变，并计入累计。",
            done="已设置。",
            submit="保存",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: Any) -> str:
        return reverse("grant-caps")

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        today, names = clock.today(), dict(codes.CATEGORIES)
        rows, seen = [], set()
        for cap in GrantCap.objects.order_by("kind", "category", "-effective_on"):
            current = cap.effective_on <= today and (cap.kind, cap.category) not in seen
            if current:
                seen.add((cap.kind, cap.category))
            standing = "coming" if cap.effective_on > today else "current" if current else "past"
            rows.append((cap, names.get(cap.category, "全部类别"), standing))
        return {"rows": rows}
