"""Pages of coverage: circles against townships and enterprises, distances, the year by township; and what is taken out."""

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from stations.coverage import (
    MOST_NAMED,
    circle_radius,
    coverage_of,
    employers_covered,
    neighbours_of,
    outdoor_enterprises,
    spots_of,
    townships_seen,
)
from stations.coverage_map import drawing_of
from stations.filters import StationFilter
from stations.gaps import sites_for, township_gaps
from stations.geojson import station_features
from stations.models import Station
from stations.summary import HEADINGS, Summary, year_summary
from stations.views.asked import number_in, year_asked
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.filtering import selection
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.tables import XLSX_TYPE, csv_answer, workbook
from unionportal.core.common.views import PageView
from unionportal.core.orgs.filters import EnterpriseFilter

RADII = (500, 1000, 1500, 2000, 3000)


class CoverageView(PageView):
    action = "station.coverage"
    template_name = "stations/coverage.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        radius, usual = _radius(request), circle_radius()
        coverage = coverage_of(request.scope, radius=radius)
        own = None if request.scope.district else set(request.scope.township_ids)
        spots = [spot for spot in coverage.spots if own is None or spot.township_id in own]
        gaps = coverage.employer_gaps
        return self.page(
            {
                "coverage": coverage,
                "spots": spots,
                "drawing": drawing_of(coverage, only=own),
                "township_gaps": township_gaps(coverage),
                "sites": sites_for(coverage),
                "employer_gaps": gaps[:MOST_NAMED],
                "more_gaps": max(0, len(gaps) - MOST_NAMED),
                "neighbours": neighbours_of(spots),
                "summary": _summary(request),
                "years": range(clock.today().year, clock.today().year - 6, -1),
                "radii": sorted({*RADII, usual}),
                "radius": radius,
                "can_record": request.may("station.employers"),
                "can_place": request.may("station.places"),
                "can_propose": request.may("building.manage"),
            }
        )


def _radius(request: HttpRequest) -> int:
    """The metres asked for, within reason; else the parameter."""
    radius = number_in(request.GET.get("radius", ""))
    return radius if radius is not None and 200 <= radius <= 5000 else circle_radius()


def _summary(request: HttpRequest) -> Summary:
    return year_summary(townships_seen(request.scope), year_asked(request), clock.today())


class SummaryExportView(PageView):
    """`?year=2024&format=csv|xlsx`: the year by township as it is on the page."""

    action = "station.export"

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
        wanted = request.GET.get("format", "csv")
        if wanted not in ("csv", "xlsx"):
            raise NotFound("没有这种格式。")
        summary = _summary(request)
        record(
            actor=request.scope,
            action="station.summary",
            object_type="export",
            object_id="stations",
            year=summary.year,
            format=wanted,
        )
        name = f"驿站年度汇总-{summary.year}.{wanted}"
        if wanted == "csv":
            return csv_answer(name, HEADINGS, summary.rows())
        book = workbook("驿站年度汇总", HEADINGS, summary.rows())
        answer = FileResponse(book, as_attachment=True, filename=name, content_type=XLSX_TYPE)
        answer["Cache-Control"] = "private, no-store"
        return answer


class GeoJsonView(PageView):
    """The filters of the list, as GeoJSON. A filter nobody can read is refused: it must not widen into all stations."""

    action = "station.export"

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        params = {name: str(value) for name, value in request.GET.items() if value}
        try:
            chosen = selection(StationFilter, Station.objects.visible_to(request.scope), params, request.scope)
        except FieldErrors as error:
            raise NotFound(error.detail) from None
        record(
            actor=request.scope,
            action="station.geojson",
            object_type="export",
            object_id="stations",
            filters=list(chosen.names),
        )
        name = f"驿站-{clock.today():%Y%m%d}.geojson"
        return StreamingHttpResponse(
            station_features(chosen.rows, request.build_absolute_uri),
            content_type="application/geo+json; charset=utf-8",
            headers={
                "Content-Disposition": content_disposition_header(True, name) or "",
                "Cache-Control": "private, no-store",
            },
        )


class EmployerListView(PageView):
    """Enterprises with people outdoors, and how each stands."""

    action = "station.coverage"
    template_name = "stations/employers.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = EnterpriseFilter(request.GET, queryset=outdoor_enterprises(request.scope))
        page = keyset_page(filters.qs, request, order=("pinyin_key", "id"))
        return self.page(
            {
                "page": page,
                "rows": employers_covered(page.items, spots_of(Station.objects.all()), circle_radius()),
                "filter": filters,
                "can_record": request.may("station.employers"),
            }
        )
