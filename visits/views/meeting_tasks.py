"""Pages of meeting tasks: mine (or all, for the district), and one task, where it is reported."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework.clocks import workdays_left
from casework.views.acts import Act, ActsView
from unionportal.core.common import clock, formats
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, get_or_404
from visits.forms.running import ReportForm
from visits.meeting_selectors import TASK_TONES, meetings, tasks
from visits.models import MeetingTask
from visits.services.meeting_tasks import may_report, meeting_task_report

ORDER = ("due_on", "id")
STATES = [("open", "未完成"), ("done", "已完成"), ("not_done", "没有完成"), ("all", "全部")]


class MeetingTaskListView(PageView):
    action = "meeting.task"
    template_name = "visits/meetings/tasks.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        state = request.GET.get("state", "open")
        state = state if state in dict(STATES) else "open"
        mine = not request.scope.district or "mine" in request.GET
        rows = tasks(request.scope)
        if mine:
            rows = rows.owed_by(request.scope)
        if state != "all":
            rows = rows.filter(state=state)
        page = keyset_page(rows, request, order=ORDER)
        return self.page(
            {
                "page": page,
                "rows": [(task, *task_look(task)) for task in page.items],
                "state": state,
                "states": STATES,
                "mine": mine,
                "can_all": request.scope.district,
            }
        )


def task_look(task: MeetingTask) -> tuple[str, str]:
    """What to say of a task's day or end, and in which tone."""
    if task.is_open:
        left = workdays_left(task.due_on, clock.today())
        return formats.due_words(left), formats.due_tone(left)
    return task.get_state_display(), TASK_TONES[task.state]


TASK_ACTS = (
    Act(
        "report",
        "报告完成情况",
        "check",
        ReportForm,
        lambda s, actor, version, given: meeting_task_report(task_id=s.task.pk, actor=actor, **given),
        lambda s, scope: may_report(s.task, scope),
        lambda s: s.task.heard_in_id is None,
        words="会上通报之前可以修改。",
        done="已报告，下次会议通报。",
        submit="报告",
        primary=True,
    ),
)


class TaskPage:
    """A task as the subject of its page."""

    version = None

    def __init__(self, task: MeetingTask) -> None:
        self.task = task


class MeetingTaskView(ActsView):
    action = "meeting.task"
    template_name = "visits/meetings/task.html"
    acts = TASK_ACTS

    def find(self, request: HttpRequest, **where: Any) -> TaskPage:
        return TaskPage(get_or_404(tasks(request.scope), pk=where["task_id"]))

    def address(self, subject: TaskPage) -> str:
        return reverse("meeting-task", args=[subject.task.pk])

    def context(self, request: HttpRequest, subject: TaskPage) -> dict[str, Any]:
        task = subject.task
        words, tone = task_look(task)
        meeting = task.item.meeting
        may_open = request.may("meeting.view") and meetings(request.scope).filter(pk=meeting.pk).exists()
        return {
            "task": task,
            "words": words,
            "tone": tone,
            "meeting": meeting,
            "meeting_url": reverse("meeting", args=[meeting.pk]) if may_open else "",
        }
