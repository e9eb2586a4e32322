"""A service activity from its plan to the answers, as staff, a holder on a phone, and a cadre live it."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from casework.models import Category, Issue, ServiceActivity
from casework.services import issue_move, issue_register
from tests.axe import serious_findings
from tests.people import District, scope_of, sign_in
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def test_one_fair_answers_two_issues(page: Page, phone: Page, district: District) -> None:
    staff, handler = district.staff(name="王调度"), district.handler(name="孙权益")
    for number, title in enumerate(("急招焊工十名", "招不到质检员"), start=1):
        issue = issue_register(
            uuid=UUID(int=number),
            title=title,
            description="",
            category=Category.objects.get(code="recruitment"),
            township=district.township(),
            received_on=clock.today(),
            actor=scope_of(staff),
        )
        for action, who, given in (("assign", staff, {"unit": district.department}), ("accept", handler, {})):
            issue = issue_move(code=issue.code, action=action, version=issue.version, actor=scope_of(who), **given)

    sign_in(page, staff)
    page.goto("/activities/")
    page.get_by_role("link", name="建立活动").first.click()
    page.locator("label.pill", has_text="招聘会").click()
    page.get_by_label("名称").fill("秋季用工招聘会")
    page.get_by_label("镇街").select_option("330602006")
    page.get_by_label("主办单位").select_option("330602006")
    page.get_by_role("button", name="建立活动").click()
    expect(page.get_by_role("heading", name="秋季用工招聘会")).to_be_visible()

    page.get_by_role("link", name="关联诉求").click()
    page.get_by_label("全选").check()
    expect(page.locator("[data-chosen]")).to_have_text("2")
    assert serious_findings(page) == []
    page.get_by_role("button", name=re.compile("关联所选")).click()
    expect(page.locator("#links li")).to_have_count(2)

    page.locator("button[data-dialog=session]").click()
    dialog = page.locator("dialog#session")
    dialog.get_by_label("地点").fill("街道文化中心")
    dialog.get_by_label("参加人次").fill("120")
    dialog.get_by_label("经费").fill("3200.50")
    dialog.locator("button[type=submit]").click()
    page.locator("button[data-dialog=hold]").click()
    page.locator("dialog#hold button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("3,200.50")
    assert serious_findings(page) == []

    sign_in(phone, handler)
    phone.goto("/notifications/")
    phone.get_by_role("link", name=re.compile("可据此反馈")).first.click()
    phone.get_by_label("办理情况和结果").fill("招聘会上已对接，达成意向 6 人。")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="反馈所选诉求").click()
    expect(phone.locator("main")).to_contain_text("已反馈，等待回访")
    assert set(Issue.objects.values_list("state", flat=True)) == {"answered"}
    activity = ServiceActivity.objects.get()
    assert activity.links.filter(answer__isnull=False).count() == 2

    page.goto(f"/issues/{Issue.objects.earliest('id').code}/")
    expect(page.locator("main")).to_contain_text(f"通过服务活动 {activity.code}")
