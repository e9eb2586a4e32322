"""What a station can be and have: kinds, and facilities beyond the ten standard ones ("10 + X"). Never deleted, only no longer offered."""

from django.db import transaction

from stations.models import Facility, StationKind
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

NAME_LENGTH = 20
#: What the page calls each list, and its rows.
CATALOGUES: dict[str, type[StationKind] | type[Facility]] = {"kind": StationKind, "facility": Facility}
Entry = StationKind | Facility


@transaction.atomic
def catalogue_add(*, catalogue: str, name: str, actor: Scope) -> Entry:
    """Offer another kind or facility, after the others. FieldErrors at name."""
    require(actor, "station.catalogue")
    model, name = _model(catalogue), name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise FieldErrors({"name": f"最多 {NAME_LENGTH} 个字。" if name else "请写名称。"})
    rows = list(model.objects.select_for_update().order_by("position", "id"))
    if any(row.name == name for row in rows):
        raise FieldErrors({"name": "已有这一项；停用的可以重新启用。"})
    last = rows[-1].position if rows else 0
    entry = model.objects.create(code=f"own{len(rows) + 1}", name=name, position=last + 10)
    record(actor=actor, action="station.catalogue", object_type=f"station_{catalogue}", object_id=entry.code)
    return entry


@transaction.atomic
def catalogue_switch(*, catalogue: str, code: str, is_active: bool, actor: Scope) -> Entry:
    """Stop offering an entry, or offer it again. Stations that have it keep it. InvalidTransition where it is so already."""
    require(actor, "station.catalogue")
    entry = _model(catalogue).objects.select_for_update().filter(code=code).first()
    if entry is None:
        raise NotFound
    if entry.is_active == is_active:
        raise InvalidTransition(f"“{entry.name}”已经{'启用' if is_active else '停用'}。")
    entry.is_active = is_active
    entry.save(update_fields=["is_active"])
    record(
        actor=actor,
        action="station.catalogue",
        object_type=f"station_{catalogue}",
        object_id=code,
        is_active=is_active,
    )
    return entry


def _model(catalogue: str) -> type[StationKind] | type[Facility]:
    if catalogue not in CATALOGUES:
        raise NotFound
    return CATALOGUES[catalogue]
