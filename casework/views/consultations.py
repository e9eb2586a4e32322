"""The page of a consultation, and the page of an issue's sub-issues."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.clocks import workdays_left
from casework.forms.consultations import (
    ConcludeForm,
    JoinForm,
    LeaveForm,
    OpinionForm,
    SubIssueForm,
    TaskDoneForm,
    TaskDroppedForm,
    TaskForm,
    TieForm,
    UntieForm,
)
from casework.models import Consultation, ConsultationTask, Issue, SubIssue
from casework.presentation import state_look
from casework.selectors import issue_detail
from casework.services.consultation_tasks import may_finish, task_done, task_dropped, task_set
from casework.services.consultations import (
    consultation_conclude,
    consultation_join,
    consultation_leave,
    may_convene,
    may_give,
    opinion_give,
    opinions_due,
)
from casework.services.subissues import may_split, subissue_register, subissue_tie, subissue_untie
from casework.views.acts import Act, ActsView
from unionportal.core.common import clock, formats
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.views import get_or_404


def _staff(subject: Any, scope: Scope) -> bool:
    return scope.has(Role.STAFF)


def _convener(subject: Consultation, scope: Scope) -> bool:
    return may_convene(subject.issue, scope)


def _giver(subject: Consultation, scope: Scope) -> bool:
    return any(may_give(party, subject.issue, scope) for party in subject.parties.all())


def _is_open(subject: Consultation) -> bool:
    return subject.is_open


def _open_tasks(subject: Consultation) -> bool:
    return any(task.state == ConsultationTask.State.OPEN for task in subject.tasks.all())


def _finisher(subject: Consultation, scope: Scope) -> bool:
    return any(may_finish(task, scope) for task in subject.tasks.all())


CONSULTATION_ACTS = (
    Act(
        "join",
        "增加单位",
        "plus",
        JoinForm,
        lambda c, actor, version, given: consultation_join(consultation_id=c.pk, actor=actor, version=version, **given),
        _convener,
        _is_open,
        words="被请的单位从此可以看到这条诉求，但只能提意见、办自己的任务。",
    ),
    Act(
        "leave",
        "移出单位",
        "minus",
        LeaveForm,
        lambda c, actor, version, given: consultation_leave(
            consultation_id=c.pk, actor=actor, version=version, **given
        ),
        _convener,
        lambda c: c.is_open and any(not party.opinion for party in c.parties.all()),
        words="只能移出还没有提意见、也没有任务的单位；移出后它不再看到这条诉求。",
    ),
    Act(
        "opinion",
        "填写意见",
        "reply",
        OpinionForm,
        lambda c, actor, version, given: opinion_give(party_id=given["party"], opinion=given["opinion"], actor=actor),
        _giver,
        _is_open,
        words="每个单位一份意见，会诊结束前可以修改。",
        done="意见已保存。",
        submit="保存意见",
    ),
    Act(
        "task",
        "交办任务",
        "flag",
        TaskForm,
        lambda c, actor, version, given: task_set(consultation_id=c.pk, actor=actor, version=version, **given),
        _staff,
        lambda c: c.issue.is_open,
        words="任务未完成或取消之前，诉求不能办结。",
        done="任务已交办。",
    ),
    Act(
        "drop",
        "取消任务",
        "close-circle",
        TaskDroppedForm,
        lambda c, actor, version, given: task_dropped(task_id=given["task"], result=given["result"], actor=actor),
        _staff,
        _open_tasks,
        done="任务已取消。",
    ),
    Act(
        "done",
        "完成任务",
        "check",
        TaskDoneForm,
        lambda c, actor, version, given: task_done(task_id=given["task"], result=given["result"], actor=actor),
        _finisher,
        _open_tasks,
        done="任务已完成。",
    ),
    Act(
        "conclude",
        "结束会诊",
        "check-circle",
        ConcludeForm,
        lambda c, actor, version, given: consultation_conclude(
            consultation_id=c.pk, actor=actor, version=version, **given
        ),
        _staff,
        _is_open,
        words="写明会诊决定。任务可以先交办，也可以结束后再交办。",
        done="会诊已结束。",
        primary=True,
    ),
)


class ConsultationView(ActsView):
    action = "issue.view"
    template_name = "casework/consultations/detail.html"
    acts = CONSULTATION_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Consultation:
        rows = (
            Consultation.objects.visible_to(request.scope)
            .select_related("issue__township", "issue__holder", "called_by", "concluded_by")
            .prefetch_related("parties__unit", "parties__given_by", "tasks__unit", "tasks__person", "tasks__ended_by")
        )
        return get_or_404(rows, pk=where["pk"])

    def address(self, subject: Consultation) -> str:
        return reverse("consultation", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Consultation) -> dict[str, Any]:
        return {
            "consultation": subject,
            "provisional": subject.is_open and opinions_due(subject).provisional,
            "issue": subject.issue,
            "state": state_look(subject.issue),
            "tasks": task_rows(list(subject.tasks.all())),
        }

    def after(self, request: HttpRequest, subject: Consultation, act: Act, result: Any) -> HttpResponse:
        return redirect(self.address(subject))


def task_rows(tasks: list[ConsultationTask]) -> list[dict[str, Any]]:
    """Tasks with what to say of their day."""
    today = clock.today()
    rows = []
    for task in tasks:
        left = workdays_left(task.due_on, today)
        if task.state == ConsultationTask.State.OPEN:
            chip, tone = formats.due_words(left), formats.due_tone(left)
        else:
            chip, tone = task.get_state_display(), "ok" if task.state == ConsultationTask.State.DONE else "idle"
        rows.append({"task": task, "chip": chip, "tone": tone})
    return rows


SUBISSUE_ACTS = (
    Act(
        "untie",
        "解除关系",
        "split",
        UntieForm,
        lambda issue, actor, version, given: subissue_untie(
            code=issue.code, child_code=given["child"], note=given["note"], actor=actor
        ),
        _staff,
        lambda issue: issue.child_ties.exists(),
        words="解除后两条诉求各办各的。",
        done="已解除。",
    ),
    Act(
        "tie",
        "关联已有诉求",
        "link",
        TieForm,
        lambda issue, actor, version, given: subissue_tie(code=issue.code, child_code=given["child"], actor=actor),
        _staff,
        lambda issue: issue.is_open,
        words="把另一条诉求放到这条之下。主诉求要等全部子诉求办结才能办结。",
        done="已关联。",
    ),
    Act(
        "register",
        "拆出子诉求",
        "plus",
        SubIssueForm,
        lambda issue, actor, version, given: subissue_register(code=issue.code, actor=actor, **given),
        may_split,
        lambda issue: issue.is_open,
        words="子诉求有自己的编号，登记后照常交办给其他单位。主诉求要等全部子诉求办结才能办结。",
        done="已登记子诉求。",
        primary=True,
    ),
)


class SubIssuesView(ActsView):
    action = "issue.view"
    template_name = "casework/consultations/subissues.html"
    acts = SUBISSUE_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Issue:
        return issue_detail(request.scope, where["code"])

    def address(self, subject: Issue) -> str:
        return reverse("subissues", args=[subject.code])

    def context(self, request: HttpRequest, subject: Issue) -> dict[str, Any]:
        return {"issue": subject, "state": state_look(subject), **family(request, subject)}


def family(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """The issue above and those below, as far as the reader may know of them; the rest as a number."""
    if issue.attached.isdisjoint({"parent_tie", "child_ties"}):
        return {"parent": None, "children": [], "hidden_children": 0}
    known = Issue.objects.visible_to(request.scope)
    below = list(
        known.filter(parent_tie__parent=issue)
        .select_related("holder", "category")
        .defer("search_tokens", "description")
    )
    return {
        "parent": known.filter(child_ties__child=issue).only("code", "title").first(),
        "children": [(child, state_look(child)) for child in below],
        "hidden_children": SubIssue.objects.filter(parent=issue).count() - len(below),
    }
