"""Pages of meetings: the list, planning, one meeting with its agenda and minutes, attendance, the Word file."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import DomainError
from unionportal.core.common.formats import zh_month
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from visits.forms.meetings import (
    AttendanceForm,
    CancelForm,
    CloseForm,
    EditForm,
    InviteForm,
    PlanForm,
    ProposeForm,
    SureForm,
    UninviteForm,
)
from visits.meeting_selectors import (
    LIST_ORDER,
    PRESENCE_TONES,
    STATE_TONES,
    TASK_TONES,
    Line,
    agenda_of,
    meeting_lines,
    meetings,
    participants_of,
    tasks_given,
)
from visits.meeting_word import minutes_word
from visits.models import AgendaItem, Meeting, MeetingGroup
from visits.services.agenda import agenda_add, agenda_assemble, agenda_order
from visits.services.attendance import attendance_mark, participant_add, participant_remove
from visits.services.cancelling import meeting_cancel
from visits.services.meetings import meeting_close, meeting_edit, meeting_plan, meeting_start


class MeetingListView(PageView):
    action = "meeting.view"
    template_name = "visits/meetings/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = list(MeetingGroup.objects.visible_to(request.scope))
        chosen = next((group for group in groups if str(group.pk) == request.GET.get("group", "")), None)
        rows = meeting_lines(request.scope)
        if chosen is not None:
            rows = rows.filter(group=chosen)
        page = keyset_page(rows, request, order=LIST_ORDER)
        months = [
            (zh_month(month[0].held_on), month)
            for month in (list(g) for _, g in groupby(page.items, key=lambda m: (m.held_on.year, m.held_on.month)))
        ]
        return self.page(
            {
                "page": page,
                "months": months,
                "groups": groups,
                "chosen": chosen,
                "tones": STATE_TONES,
                "can_plan": request.may("meeting.manage"),
                "can_group": request.may("meeting.groups"),
                "can_task": request.may("meeting.task"),
            }
        )


class MeetingCreateView(PageView):
    action = "meeting.manage"
    template_name = "visits/meetings/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(PlanForm(initial={"group": request.GET.get("group", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PlanForm(request.POST)
        if form.is_valid():
            try:
                meeting = meeting_plan(actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已安排，议程自动汇集了 {meeting.items.count()} 项。开会前可以调整。")
                return redirect("meeting", meeting.pk)
        return self.show(form, status=422)

    def show(self, form: PlanForm, status: int = 200) -> HttpResponse:
        return self.page({"form": form, "no_groups": not form.fields["group"].queryset.exists()}, status=status)


def _manages(meeting: Meeting, scope: Scope) -> bool:
    return allowed(scope, "meeting.manage")


MEETING_ACTS = (
    Act(
        "propose",
        "提议题",
        "plus",
        ProposeForm,
        lambda m, actor, version, given: agenda_add(meeting_id=m.pk, version=version, actor=actor, **given),
        lambda m, scope: allowed(scope, "meeting.propose") and (m.is_planned or _manages(m, scope)),
        lambda m: not m.is_over,
        words="填一条诉求的编号，提请会上研究是否会诊；或者写一个其他议题。",
        done="已列入议程。",
        submit="列入议程",
    ),
    Act(
        "assemble",
        "重新汇集",
        "redo",
        SureForm,
        lambda m, actor, version, given: agenda_assemble(meeting_id=m.pk, version=version, actor=actor),
        _manages,
        lambda m: m.is_planned,
        words="按现在的情况更新议程：已办完的去掉，新出现的加上。您排的次序、去掉的和加上的议题都保留。",
        done="议程已更新。",
    ),
    Act(
        "invite",
        "邀请列席",
        "users",
        InviteForm,
        lambda m, actor, version, given: participant_add(meeting_id=m.pk, actor=actor, **given),
        _manages,
        lambda m: not m.is_over,
        words="组员自动参会。部门、其他人员和外部人员在这里邀请。",
        done="已邀请。",
        submit="邀请",
    ),
    Act(
        "uninvite",
        "取消邀请",
        "minus",
        UninviteForm,
        lambda m, actor, version, given: participant_remove(
            meeting_id=m.pk, participant_id=given["participant"], actor=actor
        ),
        _manages,
        lambda m: not m.is_over and m.participants.filter(is_member=False).exists(),
        done="已取消邀请。",
    ),
    Act(
        "edit",
        "改期",
        "edit",
        EditForm,
        lambda m, actor, version, given: meeting_edit(meeting_id=m.pk, version=version, actor=actor, **given),
        _manages,
        lambda m: m.is_planned,
        words="改时间、地点或主持人。组员按新的日期重新确定。",
        done="已保存。",
        submit="保存",
    ),
    Act(
        "cancel",
        "取消会议",
        "close-circle",
        CancelForm,
        lambda m, actor, version, given: meeting_cancel(meeting_id=m.pk, version=version, actor=actor, **given),
        _manages,
        lambda m: m.is_planned,
        words="取消后通知参会人员，会议仍在列表中，标为已取消。当月可以另行安排。",
        done="会议已取消，已通知参会人员。",
        submit="取消会议",
        danger=True,
    ),
    Act(
        "start",
        "开始会议",
        "play",
        SureForm,
        lambda m, actor, version, given: meeting_start(meeting_id=m.pk, version=version, actor=actor),
        _manages,
        lambda m: m.is_planned and m.held_on <= clock.today(),
        words="开始后议程不再调整，可以逐项记录、交任务、签到。",
        done="会议开始。",
        primary=True,
    ),
    Act(
        "close",
        "结束会议",
        "check-circle",
        CloseForm,
        lambda m, actor, version, given: meeting_close(meeting_id=m.pk, version=version, actor=actor, **given),
        _manages,
        lambda m: m.is_running,
        words="结束后形成会议纪要，内容不能再改。",
        done="会议已结束，可以下载会议纪要。",
    ),
)


class MeetingView(ActsView):
    action = "meeting.view"
    template_name = "visits/meetings/detail.html"
    acts = MEETING_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Meeting:
        return get_or_404(meetings(request.scope), pk=where["meeting_id"])

    def address(self, subject: Meeting) -> str:
        return reverse("meeting", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Meeting) -> dict[str, Any]:
        manages = _manages(subject, request.scope)
        lines = agenda_of(subject, request.scope)
        return {
            "meeting": subject,
            "tone": STATE_TONES[subject.state],
            "sections": sections(lines),
            "items": len(lines),
            "open_items": sum(1 for line in lines if line.item.is_open),
            "dropped": agenda_of(subject, request.scope, dropped=True) if manages and subject.is_planned else [],
            "participants": participants_of(subject),
            "presence_tones": PRESENCE_TONES,
            "tasks": tasks_given(subject),
            "task_tones": TASK_TONES,
            "can_manage": manages,
            "can_order": manages and subject.is_planned,
            "can_mark": manages and not subject.is_over,
            "waits_for_day": subject.is_planned and subject.held_on > clock.today(),
        }

    def after(self, request: HttpRequest, subject: Meeting, act: Act, result: Any) -> HttpResponse:
        return redirect("meeting-run", subject.pk) if act.name == "start" else redirect(self.address(subject))


def sections(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """The agenda under headings: neighbours of one kind together, in the order people gave."""
    return [
        (AgendaItem.Kind(kind).label, list(group)) for kind, group in groupby(lines, key=lambda line: line.item.kind)
    ]


class AgendaOrderView(PageView):
    """One small button of the agenda: up, down, off, back."""

    action = "meeting.manage"

    def post(self, request: HttpRequest, meeting_id: UUID, item_id: int, step: str) -> HttpResponse:
        version = request.POST.get("version", "")
        agenda_order(
            meeting_id=meeting_id,
            item_id=item_id,
            step=step,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
            actor=request.scope,
        )
        return redirect(f"{reverse('meeting', args=[meeting_id])}#item-{item_id}")


class AttendanceView(PageView):
    """签到: everybody asked on one page."""

    action = "meeting.manage"
    template_name = "visits/meetings/attendance.html"

    def get(self, request: HttpRequest, meeting_id: UUID) -> HttpResponse:
        meeting = get_or_404(meetings(request.scope), pk=meeting_id)
        return self.show(meeting, AttendanceForm(meeting=meeting, participants=participants_of(meeting)))

    def post(self, request: HttpRequest, meeting_id: UUID) -> HttpResponse:
        meeting = get_or_404(meetings(request.scope), pk=meeting_id)
        form = AttendanceForm(request.POST, meeting=meeting, participants=participants_of(meeting))
        if form.is_valid():
            try:
                attendance_mark(meeting_id=meeting_id, marks=form.marks(), actor=request.scope)
            except DomainError as error:
                add_errors(form, error)
                return self.show(meeting, form, status=error.status if error.status == 409 else 422)
            messages.success(request, "出勤已登记。")
            return redirect("meeting-run" if meeting.is_running else "meeting", meeting_id)
        return self.show(meeting, form, status=422)

    def show(self, meeting: Meeting, form: AttendanceForm, status: int = 200) -> HttpResponse:
        return self.page({"meeting": meeting, "form": form}, status=status)


class MinutesWordView(PageView):
    """The minutes as a Word file; each download is in the audit trail."""

    action = "meeting.view"

    def get(self, request: HttpRequest, meeting_id: UUID) -> HttpResponse:
        meeting = get_or_404(meetings(request.scope), pk=meeting_id)
        content = minutes_word(meeting, request.scope)
        record(actor=request.scope, action="meeting.download", object_type="meeting", object_id=meeting.pk)
        return word_answer(f"{meeting.group}{meeting.held_on:%Y-%m}月交流会议纪要", content)
