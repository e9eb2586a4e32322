from collections.abc import Sequence
from typing import Any

from casework.forms.issues import MoveFields
from casework.models import Issue
from casework.services.standing import required_fields, units_for
from casework.workflow import Move, Satisfaction
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit

#: What can be said once for many issues; an answer to a reporter is written issue by issue.
SHARED = ("unit", "outcome", "note")


class BulkForm(MoveFields):
    """The fields of one move for many issues: what one of them must have, all are given."""

    def __init__(self, data: Any = None, *, move: Move, issues: Sequence[Issue], scope: Scope) -> None:
        super().__init__(data, auto_id="bulk_%s")
        required = frozenset().union(*(required_fields(issue, move) for issue in issues))
        self.keep(move, [name for name in move.fields if name in SHARED], required)
        if "unit" in self.fields:
            self.offer_units(_units(issues, scope, move.action))
        if "outcome" in self.fields:
            self.offer_outcomes(move)
        unhappy = sum(issue.satisfaction == Satisfaction.DISSATISFIED for issue in issues)
        if "outcome" in self.fields and unhappy:
            self.fields["note"].help_text = f"其中 {unhappy} 条回访不满意，办结请写明理由。"


def _units(issues: Sequence[Issue], scope: Scope, action: str) -> list[Unit]:
    """Units the person may hand any of them to: staff the same for each issue, a township by the issue's township."""
    samples = list(issues[:1]) if scope.has(Role.STAFF) else list({each.township_id: each for each in issues}.values())
    found = {unit.pk: unit for issue in samples for unit in units_for(issue, scope, action).order_by("kind", "code")}
    return list(found.values())
