"""Pages of the supervision papers (一函两书): list, drafting, one paper, its Word file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.clocks import workdays_left
from casework.forms.papers import (
    AnswerForm,
    EndForm,
    HandOverForm,
    NewPaperForm,
    PaperForm,
    ServeForm,
    SignForm,
)
from casework.models import Issue, Paper, PaperKind
from casework.papers_word import paper_word
from casework.selectors import issue_detail
from casework.services.paper_rules import (
    answer_due,
    awaits_answer,
    lacks_signer,
    lacks_supervisors,
    may_go_on,
    referral_trigger,
    signer_of,
)
from casework.services.papers import (
    paper_answered,
    paper_draft,
    paper_edit,
    paper_end,
    paper_hand_over,
    paper_serve,
    paper_sign,
)
from casework.views.acts import Act, ActsView
from unionportal.core.audit.services import record
from unionportal.core.common import clock, formats
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import DomainError, InvalidTransition, NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404

ORDER = ("-drafted_at", "-id")
NO_GROUND = "现在不能提建议书：这条诉求没有已送达而被拒绝、逾期未答复或未改正的意见书，或者已经提过建议书。"
TONES = {"draft": "idle", "signed": "link", "served": "warn", "ended": "ok"}


def _manages(subject: Any, scope: Scope) -> bool:
    return allowed(scope, "paper.manage")


def _in(*states: str) -> Any:
    return lambda paper: paper.state in states


PAPER_ACTS = (
    Act(
        "edit",
        "修改",
        "edit",
        PaperForm,
        lambda p, actor, version, given: paper_edit(
            paper_id=p.pk, actor=actor, version=version, **{"material": "", **given}
        ),
        _manages,
        _in("draft"),
        done="已保存。",
        submit="保存",
    ),
    Act(
        "sign",
        "签发",
        "flag",
        SignForm,
        lambda p, actor, version, given: paper_sign(paper_id=p.pk, actor=actor, version=version),
        lambda p, scope: allowed(scope, "paper.sign") and signer_of(scope, clock.today()) is not None,
        _in("draft"),
        words="签发后编号，内容不能再改。请先看过全文。",
        done="已签发。",
        primary=True,
    ),
    Act(
        "serve",
        "登记送达",
        "send",
        ServeForm,
        lambda p, actor, version, given: paper_serve(paper_id=p.pk, actor=actor, version=version, **given),
        _manages,
        _in("signed"),
        words="意见书的答复期限从送达次日起算。",
        done="已登记送达。",
        primary=True,
    ),
    Act(
        "answer",
        "登记答复",
        "reply",
        AnswerForm,
        lambda p, actor, version, given: paper_answered(paper_id=p.pk, actor=actor, version=version, **given),
        _manages,
        lambda p: p.state == "served" and p.answered_on is None,
        done="已登记答复。",
    ),
    Act(
        "end",
        "登记结果",
        "check-circle",
        EndForm,
        lambda p, actor, version, given: paper_end(paper_id=p.pk, actor=actor, version=version, **given),
        _manages,
        _in("served"),
        done="已登记结果。",
        primary=True,
    ),
    Act(
        "hand-over",
        "移送检察院",
        "send",
        HandOverForm,
        lambda p, actor, version, given: paper_hand_over(paper_id=p.pk, actor=actor, version=version, **given),
        _manages,
        may_go_on,
        words="劳动保障行政部门没有处理到位的，可以商请检察机关监督。材料线下移送，这里只作登记。",
        done="已登记移送。",
        submit="登记移送",
    ),
)


def paper_look(paper: Paper) -> dict[str, str]:
    """The state as a chip; a served demand says how its answer stands."""
    if paper.state == Paper.State.SERVED and paper.answered_on is not None:
        return {"label": "已拒绝" if paper.refused else "已答复", "tone": "late" if paper.refused else "link"}
    if paper.state == Paper.State.SERVED and paper.answer_due_on is not None:
        left = workdays_left(paper.answer_due_on, clock.today())
        return {"label": f"待答复，{formats.due_words(left)}", "tone": formats.due_tone(left)}
    if paper.state == Paper.State.ENDED:
        return {"label": paper.get_result_display(), "tone": "ok" if paper.result == "corrected" else "warn"}
    return {"label": paper.get_state_display(), "tone": TONES[paper.state]}


class PaperListView(PageView):
    action = "paper.view"
    template_name = "casework/papers/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Paper.objects.visible_to(request.scope).select_related("enterprise", "issue")
        kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
        if kind in PaperKind.values:
            rows = rows.filter(kind=kind)
        if state == "waiting":
            rows = rows.filter(state="served", answered_on__isnull=True, answer_due_on__isnull=False)
        elif state in Paper.State.values:
            rows = rows.filter(state=state)
        page = keyset_page(rows, request, order=ORDER)
        return self.page(
            {
                "page": page,
                "rows": [(paper, paper_look(paper)) for paper in page.items],
                "kinds": PaperKind.choices,
                "kind": kind,
                "state": state,
                "states": [("", "全部"), ("waiting", "待答复"), *Paper.State.choices],
                "can_register": request.may("paper.registers"),
            }
        )


class PaperCreateView(PageView):
    """/issues/<code>/papers/<kind>/: a draft about the employer of an issue."""

    action = "paper.manage"
    template_name = "casework/papers/form.html"

    def get(self, request: HttpRequest, code: str, kind: str) -> HttpResponse:
        issue = self.issue(request, code, kind)
        if kind == PaperKind.REFERRAL and referable(issue) is None:
            raise InvalidTransition(NO_GROUND)
        return self.show(issue, kind, self.form(request, kind))

    def post(self, request: HttpRequest, code: str, kind: str) -> HttpResponse:
        issue = self.issue(request, code, kind)
        form = self.form(request, kind, request.POST)
        status = 422
        if form.is_valid():
            try:
                paper = paper_draft(
                    kind=kind,
                    issue_code=issue.code,
                    base=referable(issue) if kind == PaperKind.REFERRAL else None,
                    actor=request.scope,
                    **form.cleaned_data,
                )
            except DomainError as error:
                add_errors(form, error)
                status = 409 if isinstance(error, InvalidTransition) else 422
            else:
                messages.success(request, f"已起草{paper.get_kind_display()}。")
                return redirect("paper", paper_id=paper.pk)
        return self.show(issue, kind, form, status)

    def issue(self, request: HttpRequest, code: str, kind: str) -> Issue:
        if kind not in PaperKind.values:
            raise NotFound
        return issue_detail(request.scope, code)

    def form(self, request: HttpRequest, kind: str, data: Any = None) -> NewPaperForm:
        return NewPaperForm(data, subject=Paper(kind=kind), scope=request.scope, act="paper")

    def show(self, issue: Issue, kind: str, form: NewPaperForm, status: int = 200) -> HttpResponse:
        context = {"issue": issue, "kind_label": PaperKind(kind).label, "form": form}
        return self.page(context | {"base": referable(issue) if kind == PaperKind.REFERRAL else None}, status=status)


def referable(issue: Issue) -> Paper | None:
    """The issue's demand that may go on to the labour authority now."""
    today = clock.today()
    demands = Paper.objects.filter(issue=issue, kind=PaperKind.DEMAND, referral__isnull=True).order_by("-drafted_at")
    return next((demand for demand in demands if referral_trigger(demand, today)), None)


class PaperView(ActsView):
    action = "paper.view"
    template_name = "casework/papers/detail.html"
    acts = PAPER_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Paper:
        return get_or_404(papers_whole(request.scope), pk=where["paper_id"])

    def address(self, subject: Paper) -> str:
        return reverse("paper", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Paper) -> dict[str, Any]:
        draft = subject.state == Paper.State.DRAFT
        return {
            "paper": subject,
            "look": paper_look(subject),
            "provisional": awaits_answer(subject) and answer_due(subject).provisional,
            "lacks": lacks_supervisors(subject) if draft else "",
            "lacks_signer": lacks_signer(request.scope, clock.today()) if draft else "",
            "can_register": request.may("paper.registers"),
            "referral": Paper.objects.filter(base=subject).first(),
            "may_refer": request.may("paper.manage") and referable(subject.issue) == subject,
        }


def papers_whole(scope: Scope) -> Any:
    """Papers with what their page and their Word file show."""
    return (
        Paper.objects.visible_to(scope)
        .select_related("issue", "enterprise", "base", "signer__user", "drafted_by")
        .prefetch_related("investigators__supervisor")
    )


class PaperWordView(PageView):
    action = "paper.view"

    def get(self, request: HttpRequest, paper_id: Any) -> HttpResponse:
        paper = get_or_404(papers_whole(request.scope), pk=paper_id)
        record(actor=request.scope, action="paper.download", object_type="paper", object_id=paper.pk)
        number = paper.number_text or f"草稿-{paper.issue.code}"
        return word_answer(f"{paper.get_kind_display()}-{number}", paper_word(paper))
