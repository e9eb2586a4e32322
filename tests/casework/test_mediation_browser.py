"""A mediation as its people live it: the clerk writes an oral application down on a phone, the mediator brings it to an agreement."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from casework.models import Category, Mediation
from casework.services import issue_register
from tests.axe import serious_findings
from tests.people import District, scope_of, sign_in
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def act(page: Page, name: str, **typed: str) -> None:
    """Open a move's dialog, fill in or choose what is given by the fields' names, send it."""
    page.locator(f"button[data-dialog={name}]").click()
    dialog = page.locator(f"dialog#{name}")
    for field, text in typed.items():
        control = dialog.locator(f"[name={field}]").first
        if control.get_attribute("type") == "radio":
            dialog.locator("label", has=page.locator(f"[name={field}][value={text}]")).click()
        else:
            control.fill(text)
    dialog.locator("button[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_from_an_oral_application_to_a_confirmed_agreement(page: Page, phone: Page, district: District) -> None:
    clerk, mediator = district.township_clerk(name="钱登记"), district.handler(unit=district.workroom, name="徐调解")
    issue = issue_register(
        uuid=uuid4(),
        title="加班费争议",
        description="",
        category=Category.objects.get(code="dispute"),
        township=district.township(),
        enterprise=district.enterprise(),
        received_on=clock.today(),
        actor=scope_of(clerk),
    )
    sign_in(phone, clerk)
    phone.goto(f"/issues/{issue.code}/")
    phone.get_by_role("link", name="申请调解").click()
    phone.get_by_label("调解组织").select_option("bazi01")
    phone.get_by_label("申请人姓名").fill("陈示例")
    phone.locator("[name=applicant_phone]").fill("1380000")
    phone.locator("label.check", has_text="劳动报酬").click()
    phone.get_by_label("争议事项").fill("补发加班费差额")
    phone.get_by_label("理由").fill("旺季加班按固定金额发放。")
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="登记申请").click()
    expect(phone.locator("#mediation_applicant_phone_error")).to_contain_text("电话号码不对")
    expect(phone.get_by_label("理由")).to_have_value("旺季加班按固定金额发放。")
    phone.locator("[name=applicant_phone]").fill("13800000009")
    assert "13800000009" not in phone.evaluate("JSON.stringify(localStorage)")
    phone.get_by_role("button", name="登记申请").click()
    expect(phone.locator("main")).to_contain_text("138****0009")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    sign_in(page, mediator)
    page.goto("/todo/to_mediate/")
    page.get_by_role("link", name="加班费争议").first.click()
    page.locator("a.todo-title", has_text="TJ-").click()
    act(page, "accept", mediators="徐调解")
    act(page, "consent")
    act(page, "session", place="八字桥工作室", present="双方", record="双方同意按考勤核算。")
    act(page, "agree", terms="十日内补发 3000 元。", amount_agreed="3000")
    day = clock.today().isoformat()
    act(page, "sign", applicant_signed_on=day, respondent_signed_on=day)
    expect(page.locator("button[data-dialog=hand_over]")).to_have_count(0)
    act(page, "sign", mediator_signed_on=day, sealed_on=day)
    expect(page.locator("main")).to_contain_text("协议已签署")
    assert serious_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="调解协议书").click()
    assert download.value.suggested_filename.startswith("调解协议书-TJ-")
    assert Mediation.objects.get().state == "signed"

    act(page, "recover", amount_recovered="2000")
    expect(page.locator("main")).to_contain_text("累计履行 2,000.00 元")
    act(page, "hand_over", route="court", body="区人民法院（演示）")
    expect(page.locator("main h1 + .chip")).to_have_text("已移交审查确认")
    act(page, "confirm")
    expect(page.locator("main h1 + .chip")).to_have_text("协议已确认")
    assert Mediation.objects.get().state == "confirmed"
