"""Pages of grants: batches from preparation to the bank and back, one grant, caps shown beside each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from hardship.forms.money import (
    BatchForm,
    PlainForm,
    ReasonForm,
    ResultForm,
)
from hardship.models import GrantBatch
from hardship.money_selectors import batches_whole, grant_sums, grants_of
from hardship.money_workflow import (
    BATCH_LABELS,
    BATCH_STEPS,
    BATCH_WAY,
    BatchState,
    find_step,
    way,
)
from hardship.services.bank import bank_result_read
from hardship.services.batches import (
    batch_approve,
    batch_cancel,
    batch_check,
    batch_create,
    batch_return,
    batch_submit,
    may_part,
)
from hardship.services.campaigns import batch_fill
from hardship.views.files import PersonalPage
from hardship.views.funds import may
from unionportal.core.common import clock
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.views import get_or_404

ORDER = ("-prepared_at", "-id")
TONES: dict[str, str] = {
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


def own(batch: GrantBatch, scope: Any) -> bool:
    return batch.prepared_by_id == scope.user_id and allowed(scope, "batch.prepare")


def own_draft(batch: GrantBatch, scope: Any) -> bool:
    return batch.state == BatchState.DRAFT and own(batch, scope)


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
            "rows": [(batch, TONES[batch.state]) for batch in page.items],
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
            own,
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
            "tone": TONES[subject.state],
            "way": way(BATCH_WAY, subject.state) if subject.state != BatchState.CANCELLED else [],
            "rows": [(row, GRANT_TONES[row.grant.state]) for row in grants_of(subject, request.scope, clock.today())],
            "sums": grant_sums(subject.grants.all()),
            "log": [(STEP_WORDS[step.action], step) for step in subject.steps.select_related("actor").order_by("-id")],
            "entries": subject.entries.select_related("made_by", "reversed_by").order_by("id"),
            "returns": subject.returns.select_related("read_by"),
            "may_add": own_draft(subject, request.scope),
            "may_sheet": _now("send")(subject) and may_part(subject, "send", request.scope),
        }
