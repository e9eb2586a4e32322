"""Pictures of stations: what the files service takes, if it is a picture."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_store


def picture_store(
    upload: UploadedFile, *, actor: Scope, now: datetime | None = None, field: str = "photos"
) -> Attachment:
    """Keep a picture. FieldErrors at `field` for what is none."""
    attachment = attachment_store(upload=upload, actor=actor, now=now, field=field)
    if not attachment.content_type.startswith("image/"):
        raise FieldErrors({field: f"“{upload.name}”不是照片，请选择 JPG、PNG 或 WebP 图片。"})
    return attachment
