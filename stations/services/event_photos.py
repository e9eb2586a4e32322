"""Photos of an event at a station."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from stations.models import EventPhoto, StationEvent
from stations.services.events import locked, saved
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_drop, picture_store

MOST_PHOTOS = 30


@transaction.atomic
def event_photos_change(
    *,
    code: str,
    actor: Scope,
    photos: Sequence[UploadedFile] = (),
    removed: Collection[int] = (),
    now: datetime | None = None,
) -> StationEvent:
    """Add photos and take others off; their files go when the transaction has committed. FieldErrors at `photos`."""
    moment = now or clock.now()
    event = locked(code, actor, None)
    if not event.may_change:
        raise InvalidTransition("活动已取消，不能再加照片。")
    if not photos and not removed:
        raise FieldErrors({"photos": "请选择照片。"})
    gone = _remove(event, removed)
    if event.photos.count() + len(photos) > MOST_PHOTOS:
        raise FieldErrors({"photos": f"一项活动最多 {MOST_PHOTOS} 张照片。"})
    for upload in photos:
        attachment = picture_store(upload=upload, actor=actor, now=moment)
        EventPhoto.objects.create(event=event, attachment=attachment)
    for action, number in (("photos_remove", gone), ("photos", len(photos))):
        if number:
            saved(event, action, actor, moment, photos=number)
    return event


def _remove(event: StationEvent, photo_ids: Collection[int]) -> int:
    photos = list(event.photos.filter(pk__in=photo_ids).select_related("attachment"))
    for photo in photos:
        photo.delete()
        attachment_drop(photo.attachment)
    return len(photos)
