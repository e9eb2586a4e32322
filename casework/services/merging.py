"""并案: duplicates point to the main issue and can be split again. Source: docs/domain.md, "Duplicates"."""

from datetime import datetime

from casework.models import Issue
from casework.services.log import append_event
from casework.workflow import ABSORB, OPEN_STATES, RELEASE, STATE_LABELS, Move, State
from unionportal.core.common.errors import NotFound
from unionportal.core.common.scope import Scope


def locked_pair(code: str, main: Issue | None, actor: Scope) -> tuple[Issue, Issue | None]:
    """The issue and its (wanted or present) main one, re-read under their row locks, if the person can see them.

    Both are taken in one order, so that two people who merge crosswise wait for each other instead of for ever.
    """
    visible = Issue.objects.visible_to(actor)
    known = visible.filter(code=code).values_list("pk", "main_id").first()
    if known is None:
        raise NotFound
    wanted = {known[0], main.pk if main is not None else known[1]} - {None}
    rows = Issue.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)).select_related("holder")
    found = {row.pk: row for row in rows}
    issue = found[known[0]]
    if not visible.filter(pk=issue.pk).exists():
        raise NotFound  # it left the person's reach while this waited
    if issue.main_id is not None and issue.main_id in found:
        issue.main = found[issue.main_id]
    return issue, found.get(main.pk) if main is not None else None


def main_problem(issue: Issue, move: Move, main: Issue) -> str:
    """Why the issue cannot be merged into this one; "" if it can."""
    if "main" not in move.fields:
        return "" if main.pk == issue.main_id else "这一步不填主诉求。"
    if main.pk == issue.pk:
        return "不能并入自己。"
    if main.state == State.MERGED:
        return f"{main.code} 自己已并入另一条诉求，请填那一条的编号。"
    if main.state not in OPEN_STATES:
        return f"{main.code} 现在是“{STATE_LABELS[main.state]}”，不能并入；需要时先重启它。"
    if Issue.objects.filter(main=issue).exists():
        return "已有其他诉求并入这一条，请先拆开，或把那一条并入这一条。"
    return ""


def tell_main(main: Issue, issue: Issue, action: str, *, actor: Scope, now: datetime) -> None:
    """The main issue's own event for what was merged into it or split from it. It stays in its state."""
    main.version += 1
    main.save(update_fields=["version"])
    append_event(
        issue=main,
        action=ABSORB if action == "merge" else RELEASE,
        from_state=main.state,
        actor=actor,
        happened_at=now,
        recorded_at=now,
        data={"issue": issue.code},
    )
