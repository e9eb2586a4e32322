from typing import Any

from django.db.models import QuerySet
from rest_framework import pagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from unionportal.core.common.pagination import Slice, decode_cursor, encode_cursor, keyset_slice

AFTER, BEFORE = "a", "b"


class CursorPagination(pagination.CursorPagination):
    """`{next, previous, results}`, `?limit=` up to 500. A view names its `ordering`; the last field must be unique.

    The cursor is the whole key of a row, not the framework's first field and an offset: a day with thousands of issues
    would outrun that offset and repeat rows.
    """

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 500
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        ordering = getattr(view, "ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.base_url = request.build_absolute_uri()
        self.order = self.get_ordering(request, queryset, view)
        text = request.query_params.get(self.cursor_query_param, "")
        self.part: Slice = keyset_slice(
            queryset,
            order=self.order,
            size=self.get_page_size(request) or self.page_size,
            cursor=decode_cursor(text[1:]),
            backwards=text[:1] == BEFORE,
        )
        return self.part.items

    def get_next_link(self) -> str | None:
        return self._link(AFTER, self.part.items[-1]) if self.part.has_next else None

    def get_previous_link(self) -> str | None:
        return self._link(BEFORE, self.part.items[0]) if self.part.has_previous else None

    def _link(self, direction: str, row: Any) -> str:
        cursor = direction + encode_cursor(row, self.order)
        return replace_query_param(str(self.base_url), str(self.cursor_query_param), cursor)
