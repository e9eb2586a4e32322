"""Sealing anew what older keys or another cipher sealed, so that those keys can be taken out of FIELD_KEYS. docs/operations.md, "Field keys"."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from unionportal.core.audit.services import record
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable, fingerprint, seal, seal_prefix, unseal
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_reseal

#: Rows a transaction locks: others go on working meanwhile.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of one column: rows sealed anew, and rows that no key opens."""

    column: str  # or what else is sealed
    resealed: int
    unreadable: int


def sealed_columns() -> Iterator[tuple[type[Model], SealedField]]:
    """Every sealed column of the project."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field


def field_keys_rotate(*, actor: Scope) -> list[Rotated]:
    """Seal every stale row with the newest key, a transaction a batch: broken off, it is simply called again. What no key opens stays as it is."""
    require(actor, "field_keys.rotate")
    done = [*(_rotate(model, field) for model, field in sealed_columns()), _rotate_files()]
    record(
        actor=actor,
        action="field_keys.rotate",
        object_type="field_keys",
        object_id=seal_prefix().partition(".")[0],
        resealed=sum(each.resealed for each in done),
        unreadable=sum(each.unreadable for each in done),
    )
    return done


def _rotate(model: type[Model], field: SealedField) -> Rotated:
    resealed = unreadable = last = 0
    while True:
        with transaction.atomic():
            rows = (
                model._base_manager.select_for_update(of=("self",))
                .filter(pk__gt=last)
                .exclude(**{field.attname: ""})
                .exclude(**{f"{field.attname}__startswith": seal_prefix()})
                .order_by("pk")[:BATCH]
            )
            batch = list(rows)
            opened = sum(_reseal(row, field) for row in batch)
        if not batch:
            return Rotated(f"{model._meta.label}.{field.name}", resealed, unreadable)
        resealed += opened
        unreadable += len(batch) - opened
        last = batch[-1].pk


def _rotate_files() -> Rotated:
    """Attachments with personal data, a transaction each: also those that lie open in the store from before they were sealed."""
    resealed = unreadable = 0
    stale = Attachment.objects.filter(is_personal=True).exclude(sealed_with=seal_prefix())
    for pk in list(stale.values_list("pk", flat=True)):
        try:
            resealed += attachment_reseal(pk)
        except Unreadable:
            unreadable += 1
    return Rotated("files.Attachment.file", resealed, unreadable)


def _reseal(row: Model, field: SealedField) -> bool:
    """Whether the row could be opened, and is sealed anew. Only its columns are written: nothing else of the row has changed."""
    context = getattr(row, field.context)
    try:
        text = unseal(getattr(row, field.attname), context=context)
    except Unreadable:
        return False
    columns = {field.attname: seal(text, context=context)}
    if field.find:
        columns[field.find] = fingerprint(text, purpose=field.purpose)
    type(row)._base_manager.filter(pk=row.pk).update(**columns)
    return True
