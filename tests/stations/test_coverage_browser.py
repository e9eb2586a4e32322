"""Coverage at an office computer: the drawing, the gaps with what would close them, and what is taken out."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from stations.models import OutdoorEmployer
from tests.axe import serious_findings
from tests.people import District, sign_in
from tests.stations.cast import StationCast
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def test_gaps_are_seen_and_taken_out(page: Page, district: District) -> None:
    cast = StationCast(district, now=clock.now())
    station = cast.station(opened_on=clock.today() - timedelta(days=400))
    enterprise = district.enterprise(1, industry="G", name="顺达快递（演示）")
    where = {"longitude": "120.640000", "latitude": "30.020000"}
    OutdoorEmployer.objects.create(enterprise=enterprise, work="courier", workers=46, recorded_at=cast.now, **where)
    sign_in(page, cast.users["staff"])
    page.goto("/stations/coverage/")
    expect(page.locator("svg.cover-map .reach").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("没有驿站")
    expect(page.locator("main")).to_contain_text("新覆盖 1 家 46 人")
    assert serious_findings(page) == []
    with page.expect_download() as book:
        page.get_by_role("link", name="导出 Excel").click()
    assert Path(book.value.path()).read_bytes().startswith(b"PK")
    with page.expect_download() as points:
        page.get_by_role("link", name="GeoJSON").click()
    found = json.loads(Path(points.value.path()).read_text(encoding="utf-8"))
    assert [feature["id"] for feature in found["features"]] == [station.code]
