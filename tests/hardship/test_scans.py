"""Scans of hardship files lie sealed in the store: nothing of them can be read there, those who may read them get the very bytes that were brought."""

import importlib
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse

from hardship.models import FileLook, FilePaper, HardshipFile, SurveyPhoto
from hardship.services import line_add, paper_add
from hardship.services.receipts import receipt_add
from tests.core.test_attachments import photo
from tests.core.test_field_keys import key, rotate
from tests.hardship import money
from tests.hardship.cast import Cast
from tests.hardship.going import Going
from unionportal.core.common.sealed import SUITES, Unreadable, seal_bytes, unseal_bytes
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_reseal, attachment_response, content_store

MARK = b"%PDF-1.4\n% marker 330602198005069999\n%%EOF\n"
SEALED = re.compile(rb"\d+\.(aes|sm4)-gcm\.")


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("王示例的授权书.pdf", MARK, "application/pdf")


def paper(cast: Cast, file: HardshipFile) -> FilePaper:
    file.refresh_from_db()
    given = {"uuid": uuid4(), "kind": "authorisation", "signed_on": cast.now.date(), "upload": scan()}
    return paper_add(code=file.code, version=file.version, actor=cast.scope("aid"), **given)


def raw(attachment: Attachment) -> bytes:
    """What lies in the store."""
    return (Path(default_storage.location) / str(attachment.file.name)).read_bytes()


def shown(cast: Cast, kept: FilePaper, who: str = "aid") -> HttpResponse:
    return cast.client(who).get(f"/hardship/{kept.file.code}/scans/{kept.attachment_id}/")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def unsealed(kept: FilePaper) -> Attachment:
    """A paper of before scans were sealed: open in the store, under its own name, put right by the migration alone."""
    plain = content_store(name="王示例授权书.PDF", content_type="application/pdf", content=MARK, user_id=None)
    FilePaper.objects.filter(pk=kept.pk).update(attachment=plain)
    Attachment.objects.filter(pk=kept.attachment_id).delete()
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("hardship.migrations.0007_traces").PAPERS_ARE_PERSONAL)
    plain.refresh_from_db()
    return plain


def test_nothing_of_a_scan_can_be_read_in_the_store(cast: Cast) -> None:
    file, _ = Going(cast).bring("applied")
    kept = paper(cast, file)
    file.refresh_from_db()
    line = {"year": 2024, "kind": "wages", "amount": 1200, "source": "wage_slip", "upload": scan(), "uuid": uuid4()}
    line_add(code=file.code, version=file.version, actor=cast.scope("aid"), **line)
    picture = SimpleUploadedFile("王示例家.jpg", photo(), "image/jpeg")
    Going(cast).survey(HardshipFile.objects.get(pk=file.pk), photos=[picture])
    made = money.everything_paid(cast, money.batch(cast, money.fund(cast), [cast.file_in("in_force")]))
    given = {"seq": 1, "way": "signed", "received_on": cast.now.date(), "upload": scan(), "actor": cast.scope("aid")}
    receipt_add(code=made.code, **given)
    attachments = list(Attachment.objects.all())
    assert len(attachments) == 4
    for each in attachments:
        assert SEALED.match(raw(each))
        assert not any(plain in raw(each) for plain in (b"marker", b"%PDF", b"JFIF", b"3306021980"))
        assert (each.name.split(".")[0], each.size) == ("材料", len(raw(each)))
    assert body(shown(cast, kept)) == MARK
    view = cast.client("aid").get(f"/hardship/{file.code}/survey/photos/{SurveyPhoto.objects.get().pk}/")
    assert (view["Content-Type"], body(view)[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert FileLook.objects.filter(file=file, way="paper").count() == 2
    assert shown(cast, kept, "leader").status_code == 403
    call_command("check_integrity", verbosity=0)


def test_keys_rotate_over_scans_also_those_of_before_and_broken_off_in_the_middle(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    old, new = key(1), key(2)
    settings.FIELD_KEYS = old
    file = cast.file()
    first, second, third = (paper(cast, file) for _ in range(3))
    open_yet = unsealed(third)
    assert (raw(open_yet), open_yet.name) == (MARK, "材料.pdf")
    settings.FIELD_KEYS = f"{old},{new}"
    stale = Attachment.objects.get(pk=first.attachment_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert attachment_reseal(first.attachment_id)  # and then the power goes
    third.refresh_from_db()
    assert {body(shown(cast, each)) for each in (first, second, third)} == {MARK}
    assert body(attachment_response(stale)) == MARK  # the row was read before, the file of then is gone
    with django_capture_on_commit_callbacks(execute=True):
        said = rotate()
    assert "files.Attachment.file：重新加密 2 条。" in said
    settings.FIELD_KEYS = new
    assert {body(shown(cast, each)) for each in (first, second, third)} == {MARK}
    for each in Attachment.objects.filter(is_personal=True):
        assert raw(each).startswith(b"2.aes-gcm.")
    assert not default_storage.exists(str(open_yet.file.name))
    assert "files.Attachment.file：重新加密 0 条。" in rotate()


def test_a_store_without_paths_does_as_well(cast: Cast, settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    """A bucket has no files to open by path: only what every storage offers may be used."""
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    old, new = key(1), key(2)
    settings.FIELD_KEYS = old
    kept = paper(cast, cast.file())
    before = Attachment.objects.get()
    settings.FIELD_KEYS = f"{old},{new}"
    with django_capture_on_commit_callbacks(execute=True):
        rotate()
    after = Attachment.objects.get()
    assert default_storage.open(str(after.file.name)).read().startswith(b"2.aes-gcm.")
    assert not default_storage.exists(str(before.file.name))
    assert body(shown(cast, kept)) == MARK


def test_a_lost_key_is_told_and_the_scan_stays_as_it_is(cast: Cast, settings: Any) -> None:
    settings.FIELD_KEYS = key(1)
    kept = paper(cast, cast.file())
    before = raw(Attachment.objects.get())
    settings.FIELD_KEYS = key(2)
    answer = shown(cast, kept)
    assert answer.status_code == 409
    assert "密钥已更换，无法读取" in answer.content.decode()
    with pytest.raises(Unreadable):
        attachment_reseal(Attachment.objects.get().pk)
    assert raw(Attachment.objects.get()) == before


@pytest.mark.parametrize("suite", SUITES)
def test_sealed_bytes_open_in_their_own_place_alone(settings: Any, suite: str) -> None:
    settings.FIELD_CIPHER = suite
    sealed = seal_bytes(MARK, context="here")
    assert unseal_bytes(sealed, context="here") == MARK
    for content, context in (
        (sealed, "there"),
        (sealed[:-1], "here"),
        (b"", "here"),
        (MARK, "here"),
        (sealed[:20], "here"),
    ):
        with pytest.raises(Unreadable):
            unseal_bytes(content, context=context)
