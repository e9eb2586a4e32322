from django.db.models import QuerySet

from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit


def enterprises(scope: Scope) -> QuerySet[Enterprise]:
    """The enterprises a person may see, with their township."""
    return Enterprise.objects.visible_to(scope).select_related("township").defer("search_tokens")


def townships() -> QuerySet[Unit]:
    """Townships in the order of their codes."""
    return Unit.objects.townships().order_by("code")


def unit_tree() -> list[tuple[int, Unit]]:
    """All units with their depth, parents before children, siblings by code. One query: the tree has tens of rows."""
    children: dict[int | None, list[Unit]] = {}
    for unit in Unit.objects.order_by("code"):
        children.setdefault(unit.parent_id, []).append(unit)
    rows: list[tuple[int, Unit]] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in children.get(parent, []):
            rows.append((depth, unit))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return rows
