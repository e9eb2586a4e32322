"""Rows with personal data: how a text is sealed into its column, found and opened again."""

from typing import cast

from django.db import models

from unionportal.core.common import sealed
from unionportal.core.common.sealed_field import SealedField


def bound(column: str) -> property:
    """What the sealed text of a column is bound to: model, column, row."""

    def context(row: models.Model) -> str:
        return f"{row._meta.label_lower}.{column}:{row.uuid}"

    return property(context)


class Sealing(models.Model):
    """Personal data in columns `<name>_sealed`, bound to the row's `uuid`."""

    class Meta:
        abstract = True

    def opened(self, name: str) -> str:
        """The text in clear; empty if there is none. Raises `sealed.Unreadable`."""
        text = getattr(self, f"{name}_sealed")
        return sealed.unseal(text, context=getattr(self, f"{name}_context")) if text else ""

    def seal(self, name: str, text: str) -> None:
        """Keep a text, with its keyed hash where the column is looked up by one; an empty text empties both. Saved by the caller."""
        field = cast(SealedField, self._meta.get_field(f"{name}_sealed"))
        setattr(self, field.attname, sealed.seal(text, context=getattr(self, field.context)) if text else "")
        if field.find:
            setattr(self, field.find, sealed.fingerprint(text, purpose=field.purpose) if text else "")


def found_by(name: str, text: str, model: type[Sealing]) -> models.Q:
    """Rows whose sealed column `name` holds exactly this text, whichever key sealed it."""
    field = cast(SealedField, model._meta.get_field(f"{name}_sealed"))
    return models.Q(**{f"{field.find}__in": sealed.fingerprints(text, purpose=field.purpose)})
