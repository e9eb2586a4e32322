"""What a reporter reads by their link: the state in plain words and public answers, nothing of the handling."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.models import Issue, PublicAnswer, Reporter
from casework.services.public import NOT_RATED_ALONE, rated_this_round
from casework.workflow import OUTCOME_LABELS, SATISFACTION_LABELS, State, find_move
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_day


@dataclass(frozen=True, slots=True)
class Track:
    """One report as its reporter sees it. `tone` as in chips; `steps` as (words, done, now)."""

    code: str
    title: str
    reported_at: datetime
    words: str
    detail: str
    tone: str
    steps: tuple[tuple[str, bool, bool], ...]
    answers: tuple[PublicAnswer, ...]
    may_rate: bool
    rating: str


def track(reporter: Reporter) -> Track:
    """The reporter's view of their issue as it stands."""
    issue = reporter.issue
    sources = [issue.pk, issue.main_id] if issue.main_id else [issue.pk]
    rated = rated_this_round(issue)
    answers = tuple(PublicAnswer.objects.filter(issue__in=sources, redacted_at=None).order_by("-id"))
    words, detail, tone = _words(issue, rated, bool(answers))
    return Track(
        code=issue.code,
        title=issue.title,
        reported_at=reporter.reported_at,
        words=words,
        detail=detail,
        tone=tone,
        steps=_steps(issue),
        answers=answers,
        may_rate=find_move("follow_up", issue.state) is not None and not rated,
        rating=SATISFACTION_LABELS.get(issue.satisfaction, "") if rated else "",
    )


def _words(issue: Issue, rated: bool, answered: bool) -> tuple[str, str, str]:
    match State(issue.state):
        case State.REGISTERED:
            return "已收到", "工作人员正在了解情况，会尽快交给相关单位办理。", "idle"
        case State.ASSIGNED:
            return "已交办", f"已交给相关单位，等待签收。{_by(issue.due_on)}", "warn"
        case State.IN_PROGRESS:
            return "正在办理", f"相关单位正在办理。{_by(issue.due_on)}", "link"
        case State.ANSWERED if rated:
            return "已有结果", "感谢您的评价，工作人员会据此办结或退回重办。", "ok"
        case State.ANSWERED if not answered:
            return (
                "已有结果",
                "承办单位已经办理，没有留下书面答复；可拨打12351工会热线询问结果，再告诉我们您是否满意。",
                "ok",
            )
        case State.ANSWERED:
            return "已有结果", "请看下面的答复，并告诉我们您是否满意。", "ok"
        case State.CLOSED:
            return "已办结", f"办理结果：{OUTCOME_LABELS.get(issue.outcome, '')}。", "ok"
        case State.REJECTED:
            return "未受理", "这件事没有受理，原因见下面的答复；没有答复的，可拨打12351工会热线询问。", "idle"
        case State.VOIDED:
            return "已撤下", "这条登记有误，已经作废。如仍有问题，请重新扫码反映。", "idle"
        case _:
            main = issue.main
            words = _words(main, rated=True, answered=True)[0] if main is not None else ""
            return "合并办理", f"有人反映了同一件事，已合并到一起办理。现在：{words}。{NOT_RATED_ALONE}", "link"


def _by(due: date | None) -> str:
    return f"预计{zh_day(due)}前给出结果。" if due is not None and due >= clock.today() else ""


def _steps(issue: Issue) -> tuple[tuple[str, bool, bool], ...]:
    names = ("收到", "交办", "办理", "答复", "办结")
    at = {
        State.REGISTERED: 0,
        State.ASSIGNED: 1,
        State.IN_PROGRESS: 2,
        State.ANSWERED: 3,
        State.CLOSED: 4,
    }.get(State(issue.state))
    if at is None:
        return ()
    return tuple((name, number < at or at == 4, number == at and at != 4) for number, name in enumerate(names))
