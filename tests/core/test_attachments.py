"""Attachments: judged by content, cleaned of what a photo says about people, gone when the save is."""

import contextlib
import hashlib
import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from tests.people import scope_of
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_response, attachment_store, safe_name

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def photo(pillow_format: str = "JPEG", *, size: tuple[int, int] = (40, 20), turned: bool = False) -> bytes:
    """A picture with a place and a camera in its EXIF; red on the left, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[MAKER] = "SecretCamera"
    exif[ORIENTATION] = 6 if turned else 1
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    picture.save(out, pillow_format, exif=exif.tobytes())
    return out.getvalue()


def office(main_part: str, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in ("[Content_Types].xml", main_part, *more):
            parts.writestr(name, "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")


@pytest.fixture
def cadre_scope(district):
    return scope_of(district.cadre())


def store(name: str, content: bytes, scope) -> Attachment:
    return attachment_store(upload=SimpleUploadedFile(name, content), actor=scope)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("车间.jpg", photo(), "image/jpeg"),
        ("车间.JPEG", photo(), "image/jpeg"),
        ("截图.png", photo("PNG"), "image/png"),
        ("相片.webp", photo("WEBP"), "image/webp"),
        ("通知.pdf", PDF, "application/pdf"),
        ("材料.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("名单.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_what_may_be_attached(cadre_scope, name, content, content_type):
    kept = store(name, content, cadre_scope)
    stored = kept.file.open("rb").read()
    assert kept.content_type == content_type
    assert kept.name == name
    assert (kept.size, kept.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert kept.uploaded_by_id == cadre_scope.user_id


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("照片.jpg", photo("PNG"), "而是PNG 图片"),
        ("照片.png", PDF, "而是PDF 文件"),
        ("照片.jpg", b"MZ\x90\x00 this is a program", "不是JPG 图片"),
        ("照片.jpg", photo()[:200], "图片已损坏"),
        ("通知.pdf", DOCX, "不是PDF 文件"),
        ("通知.pdf", b"%PDF-1.7\ncut off", "不完整"),
        ("材料.docx", XLSX, "与扩展名不符"),
        ("材料.docx", b"PK\x03\x04 broken", "已损坏"),
        ("材料.docx", office("word/document.xml", "word/vbaProject.bin"), "带有宏"),
        ("程序.exe", b"MZ\x90\x00", "不能上传这种文件"),
        ("照片.jpg.exe", photo(), "不能上传这种文件"),
        ("页面.html", b"<script>alert(1)</script>", "不能上传这种文件"),
        ("没有扩展名", photo(), "不能上传这种文件"),
        ("空.jpg", b"", "空文件"),
    ],
)
def test_what_may_not(cadre_scope, name, content, words):
    with pytest.raises(FieldErrors) as refused:
        store(name, content, cadre_scope)
    assert words in refused.value.fields["file"]
    assert not Attachment.objects.exists()


def test_twenty_megabytes_and_no_byte_more(cadre_scope):
    filler = PDF[:-6] + b" " * (settings.UPLOAD_MAX_BYTES - len(PDF)) + b"%%EOF\n"
    assert len(filler) == settings.UPLOAD_MAX_BYTES
    store("正好.pdf", filler, cadre_scope)
    with pytest.raises(FieldErrors) as refused:
        store("过大.pdf", b"%PDF-1.7 " + filler, cadre_scope)
    assert "超过 20 MB" in refused.value.fields["file"]


def test_a_photo_stays_upright_and_forgets_place_and_camera(cadre_scope):
    kept = store("现场.jpg", photo(turned=True), cadre_scope)
    raw = kept.file.open("rb").read()
    assert b"SecretCamera" not in raw
    picture = Image.open(io.BytesIO(raw))
    assert picture.size == (20, 40)
    assert dict(picture.getexif()) == {}
    top, bottom = picture.getpixel((10, 5)), picture.getpixel((10, 35))
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


@pytest.mark.parametrize("pillow_format", ["PNG", "WEBP"])
def test_other_pictures_forget_too(cadre_scope, pillow_format):
    kept = store(f"现场.{pillow_format.lower()}", photo(pillow_format), cadre_scope)
    raw = kept.file.open("rb").read()
    assert b"SecretCamera" not in raw
    assert dict(Image.open(io.BytesIO(raw)).getexif()) == {}


def test_a_bomb_of_pixels_is_refused(cadre_scope):
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(FieldErrors) as refused:
        store("炸弹.png", out.getvalue(), cadre_scope)
    assert "尺寸太大" in refused.value.fields["file"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\资料\\车间 照片.jpg", "车间 照片.jpg"),
        ("invoice\u202egpj.exe", "invoice_gpj.exe"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("车" * 200 + ".jpeg", "车" * 110 + ".jpeg"),
        ("...", "附件"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert safe_name(given) == kept


def test_the_file_goes_when_the_save_fails(committed_db, district):
    scope = scope_of(district.cadre())
    names: list[str] = []

    def save_and_fail() -> None:
        with transaction.atomic():
            names.append(store("现场.jpg", photo(), scope).file.name)
            assert default_storage.exists(names[0])
            raise LookupError("the visit could not be saved")

    with pytest.raises(LookupError):
        save_and_fail()
    assert not Attachment.objects.exists()
    assert not default_storage.exists(names[0])


def test_the_file_stays_when_the_save_succeeds(committed_db, district):
    kept = store("现场.jpg", photo(), scope_of(district.cadre()))
    assert default_storage.exists(Attachment.objects.get(pk=kept.pk).file.name)


def test_a_refusal_caught_inside_a_save_leaves_only_what_was_kept(committed_db, district):
    scope = scope_of(district.cadre())
    with transaction.atomic():
        first = store("一.jpg", photo(), scope).file.name
        with contextlib.suppress(LookupError), transaction.atomic():
            second = store("二.jpg", photo(), scope).file.name
            raise LookupError
    assert default_storage.exists(first)
    assert not default_storage.exists(second)


def test_handing_out_keeps_the_name_and_is_private(cadre_scope):
    answer = attachment_response(store("车间照片.jpg", photo(), cadre_scope))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''%E8%BD%A6%E9%97%B4")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert attachment_response(store("表.xlsx", XLSX, cadre_scope))["Content-Disposition"].startswith("attachment;")


def test_a_file_that_is_gone_is_said_to_be_gone(cadre_scope):
    kept = store("现场.jpg", photo(), cadre_scope)
    kept.file.storage.delete(kept.file.name)
    with pytest.raises(NotFound):
        attachment_response(kept)
