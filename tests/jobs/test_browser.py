"""An import from the template to the written rows, and an export from the list to the file, as people live them."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.jobs.builders import ISSUE_HEADINGS, cells, enterprise_rows, xlsx
from tests.people import District, sign_in
from unionportal.core.common import clock
from unionportal.core.jobs.models import JobDownload
from unionportal.core.orgs.models import Enterprise

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def test_a_workbook_is_mended_confirmed_and_written(
    page: Page, district: District, celery_worker_process: Any, tmp_path: Path
) -> None:
    headings, *rows = enterprise_rows(3)
    wrong, right = tmp_path / "企业名单.xlsx", tmp_path / "企业名单（改）.xlsx"
    wrong.write_bytes(xlsx(headings, *rows, ("123", "码错了（演示）", "稽山街道")).read())
    right.write_bytes(xlsx(headings, *rows).read())
    sign_in(page, district.staff())
    page.goto("/imports/")
    with page.expect_download() as template:
        page.get_by_role("link", name="企业台账模板").click()
    assert template.value.suggested_filename == "企业台账-导入模板.xlsx"
    assert serious_findings(page) == []

    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择要导入的文件。")
    page.locator("label.pill", has_text="企业台账").click()
    page.get_by_label("文件").set_input_files(wrong)
    page.get_by_role("button", name="上传并检查").click()
    problems = page.locator("section", has=page.get_by_role("heading", name="问题"))
    expect(problems).to_contain_text("统一社会信用代码应为 18 位，现在是 3 位。")
    with page.expect_download() as marked:
        page.get_by_role("link", name="下载标注副本").click()
    assert marked.value.suggested_filename == "企业名单-标注.xlsx"
    assert cells(Path(marked.value.path()).read_bytes())[4][-1].startswith("统一社会信用代码：")
    assert serious_findings(page) == []

    page.get_by_role("link", name="重新上传").click()
    page.locator("label.pill", has_text="企业台账").click()
    page.get_by_label("文件").set_input_files(right)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="确认导入 3 行").click()
    expect(page.locator("#import")).to_contain_text("已完成")
    expect(page.locator("#import[hx-get]")).to_have_count(0)
    assert Enterprise.objects.count() == 3

    slips = tmp_path / "诉求登记.xlsx"
    received = (clock.today().isoformat(), rows[0][0], "", "企业不了解申领流程。")
    slips.write_bytes(xlsx(ISSUE_HEADINGS, *((title, "工会经费返还", *received) for title in "甲乙")).read())
    page.goto("/imports/")
    page.locator("label.pill", has_text="问题诉求").click()
    page.get_by_label("文件").set_input_files(slips)
    page.get_by_role("button", name="上传并检查").click()
    page.get_by_role("button", name="确认导入 2 行").click()
    expect(page.locator("#import")).to_contain_text("已完成")
    page.goto("/issues/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("tbody").get_by_role("link", name="甲").click()
    expect(page.get_by_role("region", name="基本情况")).to_contain_text("表格导入")


def test_a_list_is_taken_out_and_fetched_on_a_phone(
    phone: Page, district: District, celery_worker_process: Any
) -> None:
    staff = district.staff()
    district.enterprise(1)
    sign_in(phone, staff)
    phone.goto("/exports/")
    phone.get_by_role("link", name="新的导出").first.click()
    phone.locator("label.check", has_text="企业台账").click()
    phone.get_by_role("button", name="开始导出").click()
    expect(phone.locator("#exports")).to_contain_text("已完成")
    with phone.expect_download() as taken:
        phone.get_by_role("link", name="下载").click()
    assert taken.value.suggested_filename.startswith("企业台账-")
    assert len(cells(Path(taken.value.path()).read_bytes())) == 2
    assert JobDownload.objects.get().user == staff
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="再导一次").click()
    expect(phone.get_by_role("link", name="下载")).to_have_count(2)
    expect(phone.locator("#exports[hx-get]")).to_have_count(0)
