"""A clerk's morning at the office: what is found, put right, merged and split, voided; many at once, and a view kept for tomorrow."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.models import Issue
from tests.axe import serious_findings
from tests.casework.desk import registered
from tests.people import District, sign_in

pytestmark = pytest.mark.browser


def ask(page: Page, action: str, note: str) -> None:
    """Open the dialog of an action, say why, send it."""
    page.locator(f"button[data-dialog={action}]").click()
    dialog = page.locator(f"dialog#{action}")
    dialog.locator("[name=note]").fill(note)
    dialog.locator("button[type=submit]").click()


def test_found_put_right_merged_split_and_voided(page: Page, district: District) -> None:
    staff = district.staff(name="王调度")
    main = registered(district, staff, "车间吊机没有护栏")
    twin = registered(district, staff, "车间的吊机没有护栏")
    sign_in(page, staff)

    page.locator(".topbar input[name=q]").fill("吊机")
    page.keyboard.press("Enter")
    expect(page.locator("tbody mark")).to_have_text(["吊机", "吊机"])

    page.goto(f"/issues/{twin.code}/")
    similar = page.get_by_role("region", name="可能是同一件事")
    expect(similar).to_contain_text(main.code)
    assert serious_findings(page) == []
    similar.get_by_role("link", name=re.compile("并入这条")).click()
    expect(page.locator("dialog#merge [name=main]")).to_have_value(main.code)
    page.locator("dialog#merge button[type=submit]").click()
    expect(page.locator("main h1 + .chip")).to_have_text("已并案")
    page.goto(f"/issues/{main.code}/")
    expect(page.locator("main")).to_contain_text(twin.code)
    page.goto(f"/issues/{twin.code}/")
    ask(page, "split", "是另一台吊机。")
    expect(page.locator("main h1 + .chip")).to_have_text("已登记待交办")

    page.get_by_role("link", name="更正").click()
    page.locator("[name=title]").fill("二号车间吊机没有护栏")
    page.locator("[name=reason]").fill("标题没有写明车间。")
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator("h1")).to_have_text("二号车间吊机没有护栏")
    expect(page.get_by_role("region", name="办理过程")).to_contain_text("标题没有写明车间。")

    ask(page, "void", "重复登记。")
    expect(page.locator("main h1 + .chip")).to_have_text("已作废")
    assert page.locator("button[data-dialog]").count() == 0
    assert dict(Issue.objects.values_list("code", "state")) == {main.code: "registered", twin.code: "voided"}


def test_many_at_once_from_a_phone_and_a_view_kept_at_the_desk(page: Page, phone: Page, district: District) -> None:
    staff = district.staff(name="王调度")
    for title in ("甲 返还款未到账", "乙 加班费未发", "丙 食堂太小"):
        registered(district, staff, title)
    sign_in(phone, staff)
    phone.goto("/issues/")
    bulk = phone.locator("[data-bulk]")
    expect(bulk).to_be_hidden()
    for title in ("甲", "乙"):
        phone.locator("tr", has_text=title).locator("[data-one]").tap()
    expect(bulk).to_contain_text("已选 2 条")
    assert serious_findings(phone) == []
    bulk.get_by_role("button", name="交办").tap()
    expect(phone.locator("tbody tr")).to_have_count(2)
    phone.get_by_label("承办单位").select_option("rights")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="确认交办").tap()
    expect(phone.locator("tbody tr .chip")).to_have_text(["已交办", "已交办"])
    assert Issue.objects.filter(state="assigned", holder=district.department).count() == 2

    sign_in(page, staff)
    page.goto("/issues/")
    page.locator("[data-all]").check()
    expect(page.locator("[data-chosen]")).to_have_text("3")
    page.get_by_label("状态").select_option("assigned")
    page.get_by_role("link", name="存为视图").click()
    page.get_by_label("名称").fill("等签收的")
    page.get_by_label("打开列表时先用这个视图").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert serious_findings(page) == []
    page.goto("/issues/")
    expect(page.get_by_role("link", name="等签收的")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="清除").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_label("状态").select_option("registered")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("状态").select_option("")
    expect(page.locator("tbody tr")).to_have_count(3)
