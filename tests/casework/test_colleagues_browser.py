"""Two colleagues on one issue: the holder keeps the tracker and asks by a note, the office hears of it on the phone and watches."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.models import Watcher
from tests.axe import serious_findings
from tests.casework.desk import moved, registered
from tests.people import District, sign_in
from unionportal.core.notify.models import Channel, QuietHours

pytestmark = pytest.mark.browser


def test_a_tracker_a_note_and_the_bell(page: Page, phone: Page, district: District) -> None:
    staff, handler = district.staff(name="王调度"), district.handler(name="孙权益")
    issue = registered(district, staff)
    moved(issue, "assign", staff, unit=district.department)
    moved(issue, "accept", handler)

    sign_in(page, handler)
    page.goto(f"/issues/{issue.code}/")
    page.locator("#tracker").get_by_role("link", name=re.compile("填写")).click()
    page.get_by_label("申请金额").fill("12000")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#tracker")).to_contain_text("12,000.00 元")
    page.locator("#note_text").fill("请@王调度 看一下企业的账户。")
    page.get_by_role("button", name="保存批注").click()
    expect(page.locator("#notes")).to_contain_text("提醒了王调度")

    sign_in(phone, staff)
    bell = phone.get_by_role("link", name=re.compile("^消息，"))
    bell.tap()
    phone.get_by_role("link", name=re.compile(f"{issue.code}.*提到我", re.DOTALL)).tap()
    expect(phone.locator("#notes")).to_contain_text("请@王调度 看一下企业的账户。")
    phone.get_by_role("button", name="关注").tap()
    expect(phone.get_by_role("button", name=re.compile("取消关注"))).to_be_visible()
    assert set(Watcher.objects.values_list("user", flat=True)) == {staff.pk, handler.pk}
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.goto("/trackers/?year=all")
    expect(phone.get_by_role("region", name="经费返还台账")).to_contain_text("12,000.00 元")

    phone.goto("/me/notifications/")
    robot = phone.get_by_role("region", name="钉钉机器人")
    robot.get_by_label("Webhook 地址").fill("https://example.com/robot")
    robot.get_by_role("button", name="保存").tap()
    expect(robot.locator(".error")).to_be_visible()
    robot.get_by_label("Webhook 地址").fill(f"https://oapi.dingtalk.com/robot/send?access_token={'0' * 64}")
    robot.get_by_role("button", name="保存").tap()
    expect(robot).to_contain_text("启用")
    quiet = phone.get_by_role("region", name="免打扰时段")
    quiet.locator("[name=begin]").fill("20")
    quiet.locator("[name=end]").fill("7")
    quiet.get_by_role("button", name="保存").tap()
    expect(quiet.locator("[name=begin]")).to_have_value("20")
    assert serious_findings(phone) == []
    assert Channel.objects.get().way == "dingtalk"
    assert QuietHours.objects.get().user == staff
