"""/dashboard/wall/: the dashboard for the screen of a meeting room. It rotates, renews itself, and goes on with what it has when the portal is away."""

from collections.abc import Iterator
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hardship import figures as hardship
from stations import figures as stations
from unionportal.core.common import clock
from unionportal.core.common.views import PageView
from unionportal.reporting import markup
from unionportal.reporting.selectors import dashboard as selectors
from unionportal.reporting.selectors import headline
from unionportal.reporting.selectors.attention import attention
from unionportal.reporting.selectors.hardship import hardship_figures
from unionportal.reporting.selectors.months import months_of
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.row_figures import cut_of
from unionportal.reporting.selectors.stations import station_figures
from unionportal.reporting.views.dashboard import place_query, ranking, read_place

#: Tiles a slide has room for.
TILES = 6


def _sections(place: Place) -> Iterator[tuple[str, SafeString]]:
    """Stations and hardship aid, where the district has any: as many tiles as fit the screen. The room may not open files: of a township nothing of
    hardship is shown."""
    cut = cut_of(place)
    if stations.any_stations():
        yield "驿站", markup.tiles(station_figures(place, stations.figures(cut))[:TILES])
    if place.is_district and hardship.any_hardship():
        yield "困难帮扶", markup.tiles(hardship_figures(place, hardship.figures(cut))[:TILES])


class WallView(PageView):
    """The page, and for htmx its slides alone: 204 where they are those the screen has (`seen=`), so that nothing is drawn anew for nothing."""

    action = "dashboard.view"
    template_name = "reporting/wall.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        place, units, notice = read_place(request)
        months = months_of(place)
        heads, lines = attention(place)
        figures, totals = headline.overview(place, months)
        slides = render_to_string(
            "reporting/_wall_slides.html",
            {
                "place": place,
                "mark": selectors.freeze_mark(place, months),
                "tiles": markup.tiles(figures),
                "totals": totals,
                "total_lines": markup.total_lines(totals.figures),
                "trend": selectors.trend(place, months),
                "mix": selectors.mix(place),
                "sections": list(_sections(place)),
                "attention": heads,
                "attention_lines": markup.attention_lines(lines),
                **ranking(place, units),
            },
        )
        seen = sha256(slides.encode()).hexdigest()[:16]
        if request.htmx and request.GET.get("seen") == seen:
            return HttpResponse(status=204)
        query = request.GET.copy()
        query["seen"] = seen
        context = {
            "slides": slides,
            "refresh_query": query.urlencode(),
            "place": place,
            "notice": notice,
            "query": place_query(place),
            "now": clock.now(),
        }
        return self.page(context, template="reporting/_wall_data.html" if request.htmx else "")
