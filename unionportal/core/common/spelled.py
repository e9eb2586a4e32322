"""Querysets asked on every request, put into SQL once a process: for a small table the ORM takes longer to spell a question than the database to answer it."""

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def columns(model: type[Model]) -> tuple[str, ...]:
    """All columns of a model, as `values_list` takes them and `Spelled.objects` wants them."""
    return tuple(field.attname for field in model._meta.concrete_fields)


class Spelled:
    """A queryset of columns (`values_list`) that is the same from call to call but for some single values.

    `make` is called once, with `examples`: values of the right types that stand in for what `rows` gives and occur nowhere else in the question.
    """

    def __init__(self, make: Callable[..., QuerySet], **examples: Any) -> None:
        self._make = make
        self._examples = examples

    @cached_property
    def _spelling(self) -> tuple[str, tuple[Any, ...]]:
        """SQL, and for each of its parameters a name of `examples`, or (value,) where it is always the same."""
        sql, params = self._make(**self._examples).query.sql_with_params()
        names = {value: name for name, value in self._examples.items()}
        return sql, tuple(names.get(param, (param,)) for param in params)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values, as they come from the database."""
        sql, slots = self._spelling
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[slot] if isinstance(slot, str) else slot[0] for slot in slots])
            return cursor.fetchall()

    def objects(self, model: type[M], **values: Any) -> list[M]:
        """The same as objects of the model, for a question of its `columns`."""
        return _as_objects(model, columns(model), self.rows(**values))


def by_ids(model: type[M], ids: Iterable[int | None], *, but: str = "") -> dict[int, M]:
    """Rows of a model by their ids, without the column `but`; None is left out. For what many rows of a page point to: joining the tables
    costs the database more than another question, and the ORM more than both."""
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return {}
    statement, names = _by_ids(model, but)
    with connection.cursor() as cursor:
        cursor.execute(statement, [[*wanted]])
        return {row.pk: row for row in _as_objects(model, names, cursor.fetchall())}


@cache
def _by_ids(model: type[Model], but: str) -> tuple[str, tuple[str, ...]]:
    quote, names = connection.ops.quote_name, tuple(name for name in columns(model) if name != but)
    listed = ", ".join(quote(model._meta.get_field(name).column) for name in names)
    return f"SELECT {listed} FROM {quote(model._meta.db_table)} WHERE id = ANY(%s)", names


def _as_objects(model: type[M], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> list[M]:
    """As the ORM would make them; JSON and the like, which it converts, it must read itself."""
    return [model.from_db(connection.alias, names, row) for row in rows]
