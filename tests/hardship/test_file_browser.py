"""A file from the application to the decided category as an aid officer makes it, on the phone in the household's kitchen and at the desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from hardship.models import HardshipFile
from tests.axe import serious_findings
from tests.hardship.cast import PHONE, id_number
from tests.people import District, sign_in
from unionportal.core.common.scope import Role

pytestmark = pytest.mark.browser


def test_a_household_from_application_to_category(page: Page, phone: Page, district: District) -> None:
    officer = district.person(Role.AID, unit=district.township(), name="钱帮扶")
    sign_in(phone, officer)
    phone.goto("/hardship/")
    phone.get_by_role("link", name="建立档案").first.click()
    phone.get_by_label("姓名").fill("王示例")
    phone.get_by_label("身份证号").fill("330602800506121")
    phone.get_by_label("电话").fill(PHONE)
    phone.get_by_label("主要致困原因").select_option("6")
    phone.get_by_role("button", name="建立档案").click()
    expect(phone.locator("main")).to_contain_text("15 位的旧身份证号")
    assert serious_findings(phone) == []
    phone.get_by_label("身份证号").fill(id_number(501))
    phone.get_by_role("button", name="建立档案").click()
    expect(phone.locator(".flashes")).to_contain_text("已建立档案")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    for kind, amount in (("wages", "36000"), ("illness", "30000")):
        phone.locator("button[data-dialog=line]").click()
        dialog = phone.locator("dialog#line")
        dialog.get_by_label("项目").select_option(kind)
        dialog.get_by_label("全年金额").fill(amount)
        dialog.get_by_label("来源材料").select_option("declared")
        dialog.locator("button[type=submit]").click()
        expect(phone.locator(".flashes")).to_contain_text("已添加明细")
    expect(phone.locator("main")).to_contain_text("（36,000.00 − 30,000.00）÷ 1 人 ÷ 12 个月 = 每人每月 500.00 元")
    assert serious_findings(phone) == []

    file = HardshipFile.objects.get()
    sign_in(page, officer)
    page.goto(f"/hardship/{file.code}/")
    page.locator("button[data-dialog=grounds]").click()
    for answer in page.locator("dialog#grounds label.pill", has_text="没有").all():
        answer.click()
    page.locator("dialog#grounds button[type=submit]").click()
    expect(page.locator(".flashes")).to_contain_text("已保存核查结果")
    page.locator("button[data-dialog=decide]").click()
    page.locator("dialog#decide label.pill", has_text="深度困难").click()
    page.locator("dialog#decide button[type=submit]").click()
    expect(page.locator(".page-title")).to_contain_text("深度困难")
    page.get_by_role("link", name=re.compile("查看.*王示例")).click()
    page.get_by_label("查看理由").fill("核对身份证")
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("main")).to_contain_text(id_number(501))
    page.get_by_role("link", name="回到档案").click()
    expect(page.locator("main")).to_contain_text("核对身份证")
    assert serious_findings(page) == []
    assert page.evaluate("Object.keys(localStorage).filter(key => localStorage[key].includes('王示例'))") == []
