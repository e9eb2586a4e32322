"""`/dashboard/stations/`: the stations of the place in the period, and exactly the rows behind each of their figures."""

from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse

from stations import figures as counts
from stations.building_selectors import with_money
from stations.counting import WAY_LABELS
from unionportal.core.common.errors import NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.selectors import stations as selectors
from unionportal.reporting.selectors.months import Months
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.views.dashboard import SectionView, place_query, read_place
from unionportal.reporting.views.sections import townships_of

#: What a list of each kind of row reads along with it.
_ALONG: dict[str, tuple[str, ...]] = {
    selectors.STATION: ("township", "kind"),
    selectors.RENOVATION: ("station", "township"),
    selectors.EVENT: ("station__township",),
    selectors.COUNT: ("station__township",),
    selectors.CHECK_IN: ("station__township",),
    selectors.REPAIR: ("station__township",),
    selectors.RATING: ("station__township",),
    selectors.ISSUE: ("category", "township", "holder", "enterprise"),
}


class StationsView(SectionView):
    """`/dashboard/stations/`"""

    section = "stations/"
    freezes = False
    template_name = "reporting/dashboard_stations.html"

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        found = counts.figures(selectors.cut_of(place))
        figures = selectors.station_figures(place, found)
        headings = [selectors.MEASURES[measure] for measure in selectors.COLUMNS]
        return {
            "tiles": markup.tiles(figures),
            "added_words": found.served.added_words,
            "kinds": selectors.kind_parts(place),
            "columns": [WAY_LABELS.get(one.id, one.name) for one in headings],
            "townships": selectors.township_cells(place, townships_of(place, units)),
            "definitions": [(one.name, one.formula) for one in selectors.MEASURES.values()],
        }


class StationRowsView(PageView):
    """The list behind a figure. Where it adds a column up, the number stated is the sum, and each row shows its part."""

    action = "dashboard.view"
    template_name = "reporting/station_rows.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        place, _, notice = read_place(request, freezes=False)
        measure = selectors.MEASURES.get(request.GET.get("measure", ""))
        if measure is None:
            raise NotFound("没有这个指标。")
        rows = measure.rows(selectors.cut_of(place))
        if kind := request.GET.get("kind", ""):
            rows = rows.filter(kind__code=kind) if measure.kind == selectors.STATION else rows.none()
        page = keyset_page(_with_names(rows, measure.kind), request, order=selectors.ORDERS[measure.kind])
        return self.page(
            {
                "measure": measure,
                "place": place,
                "notice": notice,
                "page": page,
                "count": _total(rows, measure.adds),
                "back_url": f"/dashboard/stations/?{place_query(place)}",
            }
        )


def _with_names(rows: QuerySet, kind: str) -> QuerySet:
    rows = rows.select_related(*_ALONG[kind])
    if kind == selectors.RENOVATION:
        return with_money(rows)
    return rows.defer("search_tokens") if kind in (selectors.STATION, selectors.ISSUE) else rows


def _total(rows: QuerySet, adds: str) -> int:
    if not adds:
        return rows.count()
    return int(rows.order_by().aggregate(total=Sum(adds))["total"] or 0)
