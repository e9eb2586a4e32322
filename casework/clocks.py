"""How a deadline stands, in workdays, for pages."""

from dataclasses import dataclass
from datetime import date

from casework.models import Issue
from casework.workflow import IN_HAND_STATES, State
from unionportal.core.common import formats
from unionportal.core.workcal.days import workdays_between


@dataclass(frozen=True, slots=True)
class Standing:
    """A deadline and what to say of it. `tone` as in chips."""

    due: date
    words: str
    tone: str
    provisional: bool = False


def workdays_left(due: date, today: date) -> int:
    """Workdays until a day; negative once it has passed, even where only days off lie between."""
    if due < today:
        return -max(1, workdays_between(due, today))
    return workdays_between(today, due)


def handling(issue: Issue, today: date) -> Standing | None:
    """The handling deadline: what is left of it while a unit holds the issue, how it was kept once answered."""
    if issue.due_on is None:
        return None
    if issue.paused_on is not None:
        return _standing_still(issue.due_on, provisional=issue.due_is_provisional)
    if issue.state in IN_HAND_STATES:
        return _running(issue.due_on, today, provisional=issue.due_is_provisional)
    return _kept(issue.due_on, issue.answered_on)


def signing(issue: Issue, today: date) -> Standing | None:
    """The deadline to sign for it."""
    if issue.accept_due_on is None:
        return None
    if issue.state == State.ASSIGNED:
        return _standing_still(issue.accept_due_on) if issue.paused_on else _running(issue.accept_due_on, today)
    return _kept(issue.accept_due_on, issue.accepted_on)


def following_up(issue: Issue, today: date) -> Standing | None:
    """The deadline to follow up."""
    if issue.follow_up_due_on is None:
        return None
    if issue.state == State.ANSWERED and issue.followed_up_on is None:
        return _running(issue.follow_up_due_on, today)
    return _kept(issue.follow_up_due_on, issue.followed_up_on)


def next_deadline(issue: Issue, today: date) -> Standing | None:
    """The one deadline that runs now, if any: to sign, to answer, or to follow up."""
    if issue.state == State.ASSIGNED:
        return _sooner(signing(issue, today), handling(issue, today))
    if issue.state == State.IN_PROGRESS:
        return handling(issue, today)
    if issue.state == State.ANSWERED and issue.followed_up_on is None:
        return following_up(issue, today)
    return None


def _sooner(one: Standing | None, other: Standing | None) -> Standing | None:
    return min((s for s in (one, other) if s is not None), key=lambda s: s.due, default=None)


def _running(due: date, today: date, *, provisional: bool = False) -> Standing:
    left = workdays_left(due, today)
    return Standing(due, formats.due_words(left), formats.due_tone(left), provisional)


def _standing_still(due: date, *, provisional: bool = False) -> Standing:
    """While the clock is paused nothing runs out; the day shown moves on when it is resumed."""
    return Standing(due, "计时暂停", "idle", provisional)


def _kept(due: date, done: date | None) -> Standing:
    if done is None:
        return Standing(due, "", "idle")
    if done > due:
        return Standing(due, f"逾期 {max(1, workdays_between(due, done))} 个工作日", "late")
    early = workdays_between(done, due)
    return Standing(due, f"提前 {early} 个工作日" if early else "按期", "ok")
