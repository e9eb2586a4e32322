"""The rows behind a figure of another app: exactly those, as a list and as a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from unionportal.core.common.errors import NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView
from unionportal.reporting.row_measures import RowMeasure
from unionportal.reporting.selectors.row_figures import Column, Listing, Section, cells_of, cut_of
from unionportal.reporting.views.dashboard import place_query, read_place
from unionportal.reporting.views.figure_file import figure_file

_CHUNK = 1000


class RowListView(PageView):
    """The list of a section's figure; `format=csv` gives the same rows as a file. Where the figure adds a column up, the number stated is the sum."""

    action = "dashboard.view"
    template_name = "reporting/row_list.html"
    section: Section
    listings: Mapping[str, Listing]

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        place, _, notice = read_place(request, freezes=False)
        measure = self.section.measures.get(request.GET.get("measure", ""))
        if measure is None:
            raise NotFound("没有这个指标。")
        rows, part = self.narrowed(measure, measure.rows(cut_of(place)))
        name = f"{measure.name}（{part}）" if part else measure.name
        listing = self.listings[measure.lists]
        if request.GET.get("format") == "csv":
            headings = [column.heading for column in listing.columns]
            lines = _lines(listing, listing.rows(rows).order_by(*listing.order))
            return figure_file(request, measure.id, f"{name}-{place.period.label}", headings, lines)
        page = keyset_page(listing.rows(rows), request, order=listing.order)
        number = measure.count(rows)
        return self.page(
            {
                "measure": measure,
                "name": name,
                "place": place,
                "notice": notice,
                "page": page,
                "listing": listing,
                "lines": [cells_of(listing, row) for row in page.items],
                "count": number,
                "added": page.count_label if measure.adds else "",
                "shown": self.section.text(measure.key, number),
                "back_url": f"{self.section.path}?{place_query(place)}",
                "may_export": request.may("figure.export"),
            }
        )

    def narrowed(self, measure: RowMeasure, rows: QuerySet) -> tuple[QuerySet, str]:
        """The rows of a part of the figure that the address names, and what it is called; all of them where it names none."""
        return rows, ""


def _lines(listing: Listing, rows: QuerySet) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=_CHUNK):
        yield [_in_file(column, row) for column in listing.columns]


def _in_file(column: Column, row: Any) -> Any:
    said = column.note(row) if column.note else ""
    return f"{column.value(row)}（{said}）" if said else column.value(row)
