"""Pages of the yearly stars: all stations of a year with their proposals, one with the working, deciding, and what a station lost."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework.views.acts import Act, ActsView
from stations.care_selectors import years_of
from stations.forms.stars import DowngradeForm, StarsForm
from stations.models import Downgrade, StarRating, Station
from stations.services.stars import FIRST_YEAR, can_be_rated, proposal_for, stars_decide, station_downgrade
from stations.star_proposal import propose
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, get_or_404


def checked_year(year: int) -> int:
    """A year that can be judged, or NotFound."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise NotFound
    return year


class StarListView(PageView):
    action = "stars.view"
    template_name = "stations/care/stars.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        this = checked_year(year)
        rows = Station.objects.visible_to(request.scope).standing().filter(opened_on__year__lte=this)
        rows = rows.select_related("township")
        only_unrated = request.GET.get("shown") == "unrated"
        if only_unrated:
            rows = rows.exclude(star_ratings__year=this)
        page = keyset_page(rows, request, order=("code",))
        stations = list(page.items)
        years = years_of(stations, this, clock.today())
        decided = {row.station_id: row for row in StarRating.objects.filter(station__in=stations, year=this)}
        return self.page(
            {
                "year": this,
                "years": range(clock.today().year, clock.today().year - 3, -1),
                "page": page,
                "only_unrated": only_unrated,
                "rows": [(station, propose(years[station.pk]), decided.get(station.pk)) for station in stations],
            }
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A station in a year, with its stars of it if they are given."""

    station: Station
    year: int
    rating: StarRating | None

    @property
    def version(self) -> int:
        return self.station.version


def _grades(judged: Judged, scope: Scope) -> bool:
    return allowed(scope, "station.grade")


class StarView(ActsView):
    """A station's year."""

    action = "stars.view"
    template_name = "stations/care/stars_of.html"
    acts = (
        Act(
            "downgrade",
            "降级或撤销",
            "minus",
            DowngradeForm,
            lambda s, actor, version, given: station_downgrade(
                code=s.station.code, version=version, actor=actor, level=Station.Level.BASIC, **given
            ),
            _grades,
            lambda s: s.station.may_change,
            words="降低等级后是基本型。写明原因，处理记入驿站的变更记录。",
            done="已处理。",
            submit="确定",
            danger=True,
        ),
        Act(
            "decide",
            "评定星级",
            "star",
            StarsForm,
            lambda s, actor, version, given: stars_decide(
                code=s.station.code, version=version, year=s.year, actor=actor, **given
            ),
            _grades,
            lambda s: s.rating is None and can_be_rated(s.station, s.year),
            words="系统的建议只供参考，由您决定。",
            done="已评定。",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> Judged:
        year = checked_year(where["year"])
        station = get_or_404(Station.objects.visible_to(request.scope).select_related("township"), code=where["code"])
        rating = StarRating.objects.filter(station=station, year=year).select_related("decided_by").first()
        return Judged(station, year, rating)

    def address(self, subject: Judged) -> str:
        return reverse("stars-of", args=[subject.year, subject.station.code])

    def context(self, request: HttpRequest, subject: Judged) -> dict[str, Any]:
        return {
            "judged": subject,
            "proposal": proposal_for(subject.station, subject.year),
            "downgrades": Downgrade.objects.filter(station=subject.station).select_related("decided_by"),
            "ratings": StarRating.objects.filter(station=subject.station).select_related("decided_by"),
        }
