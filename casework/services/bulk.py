"""One move on many issues: each by the ordinary `issue_move`, each kept or refused for itself. Source: docs/domain.md, "Many at once"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.bulk import MOST, bulk_move
from casework.models import Issue
from casework.selectors import made_already
from casework.services.moves import issue_move
from unionportal.core.audit.services import record
from unionportal.core.common.errors import DomainError, FieldErrors, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit

GONE = "没有找到，或已不在您的查看范围内。"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one issue. `problem`: why it was refused; "" where the move is made."""

    code: str
    problem: str = ""


@transaction.atomic
def issues_move(
    *,
    action: str,
    versions: Mapping[str, int],
    actor: Scope,
    now: datetime | None = None,
    unit: Unit | None = None,
    outcome: str = "",
    note: str = "",
) -> list[Result]:
    """Make one move on each issue of `versions` (number -> version the person saw), in the order given; a refusal touches no other issue.

    What this person made of that very version already counts as done: the second half of a double tap.
    Raises NotFound, Forbidden, FieldErrors (rows: none, or more than MOST) for the whole.
    """
    require(actor, "issue.bulk")
    move = bulk_move(action, actor)
    if not 1 <= len(versions) <= MOST:
        raise FieldErrors({"rows": f"一次最多 {MOST} 条。" if versions else "请至少勾选一条。"})
    given = {"unit": unit, "outcome": outcome, "note": note}
    given = {name: value for name, value in given.items() if name in move.fields}
    # One order for everybody: two runs that share issues wait for each other instead of for ever.
    rows = Issue.objects.visible_to(actor).filter(code__in=versions).order_by("pk").values_list("code", flat=True)
    problems = {code: _moved(code, versions[code], action, actor, now, given) for code in rows}
    record(
        actor=actor,
        action="issue.bulk",
        object_type="bulk",
        object_id=action,
        done=sum(not problem for problem in problems.values()),
        refused=sum(bool(problems.get(code, GONE)) for code in versions),
    )
    return [Result(code, problems.get(code, GONE)) for code in versions]


def _moved(code: str, version: int, action: str, actor: Scope, now: datetime | None, given: dict) -> str:
    """Why the move was refused; "" once it is made. `issue_move` is atomic: its own savepoint goes with a refusal."""
    try:
        issue_move(code=code, action=action, version=version, actor=actor, now=now, **given)
    except FieldErrors as error:
        return next(iter(error.fields.values()), error.detail)
    except StaleVersion as error:
        return "" if made_already(code=code, action=action, version=version, actor=actor, **given) else error.detail
    except DomainError as error:
        return error.detail
    return ""
