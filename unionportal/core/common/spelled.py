"""Querysets asked on every request, put into SQL once a process and planned once a connection: for a small table the ORM takes longer to spell a
question, and the database to plan it, than to answer it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.transaction import TransactionManagementError
from psycopg import Cursor
from psycopg.sql import Literal

M = TypeVar("M", bound=Model)


def columns(model: type[Model], *, but: str = "") -> tuple[str, ...]:
    """All columns of a model but one, as `values_list` takes them and `Spelled.objects` wants them."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname != but)


def planned_rows(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement asked again and again with other values: from the third time on a connection has it prepared (`prepare_threshold`).

    What never changes belongs into the text, or a partial index would not be found.
    """
    with connection.cursor() as cursor:
        # The usual one writes the values into the text, which is then another statement each time.
        cursor.cursor = Cursor(connection.connection)
        cursor.execute(statement, values)
        return cursor.fetchall()


class Spelled:
    """A queryset of columns (`values_list`) that is the same from call to call but for some single values.

    `make` is called once, with `examples`: values of the right types that stand in for what `rows` gives and occur nowhere else in the question.
    """

    def __init__(self, make: Callable[..., QuerySet], **examples: Any) -> None:
        self._make = make
        self._examples = examples

    @cached_property
    def _spelling(self) -> tuple[str, tuple[str, ...]]:
        """SQL with a place for each of the values named; what is always the same stands in it."""
        sql, params = self._make(**self._examples).query.sql_with_params()
        names = {value: name for name, value in self._examples.items()}
        pieces, slots = sql.split("%s"), tuple(names.get(param, "") for param in params)
        written = [
            "%s" if slot else Literal(param).as_string(None).replace("%", "%%")
            for slot, param in zip(slots, params, strict=True)
        ]
        text = "".join(piece + value for piece, value in zip(pieces, (*written, ""), strict=True))
        return text, tuple(slot for slot in slots if slot)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values, as they come from the database."""
        sql, slots = self._spelling
        if "FOR UPDATE" in sql and not connection.in_atomic_block:
            raise TransactionManagementError("a lock needs a transaction")  # Django asks only while it spells
        return planned_rows(sql, [values[slot] for slot in slots])

    def objects(self, model: type[M], *, but: str = "", **values: Any) -> list[M]:
        """The same as objects of the model, for a question of its `columns`."""
        return _as_objects(model, but, self.rows(**values))


def by_ids(model: type[M], ids: Iterable[Any], *, key: str = "id", but: str = "") -> dict[Any, M]:
    """Rows of a model by their ids, or by what they have in the unique column `key`, without the column `but`; None is left out.

    For what the rows of a page point to: to plan a join of their tables takes the database longer than to answer another question, and the
    ORM longer than both.
    """
    wanted = {pk for pk in ids if pk is not None}
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_by_ids(model, key, but), [[*wanted]])
        return {getattr(row, key): row for row in _as_objects(model, but, cursor.fetchall())}


@cache
def _by_ids(model: type[Model], key: str, but: str) -> str:
    quote = connection.ops.quote_name
    called = {field.attname: quote(str(field.column)) for field in model._meta.concrete_fields}
    listed = ", ".join(called[name] for name in columns(model, but=but))
    return f"SELECT {listed} FROM {quote(model._meta.db_table)} WHERE {called[key]} = ANY(%s)"


@cache
def _shape(model: type[Model], but: str) -> tuple[tuple[str, ...], tuple[tuple[int, Any], ...]]:
    """The columns, and of those the database's values of which are not yet Python's: where they stand, and what makes them so."""
    names = columns(model, but=but)
    reads = ((place, getattr(model._meta.get_field(name), "from_db_value", None)) for place, name in enumerate(names))
    return names, tuple((place, read) for place, read in reads if read)


def _as_objects(model: type[M], but: str, rows: Iterable[tuple[Any, ...]]) -> list[M]:
    names, reads = _shape(model, but)
    found = []
    for row in rows:
        values = list(row)
        for place, read in reads:
            values[place] = read(values[place], None, connection)
        found.append(_instance(model, dict(zip(names, values, strict=True))))
    return found


def _instance(model: type[M], fields: dict[str, Any]) -> M:
    """As `Model.from_db` at a fraction of its cost, which a page of a hundred units feels. Made as unpickling makes them: no signal is sent."""
    made = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, connection.alias
    made.__dict__ = {"_state": state, **fields}
    return made
