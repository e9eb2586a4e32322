"""Protected workbooks: personal data leaves the portal encrypted, for a reason, for a short time. The password is shown once and kept nowhere.

Made while the person waits and never by a worker: a password in a queue would be one in the clear.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from msoffcrypto.format.ooxml import OOXMLFile

from hardship.models import HardshipFile, ProtectedBook
from hardship.models.files import LINE_LENGTH
from hardship.personal import ERASED, sight_of
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.tables import workbook
from unionportal.core.files.services import Uncommitted
from unionportal.core.params.values import value

#: Letters and digits that nobody confuses when typing them from a screen.
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
PASSWORD_LENGTH = 12


def reason_problem(reason: str) -> str:
    """What is wrong with the purpose somebody gives."""
    if not reason.strip():
        return "请写明用途，如“报送市总工会复核”。"
    return f"最多 {LINE_LENGTH} 个字。" if len(reason.strip()) > LINE_LENGTH else ""


@transaction.atomic
def book_make(
    *,
    kind: str,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    reason: str,
    files: Sequence[HardshipFile],
    actor: Scope,
    now: datetime | None = None,
) -> tuple[ProtectedBook, str]:
    """Write rows of personal data into an encrypted workbook; returns it with its password. `files`: the households it is about.

    Raises Forbidden where the actor works with one of them not, FieldErrors at `reason`.
    """
    require(actor, "hardship.export")
    sight = sight_of(actor)
    if not all(sight.reaches(file) for file in files):
        raise Forbidden
    if problem := reason_problem(reason):
        raise FieldErrors({"reason": problem})
    lines = list(rows)
    password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
    book = ProtectedBook(
        kind=kind,
        name=f"{name}-{clock.today():%Y%m%d}.xlsx",
        reason=reason.strip(),
        owner_id=actor.user_id,
        township_ids=sorted({file.township_id for file in files}),
        rows=len(lines),
        made_at=now or clock.now(),
        expires_at=timezone.now() + timedelta(hours=int(value("hardship.book_hours"))),
    )
    with workbook(name, headings, lines) as plain:
        sealed = BytesIO()
        OOXMLFile(plain).encrypt(password, sealed)
    book.file.save(f"{book.pk}.xlsx", ContentFile(sealed.getvalue()), save=False)
    transaction.on_commit(Uncommitted(book.file.storage, str(book.file.name)).keep)
    book.save(force_insert=True)
    record(
        actor=actor,
        action="hardship.book",
        object_type="hardship_book",
        object_id=book.pk,
        kind=kind,
        rows=len(lines),
    )
    return book, password


@transaction.atomic
def book_fetch(*, book_id: UUID, actor: Scope, now: datetime | None = None) -> ProtectedBook:
    """The workbook for whoever made it, while it lasts and while they still work with everybody in it; each fetch is written down.
    `now` is real time. Raises NotFound, Forbidden, Conflict."""
    require(actor, "hardship.export")
    book = ProtectedBook.objects.visible_to(actor).filter(pk=book_id).first()
    if book is None:
        raise NotFound
    if not set(book.township_ids) <= sight_of(actor).township_ids:
        raise Forbidden("您的负责范围已经改变，这份表格不能再下载。")
    if not book.file or book.expires_at <= (now or timezone.now()):
        raise Conflict("这份表格已过保存期，请重新导出。")
    record(actor=actor, action="hardship.book_fetch", object_type="hardship_book", object_id=book.pk, kind=book.kind)
    return book


def books_expire(*, now: datetime | None = None) -> int:
    """Remove the files of workbooks whose time is up; returns how many. `now` is real time. May run twice, or beside itself.

    What each was for goes too: it stays with the looks of the households in it, for as long as these are kept.
    """
    moment = now or timezone.now()
    old = list(ProtectedBook.objects.filter(expires_at__lte=moment).exclude(file="", reason=ERASED)[:200])
    for book in old:
        if book.file:
            book.file.storage.delete(str(book.file.name))
        removed_at = book.removed_at or clock.now()
        ProtectedBook.objects.filter(pk=book.pk).update(file="", reason=ERASED, removed_at=removed_at)
    return len(old)
