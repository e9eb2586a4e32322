"""The screen of the meeting room: it goes round, and says so when it has lost the portal."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.people import District, sign_in

pytestmark = pytest.mark.browser


def test_the_wall_goes_round_and_says_when_it_is_cut_off(page: Page, district: District) -> None:
    sign_in(page, district.leader())
    page.goto("/dashboard/wall/")
    shown = page.locator(".wall-slide.is-shown")
    expect(shown).to_have_attribute("data-slide", "主要数据")
    assert serious_findings(page) == []
    height = page.evaluate("document.documentElement.scrollHeight")
    page.get_by_role("button", name="下一屏").click()
    expect(shown).to_have_attribute("data-slide", "化解率")
    assert page.evaluate("document.documentElement.scrollHeight") == height
    page.keyboard.press("ArrowLeft")
    expect(shown).to_have_attribute("data-slide", "主要数据")
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="继续")).to_have_attribute("aria-pressed", "true")

    lost = page.locator("[data-wall-lost]")
    page.context.set_offline(True)
    expect(lost).to_be_visible()
    expect(lost).to_contain_text("连接中断")
    page.get_by_role("button", name="下一屏").click()
    expect(shown).to_have_attribute("data-slide", "化解率")
    page.context.set_offline(False)
    expect(lost).to_be_hidden()
    expect(page.locator("[data-wall-time]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
