"""The column of a sealed text: names it for whoever must find every one of them, as when keys change."""

from typing import Any

from django.db import models


class SealedField(models.TextField):
    """A text column that holds what `sealed.seal` made. To the database, and so to migrations, it is a plain text column.

    `context`: the model's attribute that says what a row's text is bound to. `find`: the column with its keyed hash, made for `purpose`.
    """

    def __init__(self, *args: Any, context: str = "", find: str = "", purpose: str = "", **kwargs: Any) -> None:
        self.context, self.find, self.purpose = context, find, purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
