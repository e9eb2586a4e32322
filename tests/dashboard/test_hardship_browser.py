"""The section of hardship aid as a leader opens it, on the phone and at the desk: from a number to its rows and their file."""

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.hardship.aided import aided
from tests.hardship.cast import WEDNESDAY, Cast
from tests.people import District, sign_in
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def test_from_a_number_to_its_rows_and_their_file(page: Page, phone: Page, district: District) -> None:
    with clock.at(WEDNESDAY):
        cast = Cast(district)
        aided(cast)
    for screen in (phone, page):
        sign_in(screen, cast.users["leader"])
        screen.goto("/dashboard/hardship/?year=2024")
        assert serious_findings(screen) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="脱困 2，看明细").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    assert download.value.suggested_filename == "脱困-2024年.csv"
    assert serious_findings(page) == []
