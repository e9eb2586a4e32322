"""Issues of a service activity: linking them, and answering many in one step, each by its own move. Source: docs/domain.md, "Service activities"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from casework.models import ActivityIssue, Issue, IssueEvent, ServiceActivity
from casework.services.activities import locked, seen_locked, step
from casework.services.activity_holders import tell_holders
from casework.services.answers import ANSWER_LENGTH
from casework.services.moves import NOTE_LENGTH, issue_move
from casework.services.standing import has_reporter, standings
from casework.workflow import STATE_LABELS, UNCOUNTED_STATES, State, Who
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one issue of a step that answers many."""

    code: str
    done: bool
    words: str


@transaction.atomic
def issues_link(*, code: str, issues: Collection[str], actor: Scope, now: datetime | None = None) -> int:
    """Link issues by their numbers to an activity that was not cancelled; how many are new. Nothing of the issues themselves changes.

    Raises NotFound, Forbidden, InvalidTransition, FieldErrors (issues).
    """
    moment = now or clock.now()
    activity = locked(code, actor, None)
    if activity.state == "cancelled":
        raise InvalidTransition("活动已取消，不能再关联诉求。")
    wanted = {number.strip().upper() for number in issues if number.strip()}
    if not wanted or len(wanted) > MOST_AT_ONCE:
        words = f"一次最多关联 {MOST_AT_ONCE} 条诉求。" if wanted else "请至少选择一条诉求。"
        raise FieldErrors({"issues": words})
    found = {issue.code: issue for issue in Issue.objects.visible_to(actor).filter(code__in=wanted)}
    if unknown := sorted(wanted - found.keys()):
        raise FieldErrors({"issues": f"没有编号为 {unknown[0]} 的诉求，或不在您的查看范围内。"})
    if void := next((issue for issue in found.values() if issue.state in UNCOUNTED_STATES), None):
        raise FieldErrors({"issues": f"{void.code} 已是“{STATE_LABELS[void.state]}”，不能关联。"})
    there = set(activity.links.filter(issue__in=found.values()).values_list("issue_id", flat=True))
    fresh = [found[number] for number in sorted(found) if found[number].pk not in there]
    ActivityIssue.objects.bulk_create(
        ActivityIssue(activity=activity, issue=issue, linked_by_id=actor.user_id, linked_at=moment) for issue in fresh
    )
    if fresh:
        step(activity, "link", actor, moment, issues=len(fresh))
    return len(fresh)


@transaction.atomic
def issue_unlink(*, code: str, issue_code: str, actor: Scope, now: datetime | None = None) -> None:
    """Undo a link made by mistake; one by which the issue was answered stays."""
    activity = locked(code, actor, None)
    link = activity.links.filter(issue__code=issue_code, issue__in=Issue.objects.visible_to(actor)).first()
    if link is None:
        raise FieldErrors({"issue": "请选择关联的诉求。"})
    if link.answer_id is not None:
        raise InvalidTransition(f"{issue_code} 已由本次活动反馈，不能取消关联。")
    link.delete()
    step(activity, "unlink", actor, now or clock.now(), issues=1)


@transaction.atomic
def issues_answer(
    *,
    code: str,
    rows: Sequence[tuple[str, int | None]],
    note: str,
    actor: Scope,
    answer: str = "",
    now: datetime | None = None,
) -> list[Answered]:
    """Answer linked issues with one text: each by its own `report` move, which names the activity. `rows`: number and the version seen.

    Only an activity that took place answers, and only issues the person may report themselves: those their unit holds. A row that is refused
    changes nothing of the others, and a repeat answers nothing twice. `answer`: for the reporters of those that have one.
    Raises NotFound, Forbidden, InvalidTransition and FieldErrors (rows, note, answer) before any row is touched.
    """
    moment = now or clock.now()
    activity = seen_locked(code, actor)
    require(actor, "activity.answer")
    if words := why_no_answers(activity, clock.local_date(moment)):
        raise InvalidTransition(words)
    note, answer = note.strip(), answer.strip()
    _check(rows, note, answer)
    links = {
        link.issue.code: link
        for link in activity.links.filter(
            issue__code__in=[number for number, _ in rows], issue__in=Issue.objects.visible_to(actor)
        ).select_related("issue__holder", "answer")
    }
    if not answer and any(not why_not(link.issue, actor) and has_reporter(link.issue) for link in links.values()):
        raise FieldErrors({"answer": "勾选的诉求中有等答复的反映人，请写给反映人的答复。"})
    # In one order, so that two people who answer crosswise wait for each other instead of for ever.
    found = [
        _answer_row(links.get(n), n, version, note, answer, actor, moment) for n, version in sorted(dict(rows).items())
    ]
    done = sum(1 for row in found if row.done)
    if done:
        step(activity, "answer", actor, moment, issues=done)
    return found


@transaction.atomic
def holders_ask(*, code: str, actor: Scope, now: datetime | None = None) -> int:
    """Ask the units that hold linked issues to answer by this activity, once a day; how many units. Nothing is answered for them."""
    moment = now or clock.now()
    activity = locked(code, actor, None)
    today = clock.local_date(moment)
    if words := why_no_answers(activity, today):
        raise InvalidTransition(words)
    units = tell_holders(activity, actor=actor, occasion=today.isoformat(), now=moment)
    if not units:
        raise InvalidTransition("没有承办单位还欠反馈。")
    step(activity, "ask", actor, moment, units=units)
    return units


def why_no_answers(activity: ServiceActivity, today: date) -> str:
    """Why this activity cannot answer issues; "" if it can."""
    if activity.state == "cancelled":
        return "活动已取消，不能据此反馈。"
    if not activity.sessions.filter(held_on__lte=today).exists():
        return "活动还没有举办过，不能据此反馈。"
    return "" if activity.took_place else "请先登记举办，再据此反馈。"


def why_not(issue: Issue, scope: Scope) -> str:
    """Why this person cannot answer this issue now, in words; "" if they can. No queries, if the holder is at hand."""
    if issue.state == State.ANSWERED:
        return "已经反馈，等待回访"
    if issue.state != State.IN_PROGRESS:
        return f"现在是“{STATE_LABELS[issue.state]}”，不能反馈"
    if Who.HOLDER not in standings(issue, scope):
        return f"由{issue.holder}承办，请其反馈"
    return ""


def _check(rows: Sequence[tuple[str, int | None]], note: str, answer: str) -> None:
    problems: dict[str, str] = {}
    if not rows or len(rows) > MOST_AT_ONCE:
        problems["rows"] = f"一次最多反馈 {MOST_AT_ONCE} 条诉求。" if rows else "请至少勾选一条诉求。"
    if not note or len(note) > NOTE_LENGTH:
        problems["note"] = f"最多 {NOTE_LENGTH} 个字。" if note else "请写明办理情况和结果。"
    if len(answer) > ANSWER_LENGTH:
        problems["answer"] = f"给反映人的答复最多 {ANSWER_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)


def _answer_row(
    link: ActivityIssue | None,
    number: str,
    version: int | None,
    note: str,
    answer: str,
    actor: Scope,
    moment: datetime,
) -> Answered:
    """One issue in a savepoint of its own."""
    if link is None:
        return Answered(number, False, "没有关联到这项活动，或不在您的查看范围内")
    issue = link.issue
    if link.answer is not None and version is not None and link.answer.seq == version + 1:
        return Answered(number, False, "刚才已经反馈过，没有重复反馈")
    if words := why_not(issue, actor):
        return Answered(number, False, words)
    try:
        with transaction.atomic():
            moved = issue_move(
                code=number,
                action="report",
                version=version,
                actor=actor,
                now=moment,
                note=note,
                answer=answer if has_reporter(issue) else "",
                activity=link.activity.code,
            )
            link.answer = IssueEvent.objects.get(issue=moved, seq=moved.version)
            link.save(update_fields=["answer"])
    except DomainError as error:
        return Answered(number, False, "；".join(error.fields.values()) or error.detail)
    return Answered(number, True, "已反馈，等待回访")
