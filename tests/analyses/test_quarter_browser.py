"""The quarter as people live it: a cadre writes on a phone, a leader remarks, staff publish, a colleague finds the practice."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from casework.models import Category
from casework.services import issue_register
from tests.axe import serious_findings
from tests.people import District, scope_of, sign_in
from unionportal.core.common import clock
from unionportal.reporting.rollups.refresh import refresh
from visits.models import Analysis, Practice, Reflection
from visits.quarters import quarter_code, quarter_of

pytestmark = pytest.mark.browser


def last_quarter() -> date:
    """The newest quarter that is over."""
    return quarter_of(quarter_of(clock.today()) - timedelta(days=1))


def test_from_a_reflection_to_the_library(page: Page, phone: Page, district: District) -> None:
    quarter, jishan = last_quarter(), district.township()
    cadre, leader, staff = district.cadre(name="陈走访"), district.leader(name="周分管"), district.staff(name="王调度")
    for number, category in enumerate(("training", "training", "training", "safety", "dues_refund")):
        issue_register(
            uuid=uuid4(),
            title="焊工培训没有讲师",
            description="",
            category=Category.objects.get(code=category),
            township=jishan,
            enterprise=district.enterprise() if number < 3 else None,
            received_on=quarter + timedelta(days=10 + number),
            actor=scope_of(cadre),
        )
    refresh()

    sign_in(phone, cadre)
    phone.goto(f"/analyses/?quarter={quarter_code(quarter)}")
    phone.get_by_role("link", name="我的心得").click()
    phone.get_by_label("主要做法").fill("走访前先把返还款材料清单发给企业财务，一次备齐。")
    phone.get_by_label("问题与体会").fill("经办人换得勤。")
    phone.get_by_role("button", name="提交心得").click()
    expect(phone.locator(".form-errors")).to_contain_text("提交前请写明这一部分")
    phone.get_by_label("下季打算").fill("办一场解读会。")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="提交心得").click()
    expect(phone.locator("main")).to_contain_text("已提交")

    sign_in(page, leader)
    page.goto(f"/analyses/?quarter={quarter_code(quarter)}")
    assert serious_findings(page) == []
    page.get_by_role("link", name="陈走访").click()
    page.locator("button[data-dialog=comment]").click()
    page.locator("dialog#comment").get_by_label("点评").fill("做法具体，可推广。")
    page.locator("dialog#comment button[type=submit]").click()
    expect(page.locator("#remarks").locator("xpath=ancestor::section")).to_contain_text("做法具体")
    page.get_by_role("button", name="推荐到经验库").click()
    expect(page.get_by_role("heading", name=re.compile("陈走访"))).to_be_visible()
    practice = Practice.objects.get()

    page.context.clear_cookies()
    sign_in(page, staff)
    page.goto(f"/analyses/{quarter_code(quarter)}/{jishan.code}/")
    page.get_by_label("分析").fill("培训类诉求集中。")
    page.get_by_role("button", name="带入数据草稿").click()
    expect(page.get_by_label("分析")).to_have_value(re.compile(r"^培训类诉求集中。\n\n.*收集录入问题诉求5件", re.S))
    assert serious_findings(page) == []
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("main")).to_contain_text("为发布时留存")
    page.goto(f"/library/{practice.pk}/")
    page.locator("button[data-dialog=publish]").click()
    page.locator("dialog#publish button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已发布")

    phone.goto("/library/")
    phone.locator("#id_q").fill("材料清单")
    phone.locator("#id_q").press("Enter")
    phone.get_by_role("link", name=re.compile("陈走访")).click()
    phone.get_by_role("button", name="有用").click()
    expect(phone.get_by_role("button", name=re.compile("已标有用"))).to_be_visible()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert Reflection.objects.get().state == "remarked"
    assert Analysis.objects.get().figures["now"]["counts"]["received"] == 5
    assert practice.marks.count() == 1
