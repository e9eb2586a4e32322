"""Kinds of stations and facilities: what is offered on the form."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from stations.models import Facility, StationKind
from stations.services.catalogue import NAME_LENGTH, catalogue_add, catalogue_switch
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.views import PageView, add_errors

TITLES = {"kind": "驿站类型", "facility": "设施"}


class EntryForm(forms.Form):
    """Another entry; two of these stand on the page, so ids carry the list's name."""

    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写名称。"})


class CatalogueView(PageView):
    """Both lists; `catalogue` and `code` or `name` say what is sent."""

    action = "station.catalogue"
    template_name = "stations/catalogue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        catalogue, code = request.POST.get("catalogue", ""), request.POST.get("code", "")
        if code:
            is_active = request.POST.get("step") == "on"
            entry = catalogue_switch(catalogue=catalogue, code=code, is_active=is_active, actor=request.scope)
            messages.success(request, f"“{entry.name}”已{'启用' if is_active else '停用'}。")
            return redirect("station-catalogue")
        form = EntryForm(request.POST, auto_id=f"{catalogue}_%s")
        if form.is_valid():
            try:
                entry = catalogue_add(catalogue=catalogue, name=form.cleaned_data["name"], actor=request.scope)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已新增“{entry.name}”。")
                return redirect("station-catalogue")
        return self.show(form, catalogue, 422)

    def show(self, refused: EntryForm | None = None, catalogue: str = "", status: int = 200) -> HttpResponse:
        rows = {"kind": StationKind.objects.all(), "facility": Facility.objects.all()}
        sections = [
            (name, title, rows[name], refused if name == catalogue and refused else EntryForm(auto_id=f"{name}_%s"))
            for name, title in TITLES.items()
        ]
        return self.page({"sections": sections}, status=status)
