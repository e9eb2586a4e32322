"""From a department's sheet to a file: staff bring it in, a cadre goes there with a phone, an aid officer decides."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from xlsxwriter import Workbook

from hardship.models import HardshipFile, Lead
from tests.axe import serious_findings
from tests.hardship.cast import PHONE, id_number
from tests.people import District, sign_in
from unionportal.core.common.scope import Role

pytestmark = pytest.mark.browser


def workbook(*rows: tuple[str, ...]) -> dict[str, object]:
    """An Excel file as a department sends it, with headings of its own."""
    out = BytesIO()
    with Workbook(out) as book:
        table = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            table.write_row(number, 0, row)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "大额医疗.xlsx", "mimeType": kind, "buffer": out.getvalue()}


def test_from_a_sheet_to_a_file(page: Page, phone: Page, district: District) -> None:
    staff, cadre, aid = (
        district.staff(name="王调度"),
        district.cadre(name="李驻联"),
        district.person(Role.AID, name="帮扶专员"),
    )
    number, firm = id_number(7), district.enterprise().name
    sheet = workbook(
        ("参保人", "公民身份号码", "参保单位", "手机", "个人负担"),
        ("王示例", number, firm, PHONE, "32000"),
        ("李示例", "330602", firm, "", "90000"),
        ("张示例", id_number(9), firm, "", "800"),
    )

    sign_in(page, staff)
    page.goto("/hardship/leads/")
    page.get_by_role("link", name="部门数据").click()
    page.get_by_role("link", name="导入名单").first.click()
    page.get_by_label("数据来源").select_option(label="大额医疗支出")
    page.get_by_label("提供单位").fill("区医保局")
    page.get_by_label("法律依据").fill("数据共享协议（2024）3 号")
    page.get_by_label("表格文件").set_input_files(sheet)
    assert serious_findings(page) == []
    page.get_by_role("button", name="读入并核对").click()
    expect(page.locator("main")).to_contain_text("请选择姓名所在的列。")
    page.get_by_label("姓名").select_option(label="参保人")
    page.get_by_role("button", name="重新核对").click()
    expect(page.locator("main")).to_contain_text("可以导入 2 人")
    expect(page.locator("main")).to_contain_text("身份证号不对")
    assert serious_findings(page) == []
    page.get_by_text("略去有问题的行").click()
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("main")).to_contain_text("产生 1 条线索")
    page.get_by_role("link", name="看待核实的线索").click()
    page.locator("tbody a").click()
    expect(page.locator("main")).to_contain_text("个人自负金额达到 20,000.00 元")
    expect(page.locator("main")).not_to_contain_text("王示例")
    page.locator("button[data-dialog=assign]").click()
    page.get_by_label("核实人").select_option(label="李驻联")
    page.locator("dialog#assign button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已通知核实人")

    sign_in(phone, cadre)
    phone.goto("/")
    phone.get_by_role("link", name=re.compile("^核实")).first.click()
    expect(phone.locator("main")).to_contain_text("个人自负金额 32,000.00 元，达到 20,000.00 元。")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    dialog = phone.locator("dialog#verify")
    phone.locator("button[data-dialog=verify]").click()
    dialog.locator("label.pill", has_text="上门").click()
    dialog.locator("label.pill").filter(has_text=re.compile("^属实$")).click()
    dialog.get_by_label("看到、问到的情况").fill("家中有病人，费用属实。")
    dialog.locator("button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("已登记核实情况")

    page.context.clear_cookies()
    sign_in(page, aid)
    page.goto("/")
    page.get_by_role("link", name=re.compile("^决定")).first.click()
    page.locator("button[data-dialog=confirm]").click()
    expect(page.locator("dialog#confirm").get_by_label("户主姓名")).to_have_value("王示例")
    page.locator("dialog#confirm button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已建立档案")
    file = HardshipFile.objects.get()
    assert file.holder.opened("id") == number
    assert Lead.objects.get().file == file
    page.goto(f"/hardship/leads/{Lead.objects.get().code}/")
    expect(page.locator("main")).to_contain_text(file.code)
    assert serious_findings(page) == []
