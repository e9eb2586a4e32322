"""Opening hours of a station, and a closure that ends earlier or was a mistake."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.views.acts import sent_version
from stations.forms.hours import ClosureEndForm, HoursForm, hours_forms
from stations.models import Station, StationClosure
from stations.selectors import stations_whole
from stations.services import closure_end, hours_set
from stations.services.hours import days_words
from stations.services.log import may_keep
from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, InvalidTransition
from unionportal.core.common.views import PageView, add_errors, get_or_404


def kept_or_refused(request: HttpRequest, code: str) -> Station:
    """The station, for whoever looks after it."""
    station = get_or_404(stations_whole(request.scope), code=code)
    if not may_keep(station, request.scope):
        raise Forbidden("只有区总工会、驿站所在镇街和站点管理员可以这样做。")
    if not station.may_change:
        raise InvalidTransition("驿站已撤销，不能再改。")
    return station


class StationHoursView(PageView):
    action = "station.keep"
    template_name = "stations/hours.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        station = kept_or_refused(request, code)
        return self.show(station, *hours_forms(station))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        station = kept_or_refused(request, code)
        form, rows = hours_forms(station, request.POST)
        all_day = bool(form.is_valid() and form.cleaned_data["open_all_day"])
        if not all_day and not rows.is_valid():
            return self.show(station, form, rows, 422)
        kept = [] if all_day else [row for row in rows.forms if not row.is_taken_out]
        try:
            hours_set(
                code=code,
                version=sent_version(request) or 0,
                open_all_day=all_day,
                periods=[row.period for row in kept],
                actor=request.scope,
                sure=[name for name in ("sure_night",) if form.cleaned_data.get(name)],
            )
        except FieldErrors as error:
            _tell(form, kept, error)
            return self.show(station, form, rows, 422)
        except DomainError as error:
            add_errors(form, error)
            return self.show(station, form, rows, error.status)
        messages.success(request, "开放时间已保存。")
        return redirect("station", code=code)

    def show(self, station: Station, form: HoursForm, rows: Any, status: int = 200) -> HttpResponse:
        return self.page({"station": station, "form": form, "rows": rows}, status=status)


def _tell(form: HoursForm, rows: list[Any], error: FieldErrors) -> None:
    """What is wrong with a row stands at the row."""
    plain = {}
    for name, words in error.fields.items():
        place, _, index = name.partition(".")
        if index:
            rows[int(index)].add_error(None, words)
        else:
            plain[place] = words
    if plain:
        add_errors(form, FieldErrors(plain))


class ClosureView(PageView):
    """One closure: another last day, or taken out where it was a mistake."""

    action = "station.keep"
    template_name = "stations/closure.html"

    def get(self, request: HttpRequest, code: str, closure_id: int) -> HttpResponse:
        station, closure = self.both(request, code, closure_id)
        return self.show(station, closure, ClosureEndForm(initial={"end_on": closure.end_on}))

    def post(self, request: HttpRequest, code: str, closure_id: int) -> HttpResponse:
        station, closure = self.both(request, code, closure_id)
        form, removing = ClosureEndForm(request.POST), request.POST.get("step") == "remove"
        if not removing and not form.is_valid():
            return self.show(station, closure, form, 422)
        try:
            closure_end(
                code=code,
                closure_id=closure.pk,
                end_on=None if removing else form.cleaned_data["end_on"],
                actor=request.scope,
            )
        except FieldErrors as error:
            add_errors(form, error)
            return self.show(station, closure, form, 422)
        messages.success(request, "已去掉这段关闭日期。" if removing else "已保存。")
        return redirect("station", code=code)

    def both(self, request: HttpRequest, code: str, closure_id: int) -> tuple[Station, StationClosure]:
        station = kept_or_refused(request, code)
        return station, get_or_404(station.closures.all(), pk=closure_id)

    def show(self, station: Station, closure: StationClosure, form: ClosureEndForm, status: int = 200) -> HttpResponse:
        words = days_words(closure)
        return self.page({"station": station, "closure": closure, "days": words, "form": form}, status=status)
