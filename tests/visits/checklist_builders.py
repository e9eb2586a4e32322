"""Short ways to checklists for the tests of visits."""

from typing import Any

from visits.models import ChecklistVersion
from visits.services.checklists import ItemInput

#: The answers the safety checklist cannot do without.
FINE = {"exits": "yes", "extinguishers": "yes", "wiring": "yes"}


def newest(code: str) -> ChecklistVersion:
    """The newest version of a checklist, a draft included."""
    return ChecklistVersion.objects.filter(checklist__code=code).order_by("-number")[0]


def item(code: str, **facts: Any) -> ItemInput:
    return ItemInput(**{"code": code, "text": f"检查{code}", "answer": "yes_no", **facts})


def on_page(version: ChecklistVersion, **answers: str) -> dict[str, str]:
    """What the page sends of a checklist."""
    return {"checklist": str(version.pk), **{f"check-{code}": value for code, value in answers.items()}}
