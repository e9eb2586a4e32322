"""A clerk registers a station on a phone, standing at its door; staff see it in the list."""

import pytest
from playwright.sync_api import Page, expect

from stations.models import Station
from tests.axe import serious_findings
from tests.people import District, sign_in

pytestmark = pytest.mark.browser


def test_registered_at_the_door_and_open_at_once(page: Page, phone: Page, district: District) -> None:
    clerk, staff = district.township_clerk(name="陈镇街"), district.staff(name="王区总")
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"longitude": 120.6045, "latitude": 29.9988})
    sign_in(phone, clerk)
    phone.goto("/stations/")
    phone.get_by_role("link", name="登记驿站").first.click()
    phone.get_by_label("名称").fill("延安路爱心驿站")
    phone.locator("label.pill", has_text="骑手驿站").click()
    phone.get_by_label("地址").fill("延安路100号")
    phone.get_by_role("button", name="用手机定位").click()
    expect(phone.get_by_label("经度")).to_have_value("120.60450")
    expect(phone.get_by_label("坐标系")).to_have_value("wgs84")
    phone.locator("label.pill", has_text="饮用水").click()
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="登记", exact=True).click()

    expect(phone.get_by_role("heading", name="开放时间")).to_be_visible()
    phone.get_by_role("button", name="再加一行").click()
    expect(phone.locator("[data-row]:visible")).to_have_count(2)
    phone.locator("[data-row]:visible").nth(1).get_by_role("button", name="去掉这个时段").click()
    phone.get_by_label("24小时开放").check()
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="保存").click()

    phone.locator("button[data-dialog=open]").click()
    phone.locator("dialog#open button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("现在开放")
    assert serious_findings(phone) == []
    station = Station.objects.get()
    assert (station.coordinate_system, station.state, station.open_all_day) == ("wgs84", "open", True)

    sign_in(page, staff)
    page.goto("/stations/?all_day=1")
    expect(page.get_by_role("link", name="延安路爱心驿站")).to_be_visible()
    assert serious_findings(page) == []
