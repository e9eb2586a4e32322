"""A cadre going on leave names a substitute; the substitute finds the gap on the phone under 走访覆盖 and logs the visit."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.people import District, sign_in
from unionportal.core.common import clock
from visits.models import Visit

pytestmark = pytest.mark.browser


def test_a_substitute_closes_a_gap(page: Page, phone: Page, district: District) -> None:
    cadre, substitute = district.cadre(name="陈本岗"), district.cadre([], name="王代岗")
    enterprise = district.enterprise(1, is_key=True)
    district.enterprise(2, is_key=True, township=district.township("330602108"))

    sign_in(page, cadre)
    page.goto("/postings/")
    page.get_by_role("link", name="代岗", exact=True).click()
    page.get_by_role("link", name="安排代岗").first.click()
    assert serious_findings(page) == []
    page.get_by_label("代岗人").select_option(substitute.username)
    page.get_by_label("结束日期").fill((clock.today() + timedelta(days=4)).isoformat())
    page.get_by_label("原因").select_option(label="请假")
    page.get_by_role("button", name="保存代岗").click()
    expect(page.locator("main table")).to_contain_text("王代岗")
    assert serious_findings(page) == []

    sign_in(phone, substitute)
    phone.goto("/coverage/")
    expect(phone.locator("main")).to_contain_text(enterprise.name)
    expect(phone.locator("main")).to_contain_text("陈本岗（王代岗代岗）")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []
    phone.locator("main table a", has_text="记走访").tap()
    phone.get_by_role("button", name="五项都好").tap()
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    assert Visit.objects.get().cadre == substitute

    phone.goto("/coverage/")
    expect(phone.get_by_role("heading", name="没有缺口")).to_be_visible()
