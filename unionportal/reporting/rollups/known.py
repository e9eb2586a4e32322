"""The issues as they were known at a moment, or as a freeze counted them, rebuilt from the events up to there (docs/figures.md, "As of").

Two common table expressions take the names of the two tables: any query put after them reads the past instead of the present, so figures
and rows of the past come from the very conditions of `measures`.
"""

from datetime import datetime
from typing import Any

#: Up to where the log is read: a moment (the steps recorded by then), or the last step that a freeze counted (decision 0034).
Known = datetime | int

#: Columns of an issue that its events carry, and what they are. Columns never carried (none before the first step) are their defaults.
_DAYS = ("accept_due_on", "accepted_on", "due_on", "answered_on", "followed_up_on", "closed_on")
_COUNTS = ("redo_count", "bounce_count", "reopen_count")


def _new(name: str) -> str:
    """A fact's value after its last step; a correction says the old and the new one, as a list."""
    return f"CASE jsonb_typeof(facts.said -> '{name}') WHEN 'array' THEN facts.said -> '{name}' ->> 1 ELSE facts.said ->> '{name}' END"


_SHADOWS = f"""
casework_issueevent AS (SELECT * FROM casework_issueevent WHERE {{known}} <= %s),
last_step AS (
    SELECT DISTINCT ON (issue_id) issue_id, to_state, outcome FROM casework_issueevent ORDER BY issue_id, seq DESC
),
facts AS (
    SELECT e.issue_id, jsonb_object_agg(fact.key, fact.value ORDER BY e.seq) AS said
    FROM casework_issueevent e CROSS JOIN LATERAL jsonb_each(e.data) AS fact GROUP BY e.issue_id
),
casework_issue AS (
    SELECT i.id, coalesce(t.id, i.township_id) AS township_id, coalesce(c.id, i.category_id) AS category_id,
        coalesce(({_new("received_on")})::date, i.received_on) AS received_on,
        last_step.to_state AS state, last_step.outcome,
        {", ".join(f"(facts.said ->> '{name}')::date AS {name}" for name in _DAYS)},
        {", ".join(f"coalesce((facts.said ->> '{name}')::integer, 0) AS {name}" for name in _COUNTS)},
        (facts.said ->> 'workdays_to_close')::smallint AS workdays_to_close,
        coalesce(facts.said ->> 'satisfaction', '') AS satisfaction
    FROM last_step JOIN casework_issue i ON i.id = last_step.issue_id LEFT JOIN facts ON facts.issue_id = i.id
    LEFT JOIN orgs_unit t ON t.code = {_new("township")}
    LEFT JOIN casework_category c ON c.code = {_new("category")}
)"""


def shadows(known: Known) -> tuple[str, list[Any]]:
    """The expressions for a WITH list, and their parameters."""
    return _SHADOWS.format(known="id" if isinstance(known, int) else "recorded_at"), [known]


def ids_known(statement: str, params: list[Any] | tuple[Any, ...], known: Known) -> tuple[str, list[Any]]:
    """A query of issues' ids, asked of the past."""
    past, past_params = shadows(known)
    return f"WITH {past} {statement}", [*past_params, *params]
