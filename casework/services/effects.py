"""What each action changes on an issue besides its state. Pure: nothing here saves. Source: docs/domain.md, "Clocks"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from casework.models import Issue
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays, workdays_between


@dataclass(frozen=True, slots=True)
class Step:
    """What a person gave for a move; `day` is the Shanghai day it happened on."""

    day: date
    unit: Unit | None = None
    outcome: str = ""
    satisfaction: str = ""


def assign(issue: Issue, step: Step) -> None:
    """The handling promise is copied from the category here: a later edit of the category changes no running deadline."""
    issue.holder = step.unit
    issue.promise_workdays = issue.category.promise_workdays
    issue.assigned_on = step.day
    issue.accepted_on = None
    _start_accept_clock(issue, step.day)
    _start_handling_clock(issue, step.day)


def accept(issue: Issue, step: Step) -> None:
    issue.accepted_on = step.day


def send_back(issue: Issue, step: Step) -> None:
    """Back to whoever assigns: no holder, no clocks. The next assignment starts them anew."""
    issue.holder = None
    issue.promise_workdays = None
    issue.assigned_on = issue.accept_due_on = issue.accepted_on = issue.due_on = None
    issue.due_is_provisional = False
    issue.bounce_count += 1


def transfer(issue: Issue, step: Step) -> None:
    """The handling deadline stays; the new holder has the full time to sign."""
    issue.holder = step.unit
    issue.accepted_on = None
    _start_accept_clock(issue, step.day)


def report(issue: Issue, step: Step) -> None:
    issue.answered_on = step.day
    issue.follow_up_due_on = add_workdays(step.day, int(value("issues.follow_up_workdays", on=step.day))).day
    issue.followed_up_on = None
    issue.satisfaction = ""


def follow_up(issue: Issue, step: Step) -> None:
    """Dissatisfaction is recorded; whether it is handled again is for a person to decide."""
    issue.followed_up_on = step.day
    issue.satisfaction = step.satisfaction


def redo(issue: Issue, step: Step) -> None:
    issue.redo_count += 1
    _forget_answer(issue)
    _start_handling_clock(issue, step.day)


def close(issue: Issue, step: Step) -> None:
    issue.outcome = step.outcome
    issue.closed_on = step.day
    issue.workdays_to_close = workdays_between(issue.received_on, step.day)


def reject(issue: Issue, step: Step) -> None:
    """The state says it all."""


def reopen(issue: Issue, step: Step) -> None:
    """The holder goes on where it stopped. An issue that nobody ever held gets a unit and the promise of its category now."""
    issue.outcome = ""
    issue.closed_on = issue.workdays_to_close = None
    issue.reopen_count += 1
    if step.unit is not None:
        issue.holder = step.unit
    if issue.promise_workdays is None:
        issue.promise_workdays = issue.category.promise_workdays
        issue.assigned_on = step.day
    _forget_answer(issue)
    _start_handling_clock(issue, step.day)


def void(issue: Issue, step: Step) -> None:
    """A wrong entry stays readable and counts nowhere: what it was closed as no longer holds."""
    issue.outcome = ""
    issue.closed_on = issue.workdays_to_close = None


def _start_accept_clock(issue: Issue, day: date) -> None:
    issue.accept_due_on = add_workdays(day, int(value("issues.accept_workdays", on=day))).day


def _start_handling_clock(issue: Issue, day: date) -> None:
    deadline = add_workdays(day, issue.promise_workdays or issue.category.promise_workdays)
    issue.due_on, issue.due_is_provisional = deadline.day, deadline.provisional


def _forget_answer(issue: Issue) -> None:
    """Answer, follow-up and satisfaction are those of the present round; earlier rounds stand in the events."""
    issue.answered_on = issue.follow_up_due_on = issue.followed_up_on = None
    issue.satisfaction = ""


EFFECTS: dict[str, Callable[[Issue, Step], None]] = {
    "assign": assign,
    "accept": accept,
    "send_back": send_back,
    "transfer": transfer,
    "report": report,
    "follow_up": follow_up,
    "redo": redo,
    "close": close,
    "reject": reject,
    "reopen": reopen,
    "void": void,
}
