"""What stands in the way of a move on one particular issue, by the names used in `casework.workflow.Move.bars`.

Each answers "" where nothing does, else what the person is told (409). Source: docs/domain.md, "Issues" and "Clocks".
"""

from collections.abc import Callable
from datetime import date

from casework.models import Issue, IssueEvent
from casework.workflow import SUPERVISION_LABELS, Move
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value
from unionportal.core.workcal.days import workdays_between

Bar = Callable[[Issue, date, Scope], str]


def barred(issue: Issue, move: Move, day: date, scope: Scope) -> str:
    """Why this person cannot make this move on this issue on that day although role and state permit it; "" if they can."""
    return next((words for name in move.bars if (words := BARS[name](issue, day, scope))), "")


def not_followed_up(issue: Issue, day: date, scope: Scope) -> str:
    return "" if issue.followed_up_on else "反馈后还没有回访，先回访再办结。"


def has_duplicates(issue: Issue, day: date, scope: Scope) -> str:
    return "已有其他诉求并入这一条，请先拆开。" if issue.merged_issues.exists() else ""


def followed_up(issue: Issue, day: date, scope: Scope) -> str:
    return "已经回访，等待办结，没有可以催办的单位。" if issue.followed_up_on else ""


def paused(issue: Issue, day: date, scope: Scope) -> str:
    return f"{zh_day(issue.paused_on)}起已暂停计时，请先恢复计时。" if issue.paused_on else ""


def not_paused(issue: Issue, day: date, scope: Scope) -> str:
    return "" if issue.paused_on else "计时没有暂停，不需要恢复。"


def extension_pending(issue: Issue, day: date, scope: Scope) -> str:
    return "已经申请了延期，请等区总工会答复。" if issue.extension_days else ""


def no_extension_pending(issue: Issue, day: date, scope: Scope) -> str:
    return "" if issue.extension_days else "现在没有待答复的延期申请。"


def own_extension(issue: Issue, day: date, scope: Scope) -> str:
    """Whoever asked does not decide, whatever roles they have."""
    asked = IssueEvent.objects.filter(issue=issue, action="extend").order_by("-seq").first()
    return "不能答复自己提出的延期申请，请由他人答复。" if asked and asked.actor_id == scope.user_id else ""


def extension_used_up(issue: Issue, day: date, scope: Scope) -> str:
    if extension_left(issue, day) > 0:
        return ""
    return f"这条诉求已累计延期 {issue.extended_workdays} 个工作日，不能再申请。"


def extension_left(issue: Issue, day: date) -> int:
    """Workdays that may still be asked for on the present handling clock."""
    return max(0, int(value("issues.extension_total", on=day)) - issue.extended_workdays)


def extension_too_late(issue: Issue, day: date, scope: Scope) -> str:
    notice = int(value("issues.extension_notice", on=day))
    if issue.due_on is None or workdays_between(day, issue.due_on) >= notice:
        return ""
    return f"延期须在期限前至少 {notice} 个工作日提出；办理期限是{zh_day(issue.due_on)}，现在申请已经晚了。"


def supervised(issue: Issue, day: date, scope: Scope) -> str:
    return f"{zh_day(issue.supervised_on)}起已经{SUPERVISION_LABELS[issue.supervision]}。" if issue.supervision else ""


def reopen_window_over(issue: Issue, day: date, scope: Scope) -> str:
    window = int(value("issues.reopen_days", on=day))
    if issue.closed_on is None or (day - issue.closed_on).days <= window:
        return ""
    return f"{zh_day(issue.closed_on)}办结，已超过 {window} 天，不能重启；如仍有问题，请登记新的诉求。"


BARS: dict[str, Bar] = {
    "reopen_window_over": reopen_window_over,
    "not_followed_up": not_followed_up,
    "has_duplicates": has_duplicates,
    "followed_up": followed_up,
    "paused": paused,
    "not_paused": not_paused,
    "extension_pending": extension_pending,
    "no_extension_pending": no_extension_pending,
    "own_extension": own_extension,
    "extension_used_up": extension_used_up,
    "extension_too_late": extension_too_late,
    "supervised": supervised,
}
