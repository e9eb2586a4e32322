"""Answers for the reporter's eyes, kept apart from the notes of the handling."""

from datetime import datetime

from casework.models import Issue, PublicAnswer
from casework.workflow import Move
from unionportal.core.common.scope import Scope

ANSWER_LENGTH = 1000


def answer_problem(move: Move, text: str) -> str:
    """Why this answer cannot go with this move; "" if it can."""
    if "answer" not in move.fields:
        return "这一步不写给反映人的答复。"
    return f"给反映人的答复最多 {ANSWER_LENGTH} 个字。" if len(text) > ANSWER_LENGTH else ""


def keep_answer(issue: Issue, text: str, *, actor: Scope, now: datetime) -> PublicAnswer:
    """Store what the reporter may read, in the transaction of the step it belongs to."""
    issue.add_to_search(text)
    return PublicAnswer.objects.create(issue=issue, text=text, written_by_id=actor.user_id, written_at=now)
