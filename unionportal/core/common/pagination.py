"""Keyset pages: the fiftieth page costs what the first does. Counts are bounded, and say so."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50
COUNT_BOUND = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `count_label` is exact up to COUNT_BOUND and "1000+" beyond."""

    items: list[Any]
    next_url: str | None
    previous_url: str | None
    count_label: str


def keyset_page(queryset: QuerySet, request: HttpRequest, *, order: Sequence[str], size: int = PAGE_SIZE) -> Page:
    """The page of `queryset` that the URL's `after` or `before` cursor asks for, in `order` (the last field unique).

    A damaged cursor shows the first page. Filters stay in the URL.
    """
    after, before = _decode(request.GET.get("after")), _decode(request.GET.get("before"))
    backwards = before is not None and after is None
    cursor = before if backwards else after
    names = [name.lstrip("-") for name in order]
    if cursor is not None and len(cursor) != len(names):
        cursor = None
    rows = queryset.order_by(*([_flip(n) for n in order] if backwards else order))
    if cursor is not None:
        rows = rows.filter(_beyond(order, cursor, backwards=backwards))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    came_from_cursor = cursor is not None
    has_next = bool(found) and (came_from_cursor if backwards else more)
    has_previous = bool(found) and (more if backwards else came_from_cursor)
    return Page(
        items=found,
        next_url=_url(request, "after", found[-1], names) if has_next else None,
        previous_url=_url(request, "before", found[0], names) if has_previous else None,
        count_label=count_label(queryset),
    )


def count_label(queryset: QuerySet, bound: int = COUNT_BOUND) -> str:
    """The number of rows, exact up to the bound: never a count over the whole table."""
    number = queryset.order_by()[: bound + 1].count()
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
        condition |= Q(**equal, **{f"{field}__{'lt' if descending else 'gt'}": value})
        equal[field] = value
    first = order[0].lstrip("-")
    descending = order[0].startswith("-") != backwards
    return Q(**{f"{first}__{'lte' if descending else 'gte'}": cursor[0]}) & condition


def _url(request: HttpRequest, direction: str, row: Any, names: Sequence[str]) -> str:
    values = []
    for name in names:
        value = row
        for part in name.split("__"):
            value = getattr(value, part)
        values.append(value)
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[direction] = _encode(values)
    return f"?{query.urlencode()}"


def _encode(values: Sequence[Any]) -> str:
    plain = [v.isoformat() if isinstance(v, date | datetime) else (v if isinstance(v, int) else str(v)) for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(text: str | None) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    return values if isinstance(values, list) else None
