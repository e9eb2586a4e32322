"""A call comes in: the hint while it is written down, the caller kept apart, a file on a note, found again by initials, taken out as a file."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casework.models import Issue, IssueFile
from tests.axe import serious_findings
from tests.casework.desk import registered
from tests.casework.test_notes import photo
from tests.jobs.builders import cells
from tests.people import District, sign_in

pytestmark = pytest.mark.browser


def test_a_call_is_written_down_found_and_taken_out(
    page: Page, phone: Page, district: District, tmp_path: Path
) -> None:
    staff = district.staff(name="王调度")
    plant = district.enterprise(1, name="光典芯元微电子（演示）")
    known = registered(district, staff, "返还款一直没有到账", enterprise=plant)
    registered(district, staff, "食堂太小", enterprise=district.enterprise(2))

    sign_in(page, staff)
    page.goto("/issues/new/")
    page.get_by_role("combobox", name="企业").fill("gdxy")
    page.get_by_role("option", name="光典芯元微电子（演示）").click()
    page.get_by_label("类别").select_option(label="工会经费返还")
    page.get_by_role("textbox", name="标题").press_sequentially("返还款没有到账")
    hint = page.get_by_role("status").filter(has_text="可能已经登记过")
    expect(hint).to_contain_text(known.code)
    page.get_by_role("heading", name="反映人").click()
    page.locator("label", has_text="来电").click()
    page.get_by_label("反映人姓名").fill("陈示例")
    page.get_by_label("反映人电话").fill("1380000")
    assert serious_findings(page) == []
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#id_reporter_phone_error")).to_contain_text("电话号码不对")
    expect(page.get_by_role("textbox", name="标题")).to_have_value("返还款没有到账")
    page.get_by_label("反映人电话").fill("13800000009")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("main h1")).to_contain_text("返还款没有到账")
    expect(page.locator("main")).to_contain_text("来电反映")
    expect(page.get_by_role("region", name="反映人")).to_contain_text("138****0009")
    issue = Issue.objects.get(source_kind="phone")
    assert (issue.enterprise, issue.reporter.name) == (plant, "陈示例")

    slip = tmp_path / "银行回单.jpg"
    slip.write_bytes(photo())
    page.locator("#note_text").fill("企业发来了回单。")
    page.locator("#notes input[type=file]").set_input_files(slip)
    page.get_by_role("button", name="保存批注").click()
    file = page.locator("#notes").get_by_role("link", name="银行回单")
    expect(file).to_be_visible()
    assert page.request.get(str(file.get_attribute("href"))).headers["content-type"] == "image/jpeg"
    assert IssueFile.objects.get().note.text == "企业发来了回单。"

    page.goto("/issues/")
    page.locator("main input[name=q]").fill("gdxy")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(2)
    for button, suffix in (("导出 CSV", "csv"), ("导出 Excel", "xlsx")):
        with page.expect_download() as taken:
            page.get_by_role("link", name=button).click()
        assert taken.value.suggested_filename.endswith(suffix)
        content = Path(taken.value.path()).read_bytes()
        titles = content.decode("utf-8-sig") if suffix == "csv" else str(cells(content))
        assert "返还款没有到账" in titles
        assert "食堂太小" not in titles

    sign_in(phone, staff)
    phone.goto(f"/issues/{issue.code}/")
    expect(phone.locator("#notes")).to_contain_text("银行回单")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
