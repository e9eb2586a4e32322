"""Where townships lie, and which enterprises have people outdoors."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from stations.forms.places import EmployerForm, PlaceForm
from stations.models import OutdoorEmployer, TownshipPlace
from stations.services.places import employer_set, place_set
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import Enterprise, Unit


class PlaceListView(PageView):
    """The townships with their middle, and those that have none yet."""

    action = "station.places"
    template_name = "stations/places.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        townships = Unit.objects.townships().active().select_related("place").order_by("code")
        return self.page({"rows": [(unit, getattr(unit, "place", None)) for unit in townships]})


class PlaceView(PageView):
    action = "station.places"
    template_name = "stations/place.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        township = get_or_404(Unit.objects.townships().active(), code=code)
        place = TownshipPlace.objects.filter(township=township).first()
        return self.page({"township": township, "form": PlaceForm(place=place)})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        township = get_or_404(Unit.objects.townships().active(), code=code)
        form = PlaceForm(request.POST)
        if form.is_valid() and form.point is not None:
            try:
                place_set(township=township, point=form.point, reach=form.cleaned_data["reach"], actor=request.scope)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, f"{township}的位置已保存。")
                return redirect("station-places")
        return self.page({"township": township, "form": form}, status=422)


class EmployerView(PageView):
    action = "station.employers"
    template_name = "stations/employer.html"

    def get(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise = self.enterprise(request, credit_code)
        employer = OutdoorEmployer.objects.filter(enterprise=enterprise).first()
        return self.page({"enterprise": enterprise, "form": EmployerForm(employer=employer)})

    def post(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise, form = self.enterprise(request, credit_code), EmployerForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                employer_set(
                    credit_code=credit_code,
                    work=given["work"],
                    workers=given["workers"],
                    point=form.point,
                    actor=request.scope,
                )
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, "户外用工已保存。")
                return redirect("station-employers")
        return self.page({"enterprise": enterprise, "form": form}, status=422)

    def enterprise(self, request: HttpRequest, credit_code: str) -> Enterprise:
        rows = Enterprise.objects.visible_to(request.scope).filter(is_active=True).select_related("township")
        return get_or_404(rows, credit_code=credit_code)
