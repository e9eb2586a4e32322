"""The list of stations, and the form of one."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.views.acts import sent_version
from stations.facts import LABELS, PLAIN, equipped, words
from stations.filters import StationFilter
from stations.forms.registry import StationForm
from stations.models import Station
from stations.opening import hours_words
from stations.presentation import open_look, station_look
from stations.selectors import stations_listed, stations_whole, totals
from stations.services import station_correct, station_create
from stations.services.log import may_manage
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, Forbidden, InvalidTransition, StaleVersion
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404

ORDER = ("code",)


def managed_or_refused(request: HttpRequest, code: str) -> Station:
    """The station, for whoever keeps its entry right."""
    station = get_or_404(stations_whole(request.scope), code=code)
    if not may_manage(station, request.scope):
        raise Forbidden("只有区总工会和驿站所在镇街可以修改这个驿站。")
    if not station.may_change:
        raise InvalidTransition("驿站已撤销，不能再改。")
    return station


class StationListView(PageView):
    action = "station.view"
    template_name = "stations/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        filters = StationFilter(request.GET, queryset=Station.objects.visible_to(request.scope), request=request)
        page = keyset_page(filters.qs, request, order=ORDER, lines=stations_listed)
        return self.page(
            {
                "page": page,
                "rows": [(station, _row(station, now)) for station in page.items],
                "filter": filters,
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
                "totals": totals(filters.qs),
                "can_create": request.may("station.manage"),
                "can_export": request.may("station.export"),
                "can_catalogue": request.may("station.catalogue"),
            }
        )


def _row(station: Station, now: Any) -> dict[str, Any]:
    return {
        "look": station_look(station),
        "open": open_look(station, now),
        "hours": hours_words(station),
        "maps": [row for row in station.listings.all() if row.state == "listed"],
    }


class StationCreateView(PageView):
    action = "station.manage"
    template_name = "stations/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": StationForm(scope=request.scope)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form, status = StationForm(request.POST, scope=request.scope), 422
        if form.is_valid():
            try:
                station = station_create(
                    uuid=form.cleaned_data["uuid"], facts=form.facts, actor=request.scope, sure=form.sure
                )
            except Conflict as error:
                # Sent before, then changed and sent again: say so, and let the next submit be a new station.
                data = request.POST.copy()
                data["uuid"] = str(uuid4())
                form, status = StationForm(data, scope=request.scope), 409
                add_errors(form, error)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已登记，编号 {station.code}。接着填开放时间，然后就可以启用。")
                return redirect("station-hours", code=station.code)
        return self.page({"form": form}, status=status)


class StationEditView(PageView):
    action = "station.manage"
    template_name = "stations/form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        station = managed_or_refused(request, code)
        return self.show(station, StationForm(scope=request.scope, station=station))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        station = managed_or_refused(request, code)
        form = StationForm(request.POST, scope=request.scope, station=station)
        if form.is_valid():
            try:
                station_correct(
                    code=code,
                    version=sent_version(request) or 0,
                    facts=form.facts,
                    actor=request.scope,
                    sure=form.sure,
                    reason=form.cleaned_data["reason"],
                )
            except StaleVersion:
                return self.show(station, form, status=409, conflict=_both_sides(station, form))
            except DomainError as error:
                add_errors(form, error)
                return self.show(station, form, status=409 if error.status == 409 else 422)
            messages.success(request, "已保存。")
            return redirect("station", code=code)
        return self.show(station, form, status=422)

    def show(self, station: Station, form: StationForm, *, status: int = 200, conflict: Any = None) -> HttpResponse:
        """The page carries the version it was read at, so a second save after a conflict is a decision."""
        return self.page({"form": form, "station": station, "conflict": conflict}, status=status)


def _both_sides(station: Station, form: StationForm) -> list[dict[str, Any]]:
    mine = Station(**{name: getattr(form.facts, name) for name in PLAIN})
    rows = [(LABELS[name], words(station, name), words(mine, name)) for name in PLAIN]
    had = equipped((row.facility.name, row.note) for row in station.equipment.all())
    notes = form.facts.facility_notes or {}
    has = equipped((each.name, notes[each.code]) for each in form.facts.facilities)
    rows.append((LABELS["facilities"], had, has))
    return [{"label": label, "theirs": now, "mine": own, "changed": now != own} for label, now, own in rows]
