"""Photos of a station: sent from its page, and read by whoever sees it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stations.forms.photos import PhotosForm
from stations.models import Station, StationPhoto
from stations.services.photos import photos_change
from stations.views.asked import numbers_in
from stations.views.station import StationView
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response


class StationPhotosView(StationView):
    """What is refused comes back on the page of the station."""

    def get(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        return redirect(f"{reverse('station', args=[where['code']])}#photos")

    def post(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        station = self.find(request, **where)
        form = PhotosForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                photos_change(
                    code=station.code,
                    actor=request.scope,
                    photos=form.cleaned_data["photos"],
                    removed=numbers_in(request.POST.getlist("removed")),
                    cover=next(iter(numbers_in(request.POST.getlist("cover"))), None),
                )
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, "照片已保存。")
                return redirect(f"{reverse('station', args=[station.code])}#photos")
        self.photos_form = form
        return self.show(request, station, status=422)


class StationPhotoView(PageView):
    """A photo, for whoever sees its station at this moment."""

    action = "station.view"

    def get(self, request: HttpRequest, code: str, photo_id: int) -> FileResponse:
        station = get_or_404(Station.objects.visible_to(request.scope), code=code)
        photo = get_or_404(StationPhoto.objects.select_related("attachment"), pk=photo_id, station=station)
        return attachment_response(photo.attachment)
