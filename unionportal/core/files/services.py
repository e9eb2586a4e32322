"""Attachments in and out. Who may attach or read is decided by the page of what the file belongs to."""

import hashlib
import re
import uuid
import weakref
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse

from unionportal.core.common import clock, sealed
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.files.content import Unfit, cleaned
from unionportal.core.files.models import Attachment
from unionportal.core.files.scanning import Infected, ScannerAway, scan

NAME_LENGTH = 120
#: What a personal attachment is called, whatever its name was.
NAMELESS = "材料"
#: Control characters, characters that turn the writing direction (a name could feign another extension), and what file systems refuse.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]')
_SHOWN_IN_PLACE = ("image/", "application/pdf")


@transaction.atomic
def attachment_store(
    *, upload: UploadedFile, actor: Scope, now: datetime | None = None, field: str = "file", personal: bool = False
) -> Attachment:
    """Check, clean and keep an uploaded file; photos lose their metadata. A `personal` one is sealed and loses its name too.

    Raises FieldErrors at `field` for a file over the limit, of a kind not accepted, or whose content is not what its name says. The stored file goes
    away again if the transaction does not commit.
    """
    name = safe_name(upload.name or "")
    extension = PurePosixPath(name).suffix.lower()
    kind, content = _checked(upload, name, extension, field)
    return content_store(
        name=f"{NAMELESS}{extension}" if personal else name,
        content_type=kind,
        content=content,
        user_id=actor.user_id or None,
        now=now,
        personal=personal,
    )


def picture_store(
    *, upload: UploadedFile, actor: Scope, now: datetime | None = None, field: str = "photos", personal: bool = False
) -> Attachment:
    """The same of a picture alone. FieldErrors at `field` for what is none."""
    attachment = attachment_store(upload=upload, actor=actor, now=now, field=field, personal=personal)
    if not attachment.content_type.startswith("image/"):
        raise FieldErrors({field: f"“{upload.name}”不是照片，请选择 JPG、PNG 或 WebP 图片。"})
    return attachment


@transaction.atomic
def attachment_drop(attachment: Attachment) -> None:
    """Delete an attachment nothing points at any more; the stored file goes when the transaction has committed."""
    # Read anew: perhaps its file was sealed under another name since.
    kept = Attachment.objects.select_for_update().filter(pk=attachment.pk).first()
    if kept is None:
        return
    storage, name = kept.file.storage, str(kept.file.name)
    kept.delete()
    transaction.on_commit(partial(storage.delete, name))


@transaction.atomic
def content_store(
    *,
    name: str,
    content_type: str,
    content: bytes,
    user_id: int | None,
    now: datetime | None = None,
    personal: bool = False,
) -> Attachment:
    """Keep what the portal itself made, or has checked. The stored file goes away again if the transaction does not commit."""
    attachment = Attachment(
        id=uuid.uuid4(),
        name=name,
        content_type=content_type,
        is_personal=personal,
        uploaded_by_id=user_id,
        uploaded_at=now or clock.now(),
    )
    _put(attachment, content)
    attachment.save(force_insert=True)
    return attachment


@transaction.atomic
def attachment_reseal(attachment_id: uuid.UUID) -> bool:
    """Seal a personal attachment with the newest key, also one that lies open yet. False where it is gone, or done already. Raises Unreadable.

    The new file has a name of its own and the old one goes when the row has committed: broken off anywhere, the row's file opens.
    """
    attachment = Attachment.objects.select_for_update().filter(pk=attachment_id, is_personal=True).first()
    if attachment is None or attachment.sealed_with == sealed.seal_prefix():
        return False
    storage, old = attachment.file.storage, str(attachment.file.name)
    if not storage.exists(old):
        return False  # for `check_integrity` to tell
    _put(attachment, _content(attachment))
    attachment.save(update_fields=["file", "size", "sha256", "sealed_with"])
    transaction.on_commit(partial(storage.delete, old))
    return True


def _put(attachment: Attachment, content: bytes) -> None:
    """Store the bytes, sealed if they are personal; columns are set and saved by the caller."""
    name = f"{attachment.id}{PurePosixPath(attachment.name).suffix.lower()}"
    if attachment.is_personal:
        content = sealed.seal_bytes(content, context=attachment.seal_context)
        attachment.sealed_with = sealed.seal_prefix()
        name = f"{attachment.id}.{attachment.sealed_with}sealed"
    attachment.size, attachment.sha256 = len(content), hashlib.sha256(content).hexdigest()
    attachment.file.save(name, ContentFile(content), save=False)
    transaction.on_commit(Uncommitted(attachment.file.storage, str(attachment.file.name)).keep)


def _content(attachment: Attachment) -> bytes:
    """The bytes as they came. Raises FileNotFoundError, Unreadable."""
    with attachment.file.storage.open(str(attachment.file.name), "rb") as stream:
        stored = bytes(stream.read())
    return sealed.unseal_bytes(stored, context=attachment.seal_context) if attachment.sealed_with else stored


def _checked(upload: UploadedFile, name: str, extension: str, field: str) -> tuple[str, bytes]:
    if not upload.size:
        raise FieldErrors({field: f"“{name}”是空文件。"})
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise FieldErrors({field: f"“{name}”超过 {settings.UPLOAD_MAX_BYTES // 1024**2} MB，请压缩后再上传。"})
    try:
        scan(upload.read())
        kind, content = cleaned(extension, cast(BinaryIO, upload.file))
    except Unfit as problem:
        raise FieldErrors({field: f"“{name}”：{problem}。"}) from None
    except Infected:
        raise FieldErrors({field: f"“{name}”含有病毒，没有保存。请先在电脑上杀毒。"}) from None
    except ScannerAway:
        raise FieldErrors({field: "病毒检查暂时不可用，文件没有保存，请稍后再试。"}) from None
    return kind.content_type, content


class Uncommitted:
    """A stored file whose row is not committed yet.

    Django throws a transaction's on_commit hooks away when it rolls back (also to a savepoint). Then nothing refers to this object any more and its
    finalizer removes the file; `keep`, run by the commit, calls that off.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        self._remove = weakref.finalize(self, storage.delete, name)

    def keep(self) -> None:
        self._remove.detach()


def safe_name(name: str) -> str:
    """A file's own name without path or harmful characters, at most 120 long with its extension kept."""
    plain = _UNSAFE.sub("_", PurePosixPath(name.replace("\\", "/")).name).strip(" .") or "附件"
    suffix = PurePosixPath(plain).suffix
    return plain.removesuffix(suffix)[: NAME_LENGTH - 10] + suffix[:10]


def attachment_response(attachment: Attachment) -> FileResponse:
    """The file for somebody who may read it: under its own name, never guessed at by the browser, never kept by a cache."""
    try:
        stream = BytesIO(_opened(attachment)) if attachment.is_personal else attachment.file.open("rb")
    except FileNotFoundError:
        raise NotFound("这个附件的文件不在了，请联系系统管理员。") from None
    except sealed.Unreadable:
        raise Conflict("密钥已更换，无法读取，请联系系统管理员。") from None
    response = FileResponse(
        stream,
        as_attachment=not attachment.content_type.startswith(_SHOWN_IN_PLACE),
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _opened(attachment: Attachment) -> bytes:
    try:
        return _content(attachment)
    except FileNotFoundError:  # perhaps sealed anew since the row was read
        attachment.refresh_from_db(fields=["file", "sealed_with"])
        return _content(attachment)
