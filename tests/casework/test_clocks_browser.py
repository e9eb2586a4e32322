"""The clocks and the rules as people use them: the holder asks for more time, the leader grants it; staff tries a rule and follows it."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from casework.models import RoutingRule
from tests.axe import serious_findings
from tests.casework.desk import moved, registered
from tests.casework.walk import LAST_DAYS
from tests.people import District, sign_in
from unionportal.core.accounts.models import User
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def again(page: Page, user: User) -> None:
    page.context.clear_cookies()
    sign_in(page, user)


def test_more_time_is_asked_for_and_granted(district: District, live_portal: Any, page: Page) -> None:
    staff, leader, handler = district.staff(), district.leader(), district.handler()
    issue = registered(district, staff)
    for action, who, given in (("assign", staff, {"unit": district.department}), ("accept", handler, {})):
        issue = moved(issue, action, who, **given)
    before = issue.due_on
    sign_in(page, handler)
    page.goto(f"/issues/{issue.code}/")
    page.locator("button[data-dialog=extend]").click()
    dialog = page.locator("dialog#extend")
    dialog.locator("textarea").fill("等财务出具凭证。")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("请填写需要延长几个工作日。")
    expect(dialog.locator("textarea")).to_have_value("等财务出具凭证。")
    dialog.get_by_label("延长几个工作日").fill("3")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#clocks-h + *, section:has(#clocks-h)").first).to_contain_text("申请再延 3 个工作日，待答复")
    again(page, leader)
    page.goto("/issues/due/?standing=wished")
    page.get_by_role("link", name="返还款未到账").click()
    page.locator("button[data-dialog=approve_extension]").click()
    page.locator("dialog#approve_extension button[type=submit]").click()
    expect(page.locator("section:has(#log-h) .timeline")).to_contain_text("同意延期，新期限")
    issue.refresh_from_db()
    assert issue.extended_workdays == 3
    assert isinstance(before, date)
    assert issue.due_on is not None
    assert issue.due_on > before


def test_a_rule_is_tried_saved_and_followed(district: District, live_portal: Any, page: Page) -> None:
    staff = district.staff()
    past = registered(district, staff, "以前的返还款")
    moved(past, "assign", staff, unit=district.workroom)
    waiting = registered(district, staff)
    sign_in(page, staff)
    page.goto("/routing/")
    page.get_by_role("link", name="新增规则").first.click()
    page.get_by_label("类别").select_option(label="工会经费返还")
    page.get_by_label("交办给").select_option(label="权益部")
    page.get_by_role("button", name="试算").click()
    expect(page.locator("section:has(#tried-h)")).to_contain_text("八字桥")
    expect(page.locator("section:has(#tried-h)")).to_contain_text("不同 1")
    assert RoutingRule.objects.count() == 0
    page.get_by_role("button", name="保存规则").click()
    expect(page.get_by_text("已保存交办规则。")).to_be_visible()
    page.goto(f"/issues/{waiting.code}/")
    page.locator("button[data-dialog=assign]").click()
    dialog = page.locator("dialog#assign")
    expect(dialog).to_contain_text("按交办规则“工会经费返还”建议权益部")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("section:has(#log-h) .timeline")).to_contain_text("交办至权益部")


def test_a_year_is_published_and_provisional_deadlines_follow(page: Page, phone: Page, district: District) -> None:
    staff, handler, admin = district.staff(), district.handler(), district.sysadmin()
    year = LAST_DAYS.year + 1
    with clock.at(LAST_DAYS):
        issue = moved(registered(district, staff), "assign", staff, unit=district.department)
        issue = moved(issue, "accept", handler)
    assert issue.due_is_provisional

    sign_in(phone, admin)
    phone.goto(f"/calendar/{year}/edit/")
    phone.get_by_label("依据").fill("示例通知")
    phone.locator("[name=days]").fill(f"{year}-01-01 至 {year}-01-03 休 元旦")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("main")).to_contain_text("示例通知")

    sign_in(page, staff)
    page.goto("/issues/due/recount/")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("核定")
    assert serious_findings(page) == []
    page.get_by_role("button", name=re.compile("应用以上 1 处变动")).click()
    expect(page.locator("main")).to_contain_text("没有需要重算的期限")
    issue.refresh_from_db()
    assert not issue.due_is_provisional
    assert issue.events.last().action == "recount"
