"""The service of a station, lived through: the keeper's phone plans, records and counts; a worker's phone checks in; the leader reads it all."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from stations.models import CheckInDay, ServedCount, StationEvent
from tests.axe import serious_findings
from tests.people import District, sign_in
from tests.processes import Portal
from tests.stations.cast import StationCast
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def test_a_day_at_a_station(page: Page, phone: Page, district: District, browser: Browser, live_portal: Portal) -> None:
    cast = StationCast(district, now=clock.now())
    today = clock.today()
    station = cast.station(opened_on=today - timedelta(days=200), hours=[])
    cast.kept(station, start_on=today)

    sign_in(phone, cast.users["keeper"])
    phone.goto(f"/stations/events/new/?station={station.code}")
    phone.locator("label.pill", has_text="送清凉").click()
    phone.get_by_label("名称").fill("高温天送清凉")
    phone.get_by_label("合作单位").fill("志愿服务队")
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="安排活动").click()
    expect(phone.get_by_role("heading", name="高温天送清凉")).to_be_visible()
    phone.locator("button[data-dialog=hold]").click()
    dialog = phone.locator("dialog#hold")
    dialog.get_by_label("参加人次").fill("36")
    dialog.get_by_label("经费").fill("420.50")
    dialog.locator("button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("420.50")
    expect(phone.locator("main")).to_contain_text("不计入驿站的服务人次")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    phone.goto(f"/stations/events/served/{station.code}/")
    phone.get_by_label("服务人次", exact=True).fill("58")
    phone.get_by_role("button", name="登记", exact=True).click()
    expect(phone.locator("main")).to_contain_text("点数58人次")
    assert serious_findings(phone) == []
    phone.get_by_role("link", name="今天的签到码").click()
    expect(phone.locator(".poster-qr svg")).to_be_visible()
    address = re.search(r"/c/\S+", phone.locator(".poster-address").inner_text())
    assert address
    assert serious_findings(phone) == []

    sign_in(page, cast.users["leader"])
    _check_in(browser.new_context(base_url=live_portal.url, viewport={"width": 360, "height": 740}), address[0])

    page.goto(f"/dashboard/stations/?year={today.year}")
    expect(page.locator("#served-added")).to_contain_text("点数58＋扫码1＝59人次（计数方式不同")
    assert serious_findings(page) == []
    page.get_by_role("link", name=re.compile("驿站活动 1，看明细")).click()
    expect(page.locator("main")).to_contain_text("高温天送清凉")
    assert serious_findings(page) == []
    page.goto("/stations/events/")
    expect(page.locator("main")).to_contain_text("高温天送清凉")
    assert serious_findings(page) == []
    assert StationEvent.objects.get().state == "held"
    assert ServedCount.objects.get().number == 58


def _check_in(worker: BrowserContext, address: str) -> None:
    """A worker scans the code, taps once, and in vain a second time."""
    tab = worker.new_page()
    weight: list[int] = []
    tab.on("response", lambda answer: weight.append(len(answer.body())) if answer.status == 200 else None)
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    assert sum(weight) <= 60_000, "an old phone on a slow line"
    assert serious_findings(tab) == []
    tab.get_by_role("button", name="我来过，签到").click()
    expect(tab.get_by_role("heading", name="签到好了")).to_be_visible()
    tab.goto(address)
    tab.get_by_role("button", name="我来过，签到").click()
    expect(tab.locator("main")).to_contain_text("今天已经在这里签到过")
    assert CheckInDay.objects.get().number == 1
    worker.close()
