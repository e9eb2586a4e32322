"""The screen of a running meeting: one item at a time, with what can be done about it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.services import issue_move
from casework.services.standing import permitted_moves
from casework.views.acts import Act, ActsView
from unionportal.core.common.errors import NotFound
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, get_or_404
from visits.forms.meetings import SureForm
from visits.forms.running import CarryForm, ConsultForm, GiveForm, RecordForm, ReportForm
from visits.meeting_selectors import (
    PRESENCE_TONES,
    TASK_TONES,
    Running,
    agenda_of,
    meetings,
    participants_of,
    running,
)
from visits.models import Participant
from visits.services.meeting_tasks import meeting_task_give, meeting_task_report
from visits.services.minutes import item_record, items_note


def _manages(subject: Running, scope: Scope) -> bool:
    return allowed(scope, "meeting.manage")


def _runs(subject: Running) -> bool:
    return subject.meeting.is_running


def _consults(subject: Running, scope: Scope) -> bool:
    issue = subject.item.issue
    return issue is not None and any(move.action == "consult" for move in permitted_moves(issue, scope))


def _consult(subject: Running, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
    """The move 会诊 of the issue itself, upon the version of the issue that the form carries."""
    if subject.item.issue is None:
        raise NotFound
    return issue_move(
        code=subject.item.issue.code,
        action="consult",
        version=given.pop("issue_version"),
        actor=actor,
        **given,
    )


def _report(subject: Running, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
    if subject.task is None:
        raise NotFound
    return meeting_task_report(task_id=subject.task.pk, actor=actor, **given)


RUN_ACTS = (
    Act(
        "record",
        "议定",
        "check",
        RecordForm,
        lambda r, actor, version, given: item_record(
            meeting_id=r.meeting.pk, item_id=r.item.pk, version=version, actor=actor, **given
        ),
        _manages,
        _runs,
        done="已记录。",
        submit="记下，下一项",
        primary=True,
    ),
    Act(
        "task",
        "交任务",
        "flag",
        GiveForm,
        lambda r, actor, version, given: meeting_task_give(
            meeting_id=r.meeting.pk, item_id=r.item.pk, actor=actor, **given
        ),
        _manages,
        _runs,
        words="交给一个人或一个单位，下次会议通报完成情况。",
        done="任务已交办。",
        submit="交办",
    ),
    Act(
        "consult",
        "发起会诊",
        "meeting",
        ConsultForm,  # type: ignore[arg-type]  # the issue's own form, which takes the same arguments
        _consult,
        _consults,
        _runs,
        words="与在诉求页面发起会诊相同，诉求会多一步“会诊”。",
        done="会诊已发起。",
    ),
    Act(
        "report",
        "通报任务",
        "reply",
        ReportForm,
        _report,
        _manages,
        lambda r: _runs(r) and r.task is not None and r.task.heard_in_id is None,
        words="会上听取的完成情况。没有完成、还要继续办的，可以留到下次再议。",
        done="完成情况已记下。",
        submit="保存",
    ),
    Act(
        "carry",
        "下次再议",
        "pause",
        CarryForm,
        lambda r, actor, version, given: item_record(
            meeting_id=r.meeting.pk, item_id=r.item.pk, version=version, carry=True, actor=actor, **given
        ),
        _manages,
        _runs,
        words="这一项会出现在下次会议的议程里。",
        done="留到下次再议。",
    ),
    Act(
        "note",
        "本类都已知悉",
        "check-circle",
        SureForm,
        lambda r, actor, version, given: items_note(meeting_id=r.meeting.pk, kind=r.item.kind, actor=actor),
        _manages,
        lambda r: _runs(r) and r.same_kind > 1,
        words="这一类还没有议的各项，全部记为已议，不另作决定。",
        done="已全部记为知悉。",
    ),
)
#: After these the next open item comes up.
GOES_ON = ("record", "carry", "note")


class MeetingRunView(PageView):
    """`/meetings/<id>/run/`: to the first item that is still open."""

    action = "meeting.manage"

    def get(self, request: HttpRequest, meeting_id: UUID) -> HttpResponse:
        meeting = get_or_404(meetings(request.scope), pk=meeting_id)
        found = running(meeting, agenda_of(meeting, request.scope), None)
        if not meeting.is_running or found is None:
            messages.info(request, "议程是空的，可以先提议题。" if meeting.is_running else "会议没有在进行。")
            return redirect("meeting", meeting_id)
        return redirect("meeting-run-item", meeting_id, found.item.pk)


class MeetingRunItemView(ActsView):
    action = "meeting.manage"
    template_name = "visits/meetings/run.html"
    acts = RUN_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Running:
        meeting = get_or_404(meetings(request.scope), pk=where["meeting_id"])
        found = running(meeting, agenda_of(meeting, request.scope), where["item_id"])
        if found is None:
            raise NotFound
        return found

    def address(self, subject: Running) -> str:
        return self.address_of(subject, subject.item.pk)

    def address_of(self, subject: Running, item_id: int) -> str:
        """The screen of another item of the meeting."""
        return reverse("meeting-run-item", args=[subject.meeting.pk, item_id])

    def show(self, request: HttpRequest, subject: Running, **more: Any) -> HttpResponse:
        if not subject.meeting.is_running and "refused" not in more:
            messages.info(request, "会议没有在进行。")
            return redirect("meeting", subject.meeting.pk)
        return super().show(request, subject, **more)

    def context(self, request: HttpRequest, subject: Running) -> dict[str, Any]:
        people = participants_of(subject.meeting)
        return {
            "running": subject,
            "meeting": subject.meeting,
            "line": subject.line,
            "item": subject.item,
            "task": subject.task,
            "participants": people,
            "present": sum(1 for row in people if row.presence == Participant.Presence.PRESENT),
            "presence_tones": PRESENCE_TONES,
            "task_tones": TASK_TONES,
        }

    def after(self, request: HttpRequest, subject: Running, act: Act, result: Any) -> HttpResponse:
        if act.name not in GOES_ON:
            return redirect(self.address(subject))
        if act.name == "note" or subject.next_open is None:
            return redirect("meeting-run", subject.meeting.pk)
        return redirect(self.address_of(subject, subject.next_open))
