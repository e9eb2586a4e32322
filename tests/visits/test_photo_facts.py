"""When and where a photo was taken: kept only where the cadre ticked it, and never inside the file."""

import io
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from tests.people import sign_in
from tests.visits.test_phone import Thumb, photo, pick_enterprise
from unionportal.core.common.clock import SHANGHAI
from visits.models import Visit, VisitPhoto

pytestmark = pytest.mark.browser
GALLERY, CAMERA = "[name=photos]", "[data-photo-camera]"


def with_exif() -> dict[str, Any]:
    """A photo from the gallery, as a phone leaves it there."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:09:12 14:05:33"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 0.0, 6.04), 3: "E", 4: (120.0, 34.0, 45.23)})
    out = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(out, "JPEG", exif=exif)
    return {"name": "厂区.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_facts_are_taken_from_gallery_and_camera_only_where_ticked(phone, district):
    district.enterprise(1, name="光典芯元微电子（演示）")
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 30.00168, "longitude": 120.57923})
    sign_in(phone, district.cadre())
    phone.goto("/visits/new/")
    pick_enterprise(Thumb(phone))
    add(phone, GALLERY, with_exif(), 1)
    phone.get_by_label("记录拍摄时间和位置").check()
    add(phone, GALLERY, with_exif(), 2)
    add(phone, CAMERA, photo(), 3)
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    unticked, gallery, camera = Visit.objects.get().photos.all()
    assert not unticked.has_facts
    assert gallery.taken_at == datetime(2024, 9, 12, 14, 5, 33, tzinfo=SHANGHAI)
    assert place(gallery) == ("30.00168", "120.57923")
    assert place(camera) == ("30.00168", "120.57923")
    assert camera.taken_at is not None
    for row in (unticked, gallery, camera):
        with Image.open(row.attachment.file) as picture:
            assert not dict(picture.getexif())
    phone.get_by_role("button", name="删除时间和位置").first.tap()
    phone.get_by_text("已删除这张照片的拍摄时间和位置").wait_for()
    assert not VisitPhoto.objects.get(pk=gallery.pk).has_facts


def add(page: Any, where: str, file: dict[str, Any], then: int) -> None:
    page.locator(where).set_input_files([file])
    page.locator("[data-photo-list] li").nth(then - 1).wait_for()


def place(row: VisitPhoto) -> tuple[str, str]:
    return str(row.latitude), str(row.longitude)
