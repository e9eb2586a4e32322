"""Keyset pages: the fiftieth page costs what the first does. Counts are bounded, and say so."""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50
COUNT_BOUND = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `count_label` is exact up to a bound and "1000+" beyond."""

    items: list[Any]
    next_url: str | None
    previous_url: str | None
    count_label: str


def keyset_page(
    queryset: QuerySet,
    request: HttpRequest,
    *,
    order: Sequence[str],
    size: int = PAGE_SIZE,
    bound: int = COUNT_BOUND,
    lines: Callable[[list[Any]], Iterable[Any]] | None = None,
    near: Iterable[QuerySet] = (),
    parts: Iterable[QuerySet] = (),
) -> Page:
    """The page of `queryset` that the URL's `after` or `before` cursor asks for, in `order` (the last field unique).

    A damaged cursor shows the first page. Filters stay in the URL. `bound`: how far it counts. `lines`: reads the rows of given ids, where a row
    shows more than finding it needs; then the database finds and counts them in one go, from its indexes alone where these carry what is asked.
    Only with it: `near`, each the first rows of the same list, as far as they are found fast; the first to fill the first page saves looking
    further. `parts`: together the same rows, a row perhaps in several, where each part has an index that gives the order and the whole has none.
    """
    after, before = decode_cursor(request.GET.get("after")), decode_cursor(request.GET.get("before"))
    backwards = before is not None and after is None
    cursor = before if backwards else after
    if lines is None:
        part = keyset_slice(queryset, order=order, size=size, cursor=cursor, backwards=backwards)
        count = _label(queryset, part, size, bound)
    else:
        part, count = _by_ids([*parts] or [queryset], near, order, size, bound, cursor, backwards)
        shown = {row.id: row for row in lines(part.items)} if part.items else {}
        part = replace(part, items=[shown[pk] for pk in part.items if pk in shown])
    return Page(
        items=part.items,
        next_url=_url(request, "after", part.items[-1], order) if part.has_next else None,
        previous_url=_url(request, "before", part.items[0], order) if part.has_previous else None,
        count_label=count,
    )


def _label(whole: QuerySet, shown: "Slice", size: int, bound: int) -> str:
    """How many there are. Where the bound is no further than the page, another page says enough."""
    if not shown.has_next and not shown.has_previous:
        return str(len(shown.items))
    return f"{bound}+" if bound <= size else count_label(whole, bound)


def _by_ids(
    parts: Sequence[QuerySet],
    near: Iterable[QuerySet],
    order: Sequence[str],
    size: int,
    bound: int,
    cursor: Sequence[Any] | None,
    backwards: bool,
) -> "tuple[Slice, str]":
    """A slice of ids, and how many rows there are. Without a cursor both are one question: the rows are counted in the order of the list."""
    beyond = [_narrowed(part, order, cursor, backwards=backwards) for part in parts] if cursor else [None]
    if None not in beyond:
        ids, _ = _ids(beyond, [_flip(name) for name in order] if backwards else order, size, size)
        more, ids = len(ids) > size, ids[:size]
        if backwards:
            ids.reverse()
        has_next, has_previous = (bool(ids), more) if backwards else (more, bool(ids))
        return Slice(ids, has_next, has_previous), f"{bound}+" if bound <= size else _count_label(parts, bound)
    for first_rows in near:
        ids, _ = _ids([first_rows], order, size, size)
        if len(ids) > size:
            return Slice(ids[:size], has_next=True, has_previous=False), f"{bound}+"
    ids, number = _ids(parts, order, size, max(size, bound))
    return Slice(ids[:size], has_next=len(ids) > size, has_previous=False), bounded(number, bound)


def _ids(parts: Sequence[Any], order: Sequence[str], size: int, bound: int) -> tuple[list[Any], int]:
    """The first `size` ids and one more, in order, and the number of rows up to `bound` and one more."""
    key = parts[0].model._meta.pk.name
    names = [*(name.lstrip("-") for name in order if name.lstrip("-") != key), key]
    first, *others = (part.order_by(*order).values_list(*names)[: bound + 1] for part in parts)
    rows = first.union(*others).order_by(*order)[: bound + 1] if others else first
    # What array_agg is given in order it keeps in order.
    found = _over(rows, f"(array_agg({connection.ops.quote_name(key)}))[:{size + 1}], count(*)")
    return (found[0] or [], found[1]) if found else ([], 0)


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows next to a cursor, in the list's order whichever way they were read."""

    items: list[Any]
    has_next: bool
    has_previous: bool


def keyset_slice(
    queryset: QuerySet, *, order: Sequence[str], size: int, cursor: Sequence[Any] | None, backwards: bool = False
) -> Slice:
    """Up to `size` rows after the cursor (before it, if backwards); the first ones without a cursor or with one that fits no row."""
    rows = queryset.order_by(*([_flip(n) for n in order] if backwards else order))
    beyond = _narrowed(rows, order, cursor, backwards=backwards)
    found = list((rows if beyond is None else beyond)[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    came_from_cursor = beyond is not None
    return Slice(
        items=found,
        has_next=bool(found) and (came_from_cursor if backwards else more),
        has_previous=bool(found) and (more if backwards else came_from_cursor),
    )


def _narrowed(
    rows: QuerySet, order: Sequence[str], cursor: Sequence[Any] | None, *, backwards: bool
) -> QuerySet | None:
    """The rows beyond the cursor; None without one, or where somebody made it up."""
    if cursor is None or len(cursor) != len(order):
        return None
    try:
        return rows.filter(_beyond(order, cursor, backwards=backwards))
    except (TypeError, ValueError, ValidationError):
        return None


def count_label(queryset: QuerySet, bound: int = COUNT_BOUND) -> str:
    """The number of rows, exact up to the bound: never a count over the whole table."""
    return _count_label([queryset], bound)


def _count_label(parts: Sequence[QuerySet], bound: int) -> str:
    first, *others = (part.order_by().values("pk")[: bound + 1] for part in parts)
    found = _over(first.union(*others)[: bound + 1] if others else first, "count(*)")
    return bounded(found[0] if found else 0, bound)


def _over(rows: QuerySet, wanted: str) -> tuple[Any, ...] | None:
    """One line of aggregates over a slice, for which `aggregate` builds a second query around a copy of the first; None where nothing can match."""
    try:
        statement, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM ({statement}) bounded", params)
        return cursor.fetchone()


def bounded(number: int, bound: int = COUNT_BOUND) -> str:
    """A number of rows as lists print it."""
    return f"{bound}+" if number > bound else str(number)


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], cursor: Sequence[Any], *, backwards: bool) -> Q:
    """Rows after (or before) the cursor: (a, b) < (x, y) spelled so that the index on (a, b) serves it."""
    condition = Q()
    equal: dict[str, Any] = {}
    for name, value in zip(order, cursor, strict=True):
        field = name.lstrip("-")
        descending = name.startswith("-") != backwards
        if value is None:
            # Equal in a column that may be empty; whether anything lies beyond, is for the columns after it.
            equal[f"{field}__isnull"] = True
            continue
        condition |= Q(**equal, **{f"{field}__{'lt' if descending else 'gt'}": value})
        equal[field] = value
    if cursor[0] is None:
        return condition
    first = order[0].lstrip("-")
    descending = order[0].startswith("-") != backwards
    return Q(**{f"{first}__{'lte' if descending else 'gte'}": cursor[0]}) & condition


def _url(request: HttpRequest, direction: str, row: Any, order: Sequence[str]) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[direction] = encode_cursor(row, order)
    return f"?{query.urlencode()}"


def encode_cursor(row: Any, order: Sequence[str]) -> str:
    """Where a row stands in the order, as text for an address."""
    values = []
    for name in order:
        value = row
        for part in name.lstrip("-").split("__"):
            value = getattr(value, part, None)
        values.append(value)
    return _encode(values)


def _encode(values: Sequence[Any]) -> str:
    plain = [
        v.isoformat() if isinstance(v, date | datetime) else (v if v is None or isinstance(v, int) else str(v))
        for v in values
    ]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(text: str | None) -> list[Any] | None:
    """The values of a cursor, or None where there is none or it is damaged."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    return values if isinstance(values, list) else None
