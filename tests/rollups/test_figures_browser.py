"""The pages of the figures as a leader, staff and a cadre use them, at a desk and on a phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.people import District, sign_in
from tests.rollups.histories import Player
from tests.rollups.test_figures import received
from tests.visits.builders import logged
from unionportal.core.common import clock
from unionportal.reporting import tasks

pytestmark = pytest.mark.browser


def test_the_figures_from_definition_to_rows(page: Page, phone: Page, district: District) -> None:
    today = clock.today()
    player = Player(district, day=today)
    staff, cadre = district.staff(name="王调度"), district.cadre(name="李驻联")
    logged(cadre, district.enterprise(is_key=True), today)
    player.close(received(player, today), days=0)
    player.make_named(received(player, today), "assign", unit=district.workroom)

    sign_in(page, staff)
    page.goto("/figures/")
    expect(page.locator("tr#received")).to_contain_text("第 2 版")
    assert serious_findings(page) == []

    page.get_by_role("navigation", name="统计指标").get_by_role("link", name="承办单位").click()
    row = page.get_by_role("row", name=re.compile("权益部"))
    expect(row).to_contain_text("100.00%")
    assert serious_findings(page) == []
    row.locator("a[data-figure]").first.click()
    expect(page.locator("main")).to_contain_text("承办：权益部")
    page.get_by_role("link", name="口径第 2 版").click()
    expect(page).to_have_url(re.compile("/figures/#received$"))

    page.goto("/figures/state/")
    page.get_by_role("button", name="全部重算").click()
    expect(page.locator("main")).to_contain_text("等待后台")
    assert serious_findings(page) == []
    assert tasks.recompute() is True
    page.get_by_role("link", name="刷新进度").click()
    expect(page.locator("main")).to_contain_text("王调度发起")

    sign_in(phone, cadre)
    phone.goto(f"/figures/cadres/?month={today:%Y-%m}")
    expect(phone.locator("tbody tr")).to_have_count(1)
    expect(phone.locator("tbody")).to_contain_text("1/1")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator("td[data-label=达标周次] a").click()
    expect(phone.locator("h1")).to_contain_text("走访达标周次")
    for url in ("/figures/", f"/figures/cadres/?month={today - timedelta(days=40):%Y-%m}"):
        phone.goto(url)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
