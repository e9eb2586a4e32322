"""The one write path for every action of the workflow table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from casework.models import Issue, IssueEvent
from casework.routing import person_for
from casework.services.answers import answer_problem, keep_answer
from casework.services.barriers import barrier
from casework.services.bars import barred, extension_left
from casework.services.consultations import consultation_opened, party_problems
from casework.services.effects import EFFECTS, Step, settle_clocks
from casework.services.escalation import escalate_if_due
from casework.services.log import append_event, tracked_values
from casework.services.merging import locked_pair, main_problem, tell_main
from casework.services.standing import is_too_late, required_fields, standings, units_for, usual_mode
from casework.workflow import (
    ACTION_LABELS,
    ACTIONS,
    PERSON_MODES,
    SATISFACTION_LABELS,
    STATE_LABELS,
    FollowUpMode,
    Move,
    find_move,
    who_may,
)
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit

NOTE_LENGTH = 4000

MISSING = {
    "main": "请填写主诉求的编号。",
    "unit": "请选择承办单位。",
    "note": "请写明情况或理由。",
    "outcome": "请选择办理结果。",
    "satisfaction": "请选择满意度。",
    "days": "请填写需要延长几个工作日。",
    "mode": "请选择回访方式。",
    "answer": "反映人只看得到这一栏，请写给反映人的答复。",
}

#: Where a move says it in words of its own.
MISSING_OF = {("reject", "answer"): "不予受理须书面答复反映人，请写明理由。"}

#: What a move writes besides the issue and its event, in the same transaction: (issue, step, note, actor, now).
FOLLOWING: dict[str, Callable[[Issue, Step, str, Scope, datetime], object]] = {"consult": consultation_opened}


@transaction.atomic
def issue_move(
    *,
    code: str,
    action: str,
    version: int | None,
    actor: Scope,
    now: datetime | None = None,
    happened_at: datetime | None = None,
    note: str = "",
    unit: Unit | None = None,
    outcome: str = "",
    satisfaction: str = "",
    days: int | None = None,
    answer: str = "",
    main: Issue | None = None,
    mode: str = "",
    units: Sequence[Unit] = (),
    bodies: Sequence[str] = (),
    activity: str = "",
    input_problems: Mapping[str, str] | None = None,
) -> Issue:
    """Make one move of `workflow.MOVES` and return the issue as saved.

    Checks, in this order: NotFound (no such action, or the issue lies out of scope), Forbidden (role or standing), StaleVersion,
    InvalidTransition, FieldErrors. `input_problems` are fields the caller could not read, told in their turn.
    `version` is the one the person saw; None is a field error. `happened_at` enters a step late: not in the future, not before
    the step before it. `days` are workdays. `activity`: number of the service activity by which it is answered, kept in the event.
    A follow-up without `mode` is a visit of a cadre, a call of staff.

    A step that makes the issue a matter for those above (docs/domain.md, "Clocks") is followed by the portal's own step in the same transaction.
    """
    if action not in ACTIONS:
        raise NotFound("没有这种操作。")
    moment = now or clock.now()
    issue, main = locked_pair(code, main, actor)
    if standings(issue, actor).isdisjoint(who_may(action, issue.state)):
        raise Forbidden(f"您不能{ACTION_LABELS[action]}这条诉求。")
    if version is not None and version != issue.version:
        raise StaleVersion
    note, answer = note.strip(), answer.strip()
    step = Step(
        day=clock.local_date(happened_at or moment),
        unit=unit,
        outcome=outcome,
        satisfaction=satisfaction,
        days=days,
        main=main if main is not None else issue.main,
        from_state=issue.state,
        mode=mode or (usual_mode(issue, actor) if action == "follow_up" else ""),
        person=person_for(issue, unit) if action == "assign" else None,
        units=tuple(units),
        bodies=tuple(bodies),
    )
    move = _permitted_now(issue, action, clock.local_date(moment), actor)
    _check(
        issue,
        move,
        step,
        version=version,
        note=note,
        answer=answer,
        actor=actor,
        moment=moment,
        happened_at=happened_at,
        found=input_problems or {},
    )

    facts = {"main": step.main.code} if step.main is not None else {}
    if activity:
        facts["activity"] = activity
    make_step(issue, move, step, actor=actor, happened_at=happened_at or moment, recorded_at=moment, note=note, **facts)
    if step.main is not None:
        tell_main(step.main, issue, action, actor=actor, now=moment)
    if answer:
        keep_answer(issue, answer, actor=actor, now=moment)
    return issue


def make_step(
    issue: Issue,
    move: Move,
    step: Step,
    *,
    actor: Scope,
    happened_at: datetime,
    recorded_at: datetime,
    note: str = "",
    **facts: str,
) -> Issue:
    """Write one step of a locked issue that has been checked. `facts` go into the event beside the columns that changed."""
    if facts.get("by") == "reporter":
        step = replace(step, mode=FollowUpMode.LINK)
    from_state, before = issue.state, tracked_values(issue)
    target = move.target_with_unit if move.target_with_unit and step.unit else move.target
    if target is not None:
        issue.state = target
    EFFECTS[move.action](issue, step)
    settle_clocks(issue, step.day)
    issue.version += 1
    issue.save()
    after = tracked_values(issue)
    append_event(
        issue=issue,
        action=move.action,
        from_state=from_state,
        actor=actor,
        happened_at=happened_at,
        recorded_at=recorded_at,
        note=note,
        data={name: after[name] for name in after if after[name] != before[name]} | facts,
    )
    if move.action in FOLLOWING:
        FOLLOWING[move.action](issue, step, note, actor, recorded_at)
    if move.action in ("redo", "send_back"):
        escalate_if_due(issue=issue, now=recorded_at)
    return issue


def _permitted_now(issue: Issue, action: str, day: date, actor: Scope) -> Move:
    move = find_move(action, issue.state)
    if move is None:
        raise InvalidTransition(f"这条诉求现在是“{STATE_LABELS[issue.state]}”，不能{ACTION_LABELS[action]}。")
    if words := barred(issue, move, day, actor):
        raise InvalidTransition(words)
    if is_too_late(issue, move, standings(issue, actor), day):
        raise InvalidTransition(f"只有登记当天可以{move.label}自己登记的诉求，请联系区总工会。")
    if words := barrier(issue, move, lock=True):
        raise InvalidTransition(words)
    return move


def _check(
    issue: Issue,
    move: Move,
    step: Step,
    *,
    version: int | None,
    note: str,
    answer: str,
    actor: Scope,
    moment: datetime,
    happened_at: datetime | None,
    found: Mapping[str, str],
) -> None:
    given = {
        "main": step.main,
        "unit": step.unit,
        "note": note,
        "answer": answer,
        "days": step.days,
        "units": step.units,
        "bodies": step.bodies,
        "outcome": step.outcome,
        "satisfaction": step.satisfaction,
    }
    problems = {name: missing_words(move, name) for name in required_fields(issue, move) if not given[name]}
    if "note" in problems and "note" not in move.required:
        problems["note"] = "回访不满意，办结请写明理由。"
    if version is None:
        problems["version"] = "请带上您看到的版本号。"
    if len(note) > NOTE_LENGTH:
        problems["note"] = f"说明最多 {NOTE_LENGTH} 个字。"
    if answer and (problem := answer_problem(move, answer)):
        problems["answer"] = problem
    if step.outcome and step.outcome not in move.outcomes:
        problems["outcome"] = "这一步不能选这个办理结果。" if move.outcomes else "这一步不填办理结果。"
    if step.satisfaction and ("satisfaction" not in move.fields or step.satisfaction not in SATISFACTION_LABELS):
        problems["satisfaction"] = "请在满意、基本满意、不满意中选择。"
    if step.mode and (problem := _mode_problem(move, step)):
        problems["mode"] = problem
    if step.days is not None and (problem := _days_problem(issue, move, step)):
        problems["days"] = problem
    if step.main is not None and (problem := main_problem(issue, move, step.main)):
        problems["main"] = problem
    if step.unit is not None and (problem := _unit_problem(issue, move, step.unit, actor)):
        problems["unit"] = problem
    problems.update(party_problems(issue, move, step.units, step.bodies))
    if happened_at is not None and (problem := _time_problem(issue, happened_at, moment)):
        problems["happened_at"] = problem
    problems.update(found)
    if problems:
        raise FieldErrors(problems)


def missing_words(move: Move, name: str) -> str:
    """What is said where this field of the move was left empty."""
    return MISSING_OF.get((move.action, name), MISSING[name])


def _mode_problem(move: Move, step: Step) -> str:
    if "mode" not in move.fields:
        return "这一步不填回访方式。"
    if step.mode == FollowUpMode.LINK:
        return "链接评价只能由反映人自己通过链接提交。"
    return "" if step.mode in PERSON_MODES else "请选择上门或电话。"


def _days_problem(issue: Issue, move: Move, step: Step) -> str:
    if "days" not in move.fields:
        return "这一步不填天数。"
    left = extension_left(issue, step.day)
    return "" if 1 <= (step.days or 0) <= left else f"请填写 1 到 {left} 之间的整数（累计延期有上限）。"


def _unit_problem(issue: Issue, move: Move, unit: Unit, actor: Scope) -> str:
    if "unit" not in move.fields:
        return "这一步不选承办单位。"
    if move.action == "reopen" and "unit" not in required_fields(issue, move):
        return "重启后由原承办单位继续办理；需要更换时请重启后再转办。"
    if move.action == "transfer" and unit.pk == issue.holder_id:
        return f"现在就是{unit}承办，请选择另一个单位。"
    if not units_for(issue, actor, move.action).filter(pk=unit.pk).exists():
        return f"您不能交给{unit}，请在可选的单位中选择。" if unit.is_active else f"{unit}已停用，请另选单位。"
    return ""


def _time_problem(issue: Issue, happened_at: datetime, moment: datetime) -> str:
    if happened_at > moment:
        return "发生时间不能晚于现在。"
    last = IssueEvent.objects.filter(issue=issue).order_by("-seq").values_list("happened_at", flat=True).first()
    if last is not None and happened_at < last:
        return "发生时间不能早于上一步。"
    return ""
