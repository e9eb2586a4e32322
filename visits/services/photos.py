"""Photos of a visit: stored by the files service, reachable only through the visit."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_store
from visits.models import Visit, VisitPhoto


def attach_photos(visit: Visit, uploads: Sequence[UploadedFile], *, actor: Scope, now: datetime) -> None:
    """Store the uploads and hang them on the visit; a refusal names the file it is about."""
    for upload in uploads:
        attachment = attachment_store(upload=upload, actor=actor, now=now, field="photos")
        if not attachment.content_type.startswith("image/"):
            raise FieldErrors({"photos": f"“{upload.name}”不是照片，请选择 JPG、PNG 或 WebP 图片。"})
        VisitPhoto.objects.create(visit=visit, attachment=attachment)


def remove_photos(visit: Visit, photo_ids: Sequence[int]) -> int:
    """Take photos off the visit; the files go when the transaction has committed. Returns how many."""
    photos = list(visit.photos.filter(pk__in=photo_ids).select_related("attachment"))
    for photo in photos:
        attachment = photo.attachment
        storage, name = attachment.file.storage, str(attachment.file.name)
        photo.delete()
        attachment.delete()
        transaction.on_commit(partial(storage.delete, name))
    return len(photos)
