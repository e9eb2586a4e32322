"""Pages of people served: a year's numbers station by station, one station's numbers with the form, its QR of the day."""

from typing import Any
from uuid import uuid4

import django_filters
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import sent_version
from casework.views.codes import qr_svg
from stations.check_in import address_token
from stations.counting import WAY_LABELS, WAY_WORDS
from stations.figures import served
from stations.forms.served import ServedForm
from stations.models import ServedCount, Station
from stations.served_selectors import latest_numbers, served_of, stations_with_history, with_served, year_span
from stations.service_querysets import serving_stations
from stations.services.served import served_correct, served_record, station_served
from stations.views.asked import year_asked
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, NotFound
from unionportal.core.common.filtering import ListFilter
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.filters import township_filter


class ServedFilter(ListFilter):
    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、名称、地址", "type": "search"}),
    )
    township = township_filter()

    class Meta:
        model = Station
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)


class ServedListView(PageView):
    """`/stations/events/served/`: a year, three columns; a sum only with what it is made of."""

    action = "station_event.view"
    template_name = "stations/served/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        year = year_asked(request)
        first, last = year_span(year)
        filters = ServedFilter(
            request.GET,
            queryset=stations_with_history(request.scope).select_related("township").defer("search_tokens"),
            request=request,
        )
        page = keyset_page(with_served(filters.qs, first, last), request, order=("code",))
        township = filters.form.cleaned_data.get("township") if filters.form.is_valid() else None
        return self.page(
            {
                "page": page,
                "rows": [(station, served_of(station)) for station in page.items],
                "filter": filters,
                "year": year,
                "years": range(clock.today().year, clock.today().year - 5, -1),
                "total": served(Cut(request.scope, first, last, township)),
                "ways": [(way.value, label, WAY_WORDS[way]) for way, label in WAY_LABELS.items()],
                "can_record": request.may("station_served.record"),
            }
        )


class StationServedView(PageView):
    """`/stations/events/served/<station>/`: the keeper's page, made for a phone at closing time."""

    action = "station_event.view"
    template_name = "stations/served/station.html"

    def get(self, request: HttpRequest, station: str) -> HttpResponse:
        return self.show(request, self.find(request, station), ServedForm())

    def post(self, request: HttpRequest, station: str) -> HttpResponse:
        found = self.find(request, station)
        form, status = ServedForm(request.POST), 422
        if form.is_valid():
            try:
                served_record(uuid=form.cleaned_data["uuid"], station=station, count=form.wanted(), actor=request.scope)
            except Conflict as error:
                data = request.POST.copy()
                data["uuid"] = str(uuid4())
                form, status = ServedForm(data), 409
                add_errors(form, error)
            except DomainError as error:
                if error.status != 400:
                    raise
                add_errors(form, error)
            else:
                messages.success(request, "已登记。")
                return redirect("station-served", station=station)
        return self.show(request, found, form, status)

    def find(self, request: HttpRequest, code: str) -> Station:
        return get_or_404(stations_with_history(request.scope).select_related("township"), code=code)

    def show(self, request: HttpRequest, station: Station, form: ServedForm, status: int = 200) -> HttpResponse:
        year = year_asked(request)
        first, last = year_span(year)
        counted = get_or_404(with_served(Station.objects.filter(pk=station.pk), first, last))
        records = (
            request.may("station_served.record") and serving_stations(request.scope).filter(pk=station.pk).exists()
        )
        context: dict[str, Any] = {
            "station": station,
            "form": form,
            "year": year,
            "total": served_of(counted),
            "numbers": latest_numbers(station, first, last),
            "can_record": records,
        }
        return self.page(context, status=status)


class ServedCorrectView(PageView):
    """A number entered, to be put right."""

    action = "station_served.record"
    template_name = "stations/served/correct.html"

    def get(self, request: HttpRequest, station: str, count_id: int) -> HttpResponse:
        row = self.find(request, station, count_id)
        return self.page({"form": ServedForm(count=row), "count": row, "station": row.station})

    def post(self, request: HttpRequest, station: str, count_id: int) -> HttpResponse:
        row = self.find(request, station, count_id)
        form, status = ServedForm(request.POST, count=row), 422
        if form.is_valid():
            try:
                served_correct(
                    count_id=row.pk, version=sent_version(request) or 0, count=form.wanted(), actor=request.scope
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, "已更正。")
                return redirect("station-served", station=station)
        return self.page({"form": form, "count": row, "station": row.station}, status=status)

    def find(self, request: HttpRequest, station: str, count_id: int) -> ServedCount:
        at = station_served(station, request.scope)
        return get_or_404(ServedCount.objects.select_related("station__township"), pk=count_id, station=at)


class CheckInCodeView(PageView):
    """The QR of the day, to show on a screen or to print and hang up; tomorrow there is another."""

    action = "station_served.record"
    template_name = "stations/served/code.html"

    def get(self, request: HttpRequest, station: str) -> HttpResponse:
        found, today = station_served(station, request.scope), clock.today()
        if found.state != Station.State.OPEN:
            raise NotFound(f"“{found.name}”现在没有开放，没有签到码。")
        address = f"{settings.BASE_URL}{reverse('check-in', args=[address_token(found.uuid, today)])}"
        return self.page({"station": found, "day": today, "address": address, "qr": qr_svg(address)})
