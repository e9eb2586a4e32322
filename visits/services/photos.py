"""Photos of a visit: stored by the files service, reachable only through the visit."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from unionportal.core.files.services import attachment_store

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from visits.models import Visit, VisitPhoto


def attach_photos(visit: Visit, uploads: Sequence[UploadedFile], *, actor: Scope, now: datetime) -> None:
    """Store the uploads and hang them on the visit; a refusal names the file it is about."""
    for upload in uploads:
        try:
            attachment = attachment_store(upload=upload, actor=actor, now=now)
        except FieldErrors as error:
            reason = next(iter(error.fields.values()), error.detail)
            raise FieldErrors({"photos": reason if upload.name in reason else f"“{upload.name}”：{reason}"}) from error
        if not attachment.content_type.startswith("image/"):
            raise FieldErrors({"photos": f"“{upload.name}”不是照片，请选择图片文件。"})
        VisitPhoto.objects.create(visit=visit, attachment=attachment)


def remove_photos(visit: Visit, photo_ids: Sequence[int]) -> int:
    """Take photos off the visit; the files go when the transaction has committed. Returns how many."""
    photos = list(visit.photos.filter(pk__in=photo_ids).select_related("attachment"))
    for photo in photos:
        attachment = photo.attachment
        stored = attachment.file
        photo.delete()
        attachment.delete()
        transaction.on_commit(lambda stored=stored: stored.storage.delete(stored.name))
    return len(photos)
