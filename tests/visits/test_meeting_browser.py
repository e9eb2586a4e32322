"""A monthly meeting as the clerk at the projector and a cadre with a phone live it."""

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.people import District, sign_in
from tests.visits.meeting_cast import Circle
from unionportal.core.common import clock
from visits.models import Meeting, MeetingTask

pytestmark = pytest.mark.browser


def test_a_meeting_from_planning_to_the_report_of_its_task(page: Page, phone: Page, district: District) -> None:
    circle = Circle(district)
    circle.issue("返还款未到账")
    circle.issue("食堂油烟大")
    circle.district.enterprise(1, is_key=True)

    sign_in(page, circle.people["staff"])
    page.goto("/meetings/")
    page.get_by_role("link", name="安排第一次月交流").click()
    page.get_by_label("分组").select_option(str(circle.group.pk))
    page.get_by_label("日期").fill(clock.today().isoformat())
    page.get_by_label("地点").fill("区总三楼会议室")
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.locator("main")).to_contain_text("返还款未到账")
    assert serious_findings(page) == []
    meeting = Meeting.objects.get()

    sign_in(phone, circle.people["cadre"])
    phone.goto(f"/meetings/{meeting.pk}/")
    phone.locator("button[data-dialog=propose]").click()
    phone.locator("dialog#propose").get_by_label("或其他议题").fill("年底慰问怎么安排")
    phone.locator("dialog#propose button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("年底慰问怎么安排")
    assert phone.locator("button[data-dialog=start]").count() == 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    page.reload()
    page.locator("button[data-dialog=start]").click()
    page.locator("dialog#start button[type=submit]").click()
    expect(page.locator(".item-count")).to_contain_text("1 /")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".item-count")).to_contain_text("2 /")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".item-count")).to_contain_text("1 /")
    assert serious_findings(page) == []
    page.locator("button[data-dialog=task]").click()
    dialog = page.locator("dialog#task")
    dialog.get_by_label("任务", exact=True).fill("核对账户后划拨")
    dialog.get_by_label("责任人").select_option(circle.people["cadre"].username)
    dialog.get_by_label("完成期限").fill(clock.today().isoformat())
    dialog.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("这一项交办的任务")
    page.get_by_label("议定事项").fill("三天内划拨。")
    page.get_by_role("button", name="记下，下一项").click()
    expect(page.locator(".item-count")).to_contain_text("2 /")

    page.locator(".card-head").get_by_role("link", name="签到").click()
    for choice in page.locator("label.pill", has_text="到会").all():
        choice.click()
    page.get_by_role("button", name="保存出勤").click()
    expect(page.locator("main")).to_contain_text("到会 2/2")
    page.goto(f"/meetings/{meeting.pk}/#close")
    dialog = page.locator("dialog#close")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("dialog#close")).to_contain_text("项没有议")
    page.locator("dialog#close label.check").click()
    page.locator("dialog#close button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("纪要")
    assert serious_findings(page) == []

    phone.goto("/")
    phone.get_by_role("link", name="核对账户后划拨").first.click()
    phone.locator("button[data-dialog=report]").click()
    phone.locator("dialog#report label.pill", has_text="已完成").click()
    phone.locator("dialog#report textarea").fill("已划拨。")
    phone.locator("dialog#report button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("等下次会议通报")
    assert serious_findings(phone) == []
    meeting.refresh_from_db()
    assert (meeting.state, MeetingTask.objects.get().state) == ("closed", "done")
