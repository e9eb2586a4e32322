"""An issue that goes round: passed on, sent back, stopped and watched, done over because the worker is not content, and taken up once more."""

import pytest
from playwright.sync_api import Page, expect

from casework.models import Issue
from tests.axe import serious_findings
from tests.casework.desk import moved, registered
from tests.people import District, sign_in

pytestmark = pytest.mark.browser


def make(page: Page, action: str, note: str = "", **chosen: str) -> None:
    """Open a move's dialog, choose and say what it asks, send it."""
    page.locator(f"button[data-dialog={action}]").click()
    dialog = page.locator(f"dialog#{action}")
    for field, value in chosen.items():
        control = dialog.locator(f"[name={field}]").first
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            dialog.locator("label", has=page.locator(f"[name={field}][value={value}]")).click()
    if note:
        dialog.locator("[name=note]").fill(note)
    dialog.locator("button[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_passed_on_sent_back_stopped_and_watched(page: Page, phone: Page, district: District) -> None:
    staff, rights = district.staff(name="王调度"), district.handler(name="孙权益")
    mediator = district.handler(unit=district.workroom, name="徐调解")
    issue = moved(registered(district, staff), "assign", staff, unit=district.department)
    moved(issue, "accept", rights)
    log = page.get_by_role("region", name="办理过程")

    sign_in(page, staff)
    page.goto(f"/issues/{issue.code}/")
    make(page, "transfer", "请工作室先调解。", unit="bazi01")
    expect(log).to_contain_text("请工作室先调解。")

    sign_in(phone, mediator)
    phone.goto(f"/issues/{issue.code}/")
    make(phone, "accept")
    make(phone, "send_back", "不是劳动争议，请原单位办理。", unit="rights")
    expect(phone.locator("h1")).to_have_text("问题诉求")  # theirs no longer to see
    page.reload()
    expect(page.locator("main h1 + .chip")).to_have_text("已交办待签收")
    expect(page.get_by_role("region", name="基本情况")).to_contain_text("权益保障部")
    expect(page.get_by_role("region", name="基本情况")).to_contain_text("退回 1 次")

    clocks = page.get_by_role("region", name="时限与督办")
    make(page, "pause", "等企业补材料。")
    expect(clocks).to_contain_text("计时暂停")
    make(page, "resume", "材料已补齐。")
    expect(clocks).not_to_contain_text("计时暂停")
    make(page, "supervise", "请本周内答复。")
    expect(clocks).to_contain_text("督办")
    assert serious_findings(page) == []
    assert Issue.objects.get().holder == district.department


def test_not_content_done_over_and_taken_up_again(page: Page, phone: Page, district: District) -> None:
    staff, handler, cadre = (
        district.staff(name="王调度"),
        district.handler(name="孙权益"),
        district.cadre(name="陈走访"),
    )
    issue = moved(registered(district, cadre), "assign", staff, unit=district.department)
    moved(issue, "accept", handler)
    moved(issue, "report", handler, note="已提交财务。")

    sign_in(phone, cadre)
    phone.goto(f"/issues/{issue.code}/")
    make(phone, "follow_up", "钱还没有到账。", satisfaction="dissatisfied", mode="phone")
    expect(phone.get_by_role("region", name="基本情况")).to_contain_text("不满意")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    sign_in(page, staff)
    page.goto("/")
    page.get_by_role("link", name="返还款未到账").first.click()
    expect(page.locator("main h1 + .chip")).to_have_text("已回访待办结")  # a person decides
    make(page, "redo", "请核实到账情况。")
    expect(page.locator("main h1 + .chip")).to_have_text("办理中")
    expect(page.get_by_role("region", name="基本情况")).to_contain_text("重办 1 次")

    moved(issue, "report", handler, note="今天已到账。")
    moved(issue, "follow_up", cadre, satisfaction="satisfied")
    page.reload()
    make(page, "close", outcome="resolved")
    expect(page.locator("main h1 + .chip")).to_contain_text("已办结")
    make(page, "reopen", "企业来电，金额不对。")
    expect(page.locator("main h1 + .chip")).to_have_text("办理中")
    expect(page.get_by_role("region", name="办理过程")).to_contain_text("企业来电，金额不对。")
    expect(page.get_by_role("region", name="基本情况")).to_contain_text("重启 1 次")
    assert serious_findings(page) == []
    issue.refresh_from_db()
    assert (issue.state, issue.redo_count, issue.reopen_count) == ("in_progress", 1, 1)
