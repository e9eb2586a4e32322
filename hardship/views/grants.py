"""Pages around a batch: whom to put on it, its bank sheet, one grant with its receipt and repayments."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from casework.views.acts import Act, ActsView, sent_version
from hardship.forms.money import AmountForm, PickFilter, PickForm, PlainForm, ReceiptForm, RepayForm, SheetForm
from hardship.models import Grant, GrantBatch
from hardship.money_selectors import batches_whole, candidates
from hardship.money_workflow import AidKind, BatchState, GrantState
from hardship.personal import name_shown, seen_by
from hardship.services.bank import bank_sheet
from hardship.services.batch_grants import Wanted, grant_change, grant_withdraw, grants_add
from hardship.services.receipts import grant_repay, receipt_add, receipt_open
from hardship.views.batches import GRANT_TONES, own, own_draft
from hardship.views.files import PersonalPage
from hardship.views.funds import may
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition, StaleVersion
from unionportal.core.common.tables import XLSX_TYPE
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response


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
        if not own_draft(batch, request.scope):
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
        return self.page({"batch": batch, "form": form, "total": batch.total or 0, "ready": ready}, status=status)


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
            lambda g, scope: own(g.batch, scope),
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
        grant.batch = batch
        return grant

    def address(self, subject: Grant) -> str:
        return reverse("grant", args=[subject.batch.code, subject.seq])

    def context(self, request: HttpRequest, subject: Grant) -> dict[str, Any]:
        personal = seen_by(request.scope, [subject.file]).reaches(subject.file)
        lines = subject.lines.select_related("entry", "account").order_by("id")
        return {
            "grant": subject,
            "tone": GRANT_TONES[subject.state],
            "name": name_shown(subject.member, personal=personal),
            "lines": [line for line in lines if line.amount > 0],
            "repayments": subject.repayments.select_related("entry__reversed_by"),
        }


class ReceiptView(PersonalPage):
    """The scan of a receipt; the look is written down."""

    action = "hardship.reveal"

    def get(self, request: HttpRequest, code: str, seq: int) -> FileResponse:
        return attachment_response(receipt_open(code=code, seq=seq, actor=request.scope))
