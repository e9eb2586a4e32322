"""The plate to print and fix at a station's door."""

from django.http import HttpRequest, HttpResponse

from casework.views.codes import qr_svg, report_address
from stations.models import Station
from stations.station_page import station_page
from unionportal.core.common import clock
from unionportal.core.common.views import PageView, get_or_404

SIZES = {"a4": "A4", "a5": "A5"}


class PlateView(PageView):
    """`/stations/plates/<code>/`: one page, A4 or A5, with the code the station got when it opened."""

    action = "station.keep"
    template_name = "stations/plate.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        stations = Station.objects.visible_to(request.scope).select_related("township", "kind").with_hours()
        facts = station_page(get_or_404(stations, code=code), clock.now())
        size = request.GET.get("size", "")
        qr = qr_svg(report_address(facts["report"])) if facts["report"] else ""
        return self.page({**facts, "qr": qr, "size": size if size in SIZES else "a4", "sizes": SIZES})
