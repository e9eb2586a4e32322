"""接诊 — 会诊 — 回访 as people live it: a phone, three desks, a real worker, and the number at the end."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from casework.models import Issue
from tests.conftest import DESKTOP, PHONE
from tests.people import District, sign_in
from unionportal.core.accounts.models import User
from unionportal.core.common import clock

pytestmark = [pytest.mark.browser, pytest.mark.worker]

Seat = Callable[..., Any]


@pytest.fixture
def seat(browser: Browser, live_portal: Any) -> Seat:
    """Somebody's own browser, signed in: `with seat(user) as page`."""

    @contextmanager
    def sit(user: User, *, phone: bool = False) -> Iterator[Page]:
        looks = {"viewport": PHONE, "is_mobile": True, "has_touch": True} if phone else {"viewport": DESKTOP}
        context = browser.new_context(
            base_url=live_portal.url, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, **looks
        )
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
        sign_in(page, user)
        yield page
        context.close()
        assert refused == []

    return sit


def act(page: Page, action: str, **fields: str) -> None:
    """Press a button of the issue's page, fill its form, send it."""
    page.locator(f"button[data-dialog={action}]").first.click()
    dialog = page.locator(f"dialog#{action}")
    for label, value in fields.items():
        if label == "note":
            dialog.locator("textarea").fill(value)
        elif label == "unit":
            dialog.locator("select").select_option(value)
        else:
            dialog.locator("label.pill", has_text=re.compile(rf"^\s*{value}\s*$")).click()
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()


def tile(page: Page, label: str) -> int:
    """A headline figure of the dashboard."""
    words = page.locator(".tile", has_text=label).locator("[data-figure]").first.get_attribute("data-figure")
    assert words is not None
    return int(words)


def open_dashboard(page: Page) -> None:
    page.goto(f"/dashboard/?month={clock.today():%Y-%m}")


def test_from_a_visit_to_the_annual_report(
    celery_worker_process: Any, district: District, seat: Seat, tmp_path: Any
) -> None:
    enterprise = district.enterprise(1, name="光典芯元微电子（演示）", is_key=True)
    cadre, staff = district.cadre(name="陈驻联"), district.staff(name="王调度")
    clerk, leader = district.township_clerk(name="李镇街"), district.leader(name="赵主席")

    with seat(cadre, phone=True) as page:
        page.goto("/visits/new/")
        page.get_by_role("combobox", name="走访单位").fill("gdxy")
        page.get_by_role("option", name=re.compile("光典芯元")).click()
        for check in page.locator(".check-row").all():
            check.locator("label.pill").first.click()
        page.locator("[data-rows-add]").click()
        page.get_by_label("问题是什么").fill("经费返还款未到账，不了解申领流程")
        page.get_by_label("类别").select_option("dues_refund")
        page.get_by_role("button", name="提交走访").click()
        expect(page).to_have_url(re.compile(r"/visits/[0-9a-f-]{36}/"))
        expect(page.locator("main")).to_contain_text("经费返还款未到账")

    issue = Issue.objects.get()
    assert (issue.enterprise, issue.township, issue.state) == (enterprise, district.township(), "registered")
    address = f"/issues/{issue.code}/"

    with seat(staff) as page:
        page.goto(address)
        act(page, "assign", unit="330602006")
        expect(page.locator("main")).to_contain_text("已交办待签收")

    with seat(clerk) as page:
        page.goto(address)
        page.locator("button[data-dialog=accept]").click()
        page.locator("dialog#accept button[type=submit]").click()
        expect(page.locator("main")).to_contain_text("办理中")
        act(page, "report", note="已补齐材料，返还款本周到账。")
        expect(page.locator("main")).to_contain_text("已反馈待回访")

    with seat(leader) as page:
        open_dashboard(page)
        before = tile(page, "已化解")
        assert tile(page, "收集诉求") == 1

    with seat(cadre, phone=True) as page:
        page.goto(address)
        act(page, "follow_up", satisfaction="满意", note="企业确认款项到账。")
        expect(page.locator("main")).to_contain_text("企业确认款项到账")

    with seat(staff) as page:
        page.goto(address)
        act(page, "close", outcome="已化解")
        expect(page.locator("main")).to_contain_text("已办结")

    with seat(leader) as page:
        wait_for_figure(page, "已化解", before + 1)
        page.locator(".tile", has_text="已化解").locator("[data-figure]").first.click()
        expect(page.locator("main")).to_contain_text(issue.code)
        page.goto("/reports/")
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("Word")).first.click()
        file = tmp_path / "report.docx"
        download.value.save_as(file)
    text = word_text(file.read_bytes())
    assert "收集录入问题诉求1件，已化解1件，化解率100.00%" in text


def wait_for_figure(page: Page, label: str, value: int) -> None:
    """The worker refreshes figures behind the page: open it anew until the figure is there."""
    for _ in range(60):
        open_dashboard(page)
        if tile(page, label) == value:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{label} did not become {value}, it is {tile(page, label)}")


def word_text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)
