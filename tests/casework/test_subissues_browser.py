"""Two troubles in one report: staff parts them, each goes its way, and the main issue waits for both."""

import pytest
from playwright.sync_api import Page, expect

from casework.models import Issue
from tests.axe import serious_findings
from tests.casework.desk import moved, registered
from tests.people import District, sign_in

pytestmark = pytest.mark.browser


def test_split_in_two_and_closed_from_below(page: Page, phone: Page, district: District) -> None:
    staff, handler, cadre = district.staff(name="王调度"), district.handler(name="孙权益"), district.cadre()
    main = registered(district, staff, "返还款未到账，食堂太小")

    sign_in(page, staff)
    page.goto(f"/issues/{main.code}/")
    page.get_by_role("link", name="拆分与关联").click()
    page.locator("button[data-dialog=register]").click()
    dialog = page.locator("dialog#register")
    dialog.get_by_label("标题").fill("食堂座位不够")
    dialog.get_by_label("类别").select_option(label="其他")
    dialog.locator("button[type=submit]").click()
    family = page.get_by_role("region", name="主诉求与子诉求")
    expect(family).to_contain_text("食堂座位不够")
    assert serious_findings(page) == []

    part = Issue.objects.get(title="食堂座位不够")
    for action, who, given in (
        ("assign", staff, {"unit": district.department}),
        ("accept", handler, {}),
        ("report", handler, {"note": "返还款已到账。"}),
        ("follow_up", cadre, {"satisfaction": "satisfied", "note": "满意。"}),
    ):
        moved(main, action, who, **given)
    page.goto(f"/issues/{main.code}/")
    expect(page.locator("main")).to_contain_text("还有 1 条子诉求没有办结，这条诉求暂不能办结。")
    assert page.locator("button[data-dialog=close]").count() == 0

    sign_in(phone, staff)
    phone.goto(f"/issues/{part.code}/")
    expect(phone.get_by_role("region", name="主诉求与子诉求")).to_contain_text(main.title)
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    moved(part, "close", staff, outcome="explained", note="已说明食堂正在扩建。")

    page.goto(f"/issues/{main.code}/")
    page.locator("button[data-dialog=close]").click()
    page.locator("dialog#close label", has_text="已化解").first.click()
    page.locator("dialog#close button[type=submit]").click()
    expect(page.locator("main h1 + .chip")).to_contain_text("已办结")
    assert dict(Issue.objects.values_list("code", "outcome")) == {main.code: "resolved", part.code: "explained"}
