"""Photos of a station: added, taken off, one of them the cover."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from stations.models import Station, StationPhoto
from stations.services.log import Change, kept_locked, note
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_drop, picture_store

MOST_PHOTOS = 12


@transaction.atomic
def photos_change(
    *,
    code: str,
    actor: Scope,
    photos: Sequence[UploadedFile] = (),
    removed: Collection[int] = (),
    cover: int | None = None,
    now: datetime | None = None,
) -> Station:
    """Add photos, take others off, and choose the cover (a photo's id); the first photo there is stands in for one. FieldErrors at photos."""
    moment = now or clock.now()
    station = kept_locked(code, actor)
    if not photos and not removed and cover is None:
        raise FieldErrors({"photos": "请选择照片。"})
    before = station.photos.count()
    _remove(station, removed)
    if station.photos.count() + len(photos) > MOST_PHOTOS:
        raise FieldErrors({"photos": f"一个驿站最多 {MOST_PHOTOS} 张照片。"})
    for upload in photos:
        attachment = picture_store(upload=upload, actor=actor, now=moment)
        StationPhoto.objects.create(station=station, attachment=attachment)
    _choose_cover(station, cover)
    note(station, "photos", actor, moment, [Change("photos", f"{before} 张", f"{station.photos.count()} 张")])
    return station


def _remove(station: Station, photo_ids: Collection[int]) -> None:
    for photo in station.photos.filter(pk__in=photo_ids).select_related("attachment"):
        photo.delete()
        attachment_drop(photo.attachment)


def _choose_cover(station: Station, wanted: int | None) -> None:
    photos = list(station.photos.order_by("-is_cover", "id"))
    chosen = next((photo for photo in photos if photo.pk == wanted), photos[0] if photos else None)
    if chosen is None or chosen.is_cover:
        return
    station.photos.filter(is_cover=True).update(is_cover=False)
    chosen.is_cover = True
    chosen.save(update_fields=["is_cover"])
