"""A consultation from the call to the decision as three desks live it; the asked unit answers from a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.models import Consultation, Issue
from casework.services import issue_move, issue_register
from tests.axe import serious_findings
from tests.people import District, scope_of, sign_in
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit

pytestmark = pytest.mark.browser


def test_a_consultation_from_call_to_decision(page: Page, phone: Page, district: District) -> None:
    from casework.models import Category

    staff, handler = district.staff(name="王调度"), district.handler(name="孙权益")
    other = Unit.objects.create(
        code="finance", kind=Unit.Kind.DEPARTMENT, name="财务资产部", short_name="财务部", parent=district.district
    )
    asked = district.handler(unit=other, name="周财务")
    issue = issue_register(
        uuid="7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0001",
        title="返还款未到账",
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=district.township(),
        received_on=clock.today(),
        actor=scope_of(staff),
    )
    for action, who, given in (("assign", staff, {"unit": district.department}), ("accept", handler, {})):
        issue = issue_move(code=issue.code, action=action, version=issue.version, actor=scope_of(who), **given)

    sign_in(page, staff)
    page.goto(f"/issues/{issue.code}/")
    page.locator("button[data-dialog=consult]").click()
    dialog = page.locator("dialog#consult")
    dialog.locator("label.pill", has_text="财务部").click()
    dialog.get_by_label("外部单位").fill("区人社局（演示）")
    dialog.get_by_label("会诊事项").fill("返还款能否直接划拨？")
    dialog.locator("button[type=submit]").click()
    page.locator("section", has=page.get_by_role("heading", name="会诊", exact=True)).locator("a.todo-title").click()
    expect(page.locator("main")).to_contain_text("区人社局（演示）")
    assert serious_findings(page) == []

    sign_in(phone, asked)
    phone.goto("/todo/to_opine/")
    phone.get_by_role("link", name=re.compile("返还款未到账")).first.click()
    phone.locator("a.todo-title", has_text="返还款能否直接划拨").click()
    phone.locator("button[data-dialog=opinion]").click()
    phone.locator("dialog#opinion textarea").fill("可以划拨，请补收据。")
    phone.locator("dialog#opinion button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("可以划拨，请补收据。")
    assert phone.locator("button[data-dialog=conclude]").count() == 0
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    page.reload()
    page.locator("button[data-dialog=task]").click()
    dialog = page.locator("dialog#task")
    dialog.get_by_label("任务", exact=True).fill("核对账户后划拨")
    dialog.get_by_label("责任单位").select_option("finance")
    dialog.get_by_label("完成期限").fill(clock.today().isoformat())
    dialog.locator("button[type=submit]").click()
    page.locator("button[data-dialog=conclude]").click()
    dialog = page.locator("dialog#conclude")
    dialog.get_by_label("会诊决定").fill("由财务部划拨。")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("dialog#conclude")).to_contain_text("还有 1 个单位没有提意见")
    page.locator("dialog#conclude label.check").click()
    page.locator("dialog#conclude button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已形成意见")

    phone.goto("/todo/consult_tasks/")
    phone.get_by_role("link", name=re.compile("返还款未到账")).first.click()
    expect(phone.locator("main")).to_contain_text("任务 1 项")
    phone.locator("a.todo-title", has_text="返还款能否直接划拨").click()
    phone.locator("button[data-dialog=done]").click()
    phone.locator("dialog#done textarea").fill("已划拨 12000 元。")
    phone.locator("dialog#done button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("已划拨 12000 元。")
    consultation = Consultation.objects.get()
    assert (consultation.state, consultation.tasks.get().state) == ("concluded", "done")
    assert Issue.objects.get().state == "in_progress"
