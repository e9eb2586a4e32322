"""`/dashboard/stations/`: the stations of the place in the period, and exactly the rows behind each of their figures."""

from typing import Any

from django.db.models import QuerySet

from stations import figures as counts
from stations.counting import WAY_LABELS
from stations.models import StationKind
from stations.targets import LABELS as PLAN_LABELS
from unionportal.core.common.errors import NotFound
from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.row_measures import RowMeasure
from unionportal.reporting.selectors import stations as selectors
from unionportal.reporting.selectors.months import Months
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.row_figures import cut_of
from unionportal.reporting.selectors.station_listings import STATION_LISTINGS
from unionportal.reporting.station_measures import STATION, STATION_SHARES
from unionportal.reporting.views.dashboard import SectionView
from unionportal.reporting.views.row_lists import RowListView
from unionportal.reporting.views.sections import townships_of


class StationsView(SectionView):
    """`/dashboard/stations/`"""

    section = "stations/"
    freezes = False
    template_name = "reporting/dashboard_stations.html"
    measures = (*selectors.STATIONS.ids, *(one.id for one in STATION_SHARES.values()))

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        found = counts.figures(cut_of(place))
        townships = townships_of(place, units)
        return {
            "tiles": markup.tiles(selectors.station_figures(place, found)),
            "added_words": found.served.added_words,
            "kinds": selectors.kind_parts(place),
            "targets": selectors.target_lines(place, townships, found),
            "plan": selectors.yearly_plan(place, townships),
            "plan_columns": list(PLAN_LABELS.values()),
            "columns": [WAY_LABELS.get(key, selectors.STATIONS.measures[key].name) for key in selectors.COLUMNS],
            "townships": selectors.township_lines(place, townships),
        }


class StationRowsView(RowListView):
    """The list behind a figure of the stations; `kind=` is a kind of station."""

    section = selectors.STATIONS
    listings = STATION_LISTINGS

    def narrowed(self, measure: RowMeasure, rows: QuerySet) -> tuple[QuerySet, str]:
        code = self.request.GET.get("kind", "")
        if not code:
            return rows, ""
        kind = StationKind.objects.filter(code=code).first()
        if kind is None or measure.lists != STATION:
            raise NotFound("没有这个类型的驿站。")
        return rows.filter(kind=kind), kind.name
