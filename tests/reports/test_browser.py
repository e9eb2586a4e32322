"""Asking for the annual report in the browser, with a real worker: its progress, cancelling it half way, and the file."""

import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.chaos.faults import other_connection
from tests.people import District, sign_in
from unionportal.core.files.models import Attachment
from unionportal.reporting.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def test_a_report_from_the_button_to_the_file(
    celery_worker_process: Any, page: Page, phone: Page, year: District, tmp_path: Path
) -> None:
    staff = year.staff(name="王文书")
    sign_in(page, staff)
    page.goto("/reports/")
    with other_connection() as holder, holder.transaction():
        # The worker comes as far as the trackers' sums, and waits there for us.
        holder.execute("LOCK TABLE casework_tracker IN ACCESS EXCLUSIVE MODE")
        ask(page)
        row = page.locator("tr", has_text="2024年年度报告（Word）").first
        expect(row).to_contain_text("生成中")
        expect(row.locator("progress")).to_be_visible()
        assert serious_findings(page) == []
        row.get_by_role("button", name=re.compile("取消")).click()
        expect(page.locator("main")).to_contain_text("已取消生成2024年年度报告（Word）")
    ask(page)
    row = page.locator("tr", has_text="2024年年度报告（Word）").first
    expect(row).to_contain_text("已完成", timeout=30_000)  # the row asks for itself; nobody reloads the page
    assert row.get_attribute("hx-get") is None
    with page.expect_download() as download:
        row.get_by_role("link", name=re.compile("下载")).click()
    file = tmp_path / "report.docx"
    download.value.save_as(file)
    assert any("收集录入问题诉求4件" in paragraph.text for paragraph in Document(file).paragraphs)
    assert sorted(Report.objects.values_list("state", flat=True)) == ["cancelled", "done"]
    assert Attachment.objects.count() == 1, "the one cancelled half way left no file"

    sign_in(phone, staff)
    phone.goto("/reports/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []
    phone.locator("tr", has_text="已完成").get_by_role("link", name="2024年年度报告（Word）", exact=True).click()
    expect(phone.locator("main")).to_contain_text("王文书")
    assert serious_findings(phone) == []
    phone.goto("/reports/templates/annual/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []


def ask(page: Page) -> None:
    page.get_by_label("报告", exact=True).select_option("annual:2024")
    page.get_by_role("button", name="生成", exact=True).click()
    expect(page.locator("main")).to_contain_text("已生成的报告")
