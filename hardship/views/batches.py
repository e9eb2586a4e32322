"""Pages of grants: batches from preparation to the bank and back, one grant, caps shown beside each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from casework.views.acts import Act, ActsView, sent_version
from hardship.forms.money import (
    AmountForm,
    BatchForm,
    PickFilter,
    PickForm,
    PlainForm,
    ReasonForm,
    ReceiptForm,
    RepayForm,
    ResultForm,
    SheetForm,
)
from hardship.models import Grant, GrantBatch
from hardship.money_selectors import batches_whole, candidates, grant_sums, grants_of
from hardship.money_workflow import (
    BATCH_LABELS,
    BATCH_STEPS,
    BATCH_WAY,
    AidKind,
    BatchState,
    GrantState,
    find_step,
    way,
)
from hardship.personal import name_shown, sight_of
from hardship.services.bank import bank_result_read, bank_sheet
from hardship.services.batch_grants import Wanted, grant_change, grant_withdraw, grants_add
from hardship.services.batches import (
    batch_approve,
    batch_cancel,
    batch_check,
    batch_create,
    batch_return,
    batch_submit,
    may_part,
    total_of,
)
from hardship.services.campaigns import batch_fill
from hardship.services.receipts import grant_repay, receipt_add
from hardship.views.files import PersonalPage
from hardship.views.funds import may
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition, StaleVersion
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.tables import XLSX_TYPE
from unionportal.core.common.views import PageView, add_errors, get_or_404

ORDER = ("-prepared_at", "-id")
TONES = {
    BatchState.DRAFT: "idle",
    BatchState.SUBMITTED: "warn",
    BatchState.CHECKED: "warn",
    BatchState.APPROVED: "link",
    BatchState.SENT: "link",
    BatchState.SETTLED: "ok",
    BatchState.CANCELLED: "idle",
}
GRANT_TONES = {"planned": "idle", "approved": "link", "paid": "ok", "failed": "late", "withdrawn": "idle"}
STEP_WORDS = {
    "create": "编制",
    "submit": "提交复核",
    "check": "复核通过",
    "return": "退回修改",
    "approve": "审批通过",
    "send": "生成银行表",
    "result": "读入回盘",
    "settle": "办结",
    "cancel": "作废",
}


def _part(action: str) -> Any:
    """An act's `who`: whoever has that part in the batch."""
    return lambda batch, scope: may_part(batch, action, scope)


def _now(action: str) -> Any:
    """An act's `when`: the table of steps."""
    return lambda batch: find_step(BATCH_STEPS, action, batch.state) is not None


def _own(batch: GrantBatch, scope: Any) -> bool:
    return batch.prepared_by_id == scope.user_id and allowed(scope, "batch.prepare")


def _own_draft(batch: GrantBatch, scope: Any) -> bool:
    return batch.state == BatchState.DRAFT and _own(batch, scope)


class BatchListView(ActsView):
    """/hardship/money/batches/: newest first, by state."""

    action = "batch.view"
    template_name = "hardship/money/batches.html"
    acts = (
        Act(
            "new",
            "编制发放批次",
            "plus",
            BatchForm,
            lambda s, actor, version, given: batch_create(actor=actor, **given),
            may("batch.prepare"),
            submit="开始编制",
            done="已开始编制，请加入发放对象。",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: Any) -> str:
        return reverse("batch-list")

    def after(self, request: HttpRequest, subject: Any, act: Act, result: Any) -> HttpResponse:
        return redirect("batch", code=result.code)

    def context(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        rows, state = batches_whole(request.scope), request.GET.get("state", "")
        if state in BATCH_LABELS:
            rows = rows.filter(state=state)
        page = keyset_page(rows, request, order=ORDER)
        return {
            "page": page,
            "rows": [(batch, TONES[BatchState(batch.state)]) for batch in page.items],
            "state": state,
            "states": [("", "全部"), *BATCH_LABELS.items()],
        }


class BatchView(ActsView, PersonalPage):
    """One batch: its way, its people, what the bank said."""

    action = "batch.view"
    template_name = "hardship/money/batch.html"
    acts = (
        Act(
            "cancel",
            "作废",
            "trash",
            PlainForm,
            lambda b, actor, version, given: batch_cancel(code=b.code, actor=actor, version=version),
            _part("cancel"),
            _now("cancel"),
            words="作废后不能恢复，记录保留。",
            danger=True,
        ),
        Act(
            "fill",
            "带入活动名单",
            "users",
            PlainForm,
            lambda b, actor, version, given: batch_fill(code=b.code, actor=actor, version=version),
            _own,
            lambda b: b.state == BatchState.DRAFT and b.campaign_id is not None,
            words="把四季帮扶名单上还没有发放的人全部加入这个批次。",
            done="已带入名单。",
        ),
        Act(
            "return",
            "退回修改",
            "back",
            ReasonForm,
            lambda b, actor, version, given: batch_return(code=b.code, actor=actor, version=version, **given),
            _part("return"),
            _now("return"),
        ),
        Act(
            "submit",
            "提交复核",
            "send",
            PlainForm,
            lambda b, actor, version, given: batch_submit(code=b.code, actor=actor, version=version),
            _part("submit"),
            _now("submit"),
            words="提交后不能再改，由另一位同事复核。",
            done="已提交复核。",
            primary=True,
        ),
        Act(
            "check",
            "复核通过",
            "check",
            PlainForm,
            lambda b, actor, version, given: batch_check(code=b.code, actor=actor, version=version),
            _part("check"),
            _now("check"),
            words="请已核对人员、金额和账号。",
            done="已复核通过。",
            primary=True,
        ),
        Act(
            "approve",
            "审批通过",
            "check-circle",
            PlainForm,
            lambda b, actor, version, given: batch_approve(code=b.code, actor=actor, version=version),
            _part("approve"),
            _now("approve"),
            words="审批后从资金中预留这笔钱，并计入各户的年度上限。",
            done="已审批通过，可以生成银行表。",
            primary=True,
        ),
        Act(
            "result",
            "读入银行回盘",
            "upload",
            ResultForm,
            lambda b, actor, version, given: bank_result_read(
                code=b.code, upload=given["file"], actor=actor, version=version
            ),
            _part("result"),
            _now("result"),
            submit="读入",
            done="已读入回盘。",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> GrantBatch:
        return get_or_404(batches_whole(request.scope), code=where["code"])

    def address(self, subject: GrantBatch) -> str:
        return reverse("batch", args=[subject.code])

    def context(self, request: HttpRequest, subject: GrantBatch) -> dict[str, Any]:
        return {
            "batch": subject,
            "tone": TONES[BatchState(subject.state)],
            "way": way(BATCH_WAY, subject.state) if subject.state != BatchState.CANCELLED else [],
            "rows": [(row, GRANT_TONES[row.grant.state]) for row in grants_of(subject, request.scope, clock.today())],
            "sums": grant_sums(subject.grants),
            "log": [(STEP_WORDS[step.action], step) for step in subject.steps.select_related("actor").order_by("-id")],
            "entries": subject.entries.select_related("made_by").order_by("id"),
            "returns": subject.returns.select_related("read_by"),
            "may_add": _own_draft(subject, request.scope),
            "may_sheet": _now("send")(subject) and may_part(subject, "send", request.scope),
        }


class BatchAddView(PersonalPage):
    """Whom to put on a batch: files in force, ticked, with one amount."""

    action = "batch.prepare"
    template_name = "hardship/money/pick.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.show(request, self.batch(request, code), PickForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        batch, form = self.batch(request, code), PickForm(request.POST)
        chosen = request.POST.getlist("person")
        if form.is_valid():
            try:
                wanted = wanted_of(chosen, form.cleaned_data["amount"])
                grants_add(code=batch.code, wanted=wanted, actor=request.scope, version=sent_version(request))
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已加入 {len(chosen)} 人。")
                return redirect("batch", code=batch.code)
        return self.show(request, batch, form, chosen, 422)

    def batch(self, request: HttpRequest, code: str) -> GrantBatch:
        batch = get_or_404(batches_whole(request.scope), code=code)
        if not _own_draft(batch, request.scope):
            raise InvalidTransition("只有编制人可以在提交之前加入发放对象。")
        return batch

    def show(
        self, request: HttpRequest, batch: GrantBatch, form: PickForm, chosen: Any = (), status: int = 200
    ) -> HttpResponse:
        context = {
            "title": "加入发放对象",
            "sub": f"{batch.code} {batch.title} · {batch.get_kind_display()}",
            "back": reverse("batch", args=[batch.code]),
            "version": batch.version,
        }
        return self.page(context | picking(request, batch.kind, form, chosen), status=status)


def wanted_of(chosen: list[str], amount: Any) -> list[Wanted]:
    """Ticks `KN-2024-0001:17` (file, member) with the amount."""
    pairs = [each.partition(":") for each in chosen]
    if any(not member.isdigit() for _, _, member in pairs):
        raise FieldErrors({"files": "请重新选择。"})
    return [Wanted(file, amount, int(member)) for file, _, member in pairs]


def picking(request: HttpRequest, kind: str, form: PickForm, chosen: Any) -> dict[str, Any]:
    """What the page of ticks shows: the filters, the households, who is ticked."""
    filters = PickFilter(request.GET)
    filters.is_valid()
    wanted = filters.cleaned_data
    township = wanted.get("township")
    rows = candidates(
        request.scope,
        kind=kind,
        year=clock.today().year,
        category=wanted.get("category") or "",
        township=township.code if township else "",
        children=kind == AidKind.SCHOOLING,
    )
    members = {int(member) for _, _, member in (each.partition(":") for each in chosen) if member.isdigit()}
    return {"filters": filters, "rows": rows, "form": form, "chosen": members}


class BatchSheetView(PageView):
    """The bank sheet: the only place besides the file where account numbers come out, behind a password."""

    action = "batch.sheet"
    template_name = "hardship/money/sheet.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.show(self.batch(request, code), SheetForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        batch, form = self.batch(request, code), SheetForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                content = bank_sheet(
                    code=code,
                    password=form.cleaned_data["password"],
                    actor=request.scope,
                    version=sent_version(request),
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if isinstance(error, InvalidTransition | StaleVersion) else 422
            else:
                return _download(f"银行发放表-{batch.code}.xlsx", content)
        return self.show(self.batch(request, code), form, status)

    def batch(self, request: HttpRequest, code: str) -> GrantBatch:
        return get_or_404(batches_whole(request.scope), code=code)

    def show(self, batch: GrantBatch, form: SheetForm, status: int = 200) -> HttpResponse:
        ready = batch.state in (BatchState.APPROVED, BatchState.SENT)
        return self.page({"batch": batch, "form": form, "total": total_of(batch), "ready": ready}, status=status)


def _download(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "private, no-store"
    return response


class GrantView(ActsView, PersonalPage):
    """One grant: its amount while it is prepared; afterwards its receipt and what came back; its lines."""

    action = "batch.view"
    template_name = "hardship/money/grant.html"
    acts = (
        Act(
            "withdraw",
            "撤下",
            "minus",
            PlainForm,
            lambda g, actor, version, given: grant_withdraw(code=g.batch.code, seq=g.seq, actor=actor, version=version),
            may("batch.prepare"),
            lambda g: (
                g.state in (GrantState.PLANNED, GrantState.APPROVED)
                and g.batch.state in (BatchState.DRAFT, BatchState.APPROVED)
            ),
            words="撤下后不再发放；已经审批的，预留的钱退回资金。",
            danger=True,
        ),
        Act(
            "amount",
            "改金额",
            "edit",
            AmountForm,
            lambda g, actor, version, given: grant_change(
                code=g.batch.code, seq=g.seq, actor=actor, version=version, **given
            ),
            lambda g, scope: _own(g.batch, scope),
            lambda g: g.state == GrantState.PLANNED and g.batch.state == BatchState.DRAFT,
            done="已修改。",
            submit="保存",
        ),
        Act(
            "repay",
            "登记退款",
            "redo",
            RepayForm,
            lambda g, actor, version, given: grant_repay(code=g.batch.code, seq=g.seq, actor=actor, **given),
            may("batch.prepare"),
            lambda g: g.state == GrantState.PAID and g.repaid < g.amount,
        ),
        Act(
            "receipt",
            "登记签收",
            "check",
            ReceiptForm,
            lambda g, actor, version, given: receipt_add(code=g.batch.code, seq=g.seq, actor=actor, **given),
            may("batch.prepare"),
            lambda g: g.state == GrantState.PAID and not hasattr(g, "receipt"),
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> Grant:
        batch = get_or_404(batches_whole(request.scope), code=where["code"])
        grant = get_or_404(batch.grants.select_related("file", "member", "receipt"), seq=where["seq"])
        grant.batch, grant.version = batch, batch.version
        return grant

    def address(self, subject: Grant) -> str:
        return reverse("grant", args=[subject.batch.code, subject.seq])

    def context(self, request: HttpRequest, subject: Grant) -> dict[str, Any]:
        personal = sight_of(request.scope).reaches(subject.file)
        lines = subject.lines.select_related("entry", "account").order_by("id")
        return {
            "grant": subject,
            "tone": GRANT_TONES[subject.state],
            "name": name_shown(subject.member, personal=personal),
            "lines": [line for line in lines if line.amount > 0],
            "repayments": subject.repayments.select_related("entry"),
        }
