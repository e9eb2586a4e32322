"""What each action changes on an issue besides its state. Pure: nothing here saves. Source: docs/domain.md, "Clocks"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from casework.models import Issue
from casework.periods import period_end, prolonged, ruled_end
from casework.workflow import IN_HAND_STATES, DayKind, State, Supervision
from unionportal.core.accounts.models import User
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import Deadline, add_workdays, workdays_between

#: The parameters of the clocks to sign and to follow up (`casework.periods.ruled_end`).
SIGNING_RULE, FOLLOW_UP_RULE = "issues.accept", "issues.follow_up"


@dataclass(frozen=True, slots=True)
class Step:
    """What a person gave for a move; `day` is the Shanghai day it happened on."""

    day: date
    unit: Unit | None = None
    outcome: str = ""
    satisfaction: str = ""
    days: int | None = None
    main: Issue | None = None
    from_state: str = ""
    mode: str = ""
    person: User | None = None
    units: tuple[Unit, ...] = ()
    bodies: tuple[str, ...] = ()


def assign(issue: Issue, step: Step) -> None:
    """The handling promise is copied from the category here: a later edit of the category changes no running deadline."""
    issue.holder, issue.assignee = step.unit, step.person
    _copy_promise(issue)
    issue.assigned_on = step.day
    issue.accepted_on = None
    _start_accept_clock(issue, step.day)
    _start_handling_clock(issue, step.day)


def accept(issue: Issue, step: Step) -> None:
    issue.accepted_on = step.day


def send_back(issue: Issue, step: Step) -> None:
    """To an earlier holder, as a transfer would: the handling deadline stays. Else back to whoever assigns: no holder, no clocks, and the
    next assignment starts them anew."""
    issue.bounce_count += 1
    if step.unit is not None:
        transfer(issue, step)
        return
    issue.holder = issue.assignee = None
    issue.promise_workdays, issue.promise_in = None, DayKind.WORKDAYS
    issue.assigned_on = issue.accept_due_on = issue.accepted_on = issue.due_from = issue.due_on = None
    issue.due_is_provisional = False
    _forget_changes(issue)


def transfer(issue: Issue, step: Step) -> None:
    """The handling deadline stays; the new holder has the full time to sign."""
    issue.holder, issue.assignee = step.unit, None
    issue.accepted_on = None
    _start_accept_clock(issue, step.day)


def report(issue: Issue, step: Step) -> None:
    issue.answered_on = step.day
    issue.follow_up_due_on = ruled_end(step.day, FOLLOW_UP_RULE).day
    issue.followed_up_on = None
    issue.satisfaction = issue.follow_up_mode = ""


def follow_up(issue: Issue, step: Step) -> None:
    """Dissatisfaction is recorded; whether it is handled again is for a person to decide."""
    issue.followed_up_on = step.day
    issue.satisfaction, issue.follow_up_mode = step.satisfaction, step.mode


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


def consult(issue: Issue, step: Step) -> None:
    """The units joined see the issue from now on. What the consultation itself keeps, its service writes (`FOLLOWING`)."""
    issue.joined_unit_ids = sorted({*issue.joined_unit_ids, *(unit.pk for unit in step.units)})


def reopen(issue: Issue, step: Step) -> None:
    """The holder goes on where it stopped. An issue that nobody ever held gets a unit and the promise of its category now."""
    issue.outcome = ""
    issue.closed_on = issue.workdays_to_close = None
    issue.reopen_count += 1
    if step.unit is not None:
        issue.holder, issue.assignee = step.unit, None
    if issue.promise_workdays is None:
        _copy_promise(issue)
        issue.assigned_on = step.day
    issue.supervision, issue.supervised_on = "", None
    _forget_answer(issue)
    _start_handling_clock(issue, step.day)


def void(issue: Issue, step: Step) -> None:
    """A wrong entry stays readable and counts nowhere: what it was closed as no longer holds."""
    issue.outcome = ""
    issue.closed_on = issue.workdays_to_close = None
    issue.main, issue.merged_from = None, ""


def extend(issue: Issue, step: Step) -> None:
    issue.extension_days = step.days


def approve_extension(issue: Issue, step: Step) -> None:
    """What was asked is granted, from the deadline on, however late the decision."""
    granted = issue.extension_days or 0
    issue.extended_workdays += granted
    _move_due(issue, granted)
    issue.extension_days = None


def refuse_extension(issue: Issue, step: Step) -> None:
    issue.extension_days = None


def pause(issue: Issue, step: Step) -> None:
    issue.paused_on = step.day


def resume(issue: Issue, step: Step) -> None:
    _end_pause(issue, step.day)


def remind(issue: Issue, step: Step) -> None:
    issue.reminded_on = step.day
    issue.remind_count += 1


def supervise(issue: Issue, step: Step) -> None:
    issue.supervision, issue.supervised_on = Supervision.SUPERVISED, step.day


def _start_accept_clock(issue: Issue, day: date) -> None:
    issue.accept_due_on = ruled_end(day, SIGNING_RULE).day


def _copy_promise(issue: Issue) -> None:
    issue.promise_workdays, issue.promise_in = issue.category.promise_workdays, issue.category.promise_in


def _start_handling_clock(issue: Issue, day: date) -> None:
    _forget_changes(issue)
    issue.due_from = day
    set_due(issue, handling_deadline(issue))


def handling_deadline(issue: Issue) -> Deadline:
    """The handling deadline as the calendar now known has it: the promise from day 0, then what was paused and what was granted."""
    start = issue.due_from or issue.assigned_on
    if start is None or issue.promise_workdays is None:
        raise ValueError(f"{issue.code} has no handling clock")
    promised = period_end(start, issue.promise_workdays, issue.promise_in)
    return prolonged(promised, issue.paused_workdays + issue.extended_workdays)


def set_due(issue: Issue, deadline: Deadline) -> None:
    """Put a handling deadline on the issue."""
    issue.due_on, issue.due_is_provisional = deadline.day, deadline.provisional


def _move_due(issue: Issue, workdays: int) -> None:
    if issue.due_on is not None:
        set_due(issue, prolonged(Deadline(issue.due_on, issue.due_is_provisional), workdays))


def _end_pause(issue: Issue, day: date) -> None:
    """The clock runs on: what is due moves by the workdays it stood still."""
    if issue.paused_on is None:
        return
    stood = workdays_between(issue.paused_on, day)
    _move_due(issue, stood)
    if issue.accept_due_on is not None and issue.accepted_on is None:
        issue.accept_due_on = add_workdays(issue.accept_due_on, stood).day
    issue.paused_workdays += stood
    issue.paused_on = None


def _forget_changes(issue: Issue) -> None:
    """A new clock knows nothing of the pauses and extensions of the one before."""
    issue.paused_on = issue.extension_days = None
    issue.paused_workdays = issue.extended_workdays = 0


def settle_clocks(issue: Issue, day: date) -> None:
    """After any move: where no unit works on it any more, no pause goes on and no wish for more time is open."""
    if issue.state not in IN_HAND_STATES:
        _end_pause(issue, day)
    if issue.state != State.IN_PROGRESS:
        issue.extension_days = None


def _forget_answer(issue: Issue) -> None:
    """Answer, follow-up and satisfaction are those of the present round; earlier rounds stand in the events."""
    issue.answered_on = issue.follow_up_due_on = issue.followed_up_on = None
    issue.satisfaction = issue.follow_up_mode = ""


def merge(issue: Issue, step: Step) -> None:
    """Holder and clocks stay as they are, so that a split finds them."""
    issue.main, issue.merged_from = step.main, step.from_state


def split(issue: Issue, step: Step) -> None:
    """Back to where it was; deadlines went on meanwhile."""
    issue.state, issue.main, issue.merged_from = issue.merged_from, None, ""


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
    "consult": consult,
    "reopen": reopen,
    "void": void,
    "extend": extend,
    "approve_extension": approve_extension,
    "refuse_extension": refuse_extension,
    "pause": pause,
    "resume": resume,
    "remind": remind,
    "supervise": supervise,
    "merge": merge,
    "split": split,
}
