"""The minutes of a meeting (会议纪要) as a Word document in the layout of official papers."""

from itertools import groupby

from unionportal.core.common.formats import zh_date, zh_day, zh_month, zh_short
from unionportal.core.common.gongwen import Gongwen
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from visits.meeting_selectors import Line, agenda_of, participants_of, tasks_given
from visits.models import AgendaItem, Meeting, MeetingTask, Participant

Presence = Participant.Presence


def minutes_word(meeting: Meeting, scope: Scope) -> bytes:
    """The minutes as the reader may read them; of a meeting that is not over, a draft."""
    issuer = Unit.objects.filter(kind=Unit.Kind.DISTRICT).values_list("name", flat=True).first() or ""
    month = zh_month(meeting.held_on)
    word = Gongwen(title=f"{issuer}\n{meeting.group}{month}月交流会议纪要", subject=f"{meeting.group}{month}")
    if not meeting.is_closed:
        word.note(f"会议{meeting.get_state_display()}，以下为草稿")
    _head(word, meeting)
    lines = agenda_of(meeting, scope)
    _last_tasks(word, [line for line in lines if line.item.task is not None])
    _items(word, [line for line in lines if line.item.task is None])
    _tasks(word, tasks_given(meeting))
    if meeting.summary:
        word.heading("会议小结")
        _paragraphs(word, meeting.summary)
    word.signature(issuer, zh_day(meeting.held_on))
    return word.content()


def _head(word: Gongwen, meeting: Meeting) -> None:
    word.paragraph(f"时间：{zh_date(meeting.held_on)} {meeting.starts_at:%H:%M}")
    word.paragraph(f"地点：{meeting.place}")
    word.paragraph(f"主持：{meeting.chair}")
    people = participants_of(meeting)
    for presence in Presence:
        names = [_named(row) for row in people if row.presence == presence]
        if names:
            label = "应到" if presence == Presence.EXPECTED else presence.label
            word.paragraph(f"{label}：{'、'.join(names)}")


def _named(row: Participant) -> str:
    return f"{row}（{row.reason}）" if row.reason else str(row)


def _last_tasks(word: Gongwen, lines: list[Line]) -> None:
    if not lines:
        return
    word.heading("上次会议任务的完成情况")
    for number, line in enumerate(lines, 1):
        task = line.item.task
        if task is None:
            continue
        report = f"{task.get_state_display()}。{task.report}" if task.report else task.get_state_display()
        word.paragraph(f"{number}．{task.what}（{task.owner}，{zh_short(task.due_on)}前）：{report}")
        _said(word, line.item)


def _items(word: Gongwen, lines: list[Line]) -> None:
    if not lines:
        return
    word.heading("议题和议定事项")
    for kind, group in groupby(sorted(lines, key=_kind_rank), key=lambda line: line.item.kind):
        word.subheading(AgendaItem.Kind(kind).label)
        for number, line in enumerate(group, 1):
            facts = f"（{line.item.facts}）" if line.item.facts else ""
            word.paragraph(f"{number}．{line.title}{facts}")
            _said(word, line.item)


def _kind_rank(line: Line) -> int:
    return AgendaItem.Kind.values.index(line.item.kind)


def _said(word: Gongwen, item: AgendaItem) -> None:
    if item.decision:
        _paragraphs(word, f"议定：{item.decision}")
    if item.minute:
        _paragraphs(word, item.minute)
    if item.state == AgendaItem.State.CARRIED:
        word.paragraph("留到下次会议再议。")


def _tasks(word: Gongwen, tasks: list[MeetingTask]) -> None:
    if tasks:
        word.heading("交办任务")
        rows = [(task.what, task.owner, zh_day(task.due_on)) for task in tasks]
        word.table("交办任务", ("任务", "责任人（单位）", "完成期限"), rows)


def _paragraphs(word: Gongwen, text: str) -> None:
    for line in text.splitlines():
        if line.strip():
            word.paragraph(line.strip())
