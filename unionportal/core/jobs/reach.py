"""How far a person's view reached when a file was written, and whether it still does when the file is fetched."""

from dataclasses import asdict
from typing import Any

from unionportal.core.common.scope import Scope

_SETS = ("township_ids", "unit_ids", "aid_unit_ids", "posted_township_ids", "posted_enterprise_ids")


def reach_of(scope: Scope) -> dict[str, Any]:
    """As JSON, to be kept with the file."""
    facts = asdict(scope)
    return {"district": scope.district, **{name: sorted(facts[name]) for name in _SETS}}


def still_reaches(scope: Scope, kept: dict[str, Any]) -> bool:
    """Whether everything that was in view then is in view now."""
    if scope.district:
        return True
    return not kept.get("district") and all(set(kept.get(name, ())) <= getattr(scope, name) for name in _SETS)
