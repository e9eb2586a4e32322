"""`/find/`: the station finder for workers. No account, and it works without scripts."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.generic import View

from casework.services.limits import count_attempt
from stations.directory import directory
from stations.finding import Wanted, nearest_open, page_of, wanted_from
from stations.mercator import Tile
from stations.models import Station
from stations.phones import MOST_A_DAY, keep_rated, rated_today
from stations.services.ratings import station_rate
from stations.station_page import station_page
from stations.tiles import FAR, NEAR, tile_content
from unionportal.core.common import clock
from unionportal.core.common.addresses import client_network
from unionportal.core.common.errors import Conflict, DomainError, NotFound, TooOften

#: Seconds a browser, or a cache on the way, may show what it has: opening hours are by the minute, nothing else is.
LIST_SECONDS, TILE_SECONDS, PAGE_SECONDS = 30, 60, 30
HEADINGS = {404: "没有找到", 409: "没有保存", 429: "请稍后再试"}


class OpenView(View):
    """A page for anybody. Asking for it is no transaction; a refusal is a page of its own and undoes nothing, so that what it counted stays counted."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            context = {"error": error, "heading": HEADINGS.get(error.status, "没有完成")}
            return render(request, "stations/find/message.html", context, status=error.status)


class ReadingView(OpenView):
    """A page that is only asked for."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return transaction.non_atomic_requests(super().as_view(**initkwargs))


class FindView(ReadingView):
    """The list, and what the map needs to draw itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        choices = directory.get()
        wanted = wanted_from(request.GET, choices)
        rows, has_more = page_of(wanted, choices, clock.now())
        context = {
            "wanted": wanted,
            "choices": choices,
            "rows": rows,
            "previous": _address(wanted, page=wanted.page - 1) if wanted.page > 1 else "",
            "next": _address(wanted, page=wanted.page + 1) if has_more else "",
            "filters": urlencode(_filters(wanted)),
        }
        response = render(request, "stations/find/list.html", context)
        # Where somebody is, is in the address: such a page is theirs alone.
        patch_cache_control(response, **{"private" if wanted.at else "public": True}, max_age=LIST_SECONDS)
        return response


class TileView(ReadingView):
    """`/find/tiles/<zoom>/<column>/<row>/`: what the map fetches as it is moved."""

    def get(self, request: HttpRequest, zoom: int, column: int, row: int) -> HttpResponse:
        if not FAR <= zoom <= NEAR or max(column, row) >= 2**zoom:
            raise NotFound("没有这一块地图。")
        choices = directory.get()
        content = tile_content(Tile(zoom, column, row), wanted_from(request.GET, choices), choices, clock.now())
        response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
        patch_cache_control(response, public=True, max_age=TILE_SECONDS)
        return response


class StationView(ReadingView):
    """`/find/<code>/`: what is there, when, and how to get there; of a withdrawn one where to go instead."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        station = _station(code)
        moment = clock.now()
        context = {
            **station_page(station, moment),
            "rating": uuid4(),
            "rated": code in rated_today(request, clock.local_date(moment)),
        }
        if station.state != Station.State.OPEN:
            context["instead"] = nearest_open(station, directory.get(), moment)
        response = render(request, "stations/find/station.html", context)
        patch_cache_control(response, private=True, max_age=PAGE_SECONDS)
        return response


class RateView(OpenView):
    """`/find/<code>/rate/`: one tap. One rating of a station a phone a day; hourly limits a network and a station keep floods out."""

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        station = _station(code)
        today = clock.today()
        rated = rated_today(request, today)
        count_attempt("station_rate", client_network(request), parameter="stations.ratings_per_address_hour")
        count_attempt("station_rated", str(station.uuid), parameter="stations.ratings_per_station_hour")
        if code in rated:
            raise Conflict("您今天已经评价过这个驿站，明天可以再评。")
        if len(rated) >= MOST_A_DAY:
            raise TooOften("今天评价的驿站太多了，请明天再来。")
        station_rate(code=code, uuid=_uuid(request.POST.get("rating", "")), stars=_stars(request.POST.get("stars", "")))
        response = redirect(reverse("find-station", args=[code]) + "?rated=1")
        keep_rated(response, (*rated, code), today)
        return response


def _station(code: str) -> Station:
    station = Station.objects.select_related("township", "kind").with_hours().filter(code=code).first()
    if station is None or station.state == Station.State.PLANNED:
        raise NotFound("没有这个驿站，请核对编号，或在列表里查找。")
    return station


def _uuid(text: str) -> UUID:
    """The id made with the page; a form without one is a new rating."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _stars(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 1 else 0


def _filters(wanted: Wanted) -> list[tuple[str, str]]:
    """The conditions as an address has them, without place and page."""
    pairs = [("q", wanted.text), ("township", wanted.township and wanted.township.code)]
    pairs += [("kind", wanted.kind and wanted.kind.code), ("open", "1" if wanted.open_now else "")]
    pairs += [("facility", facility.code) for facility in wanted.facilities]
    return [(name, value) for name, value in pairs if value]


def _address(wanted: Wanted, *, page: int) -> str:
    """The list with the same conditions, at another page."""
    place = [("at", wanted.place)] if wanted.at else []
    return f"?{urlencode([*_filters(wanted), *place, ('page', str(page))])}"
