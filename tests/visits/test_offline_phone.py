"""A cadre logs visits on a phone whose network goes and comes back: nothing is lost, nothing is stored twice."""

from typing import Any

import pytest

from casework.models import Issue
from tests.axe import serious_findings
from tests.people import sign_in
from tests.visits.phone_keeping import OUTBOX, installed, queue, sign_in_again, stored, wait_sent
from tests.visits.test_phone import MOST_TAPS, Thumb, photo, pick_enterprise
from visits.models import Visit

pytestmark = pytest.mark.browser
MANY = 100


@pytest.fixture
def cadre(phone, district):
    phone.set_default_timeout(20_000)
    district.enterprise(1, name="光典芯元微电子（演示）", is_key=True)
    district.enterprise(2, name="越城第二机械有限公司（演示）")
    user = district.cadre(name="陈示例")
    sign_in(phone, user)
    installed(phone)
    return user


def test_a_visit_with_an_issue_and_a_photo_without_signal_goes_out_by_itself(phone, cadre):
    phone.context.set_offline(True)
    phone.goto("/issues/")
    phone.get_by_role("heading", name="现在没有网络").wait_for()
    assert serious_findings(phone) == []
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    pick_enterprise(thumb)
    thumb.tap(phone.get_by_role("button", name="五项都好"))
    thumb.tap(phone.get_by_role("button", name="加一个问题"))
    phone.keyboard.type("返还款未到账，不了解流程")
    thumb.choose("类别", "dues_refund")
    assert "将转：稽山街道 · 办理期限" in phone.locator("[data-issue-hint]").inner_text()
    thumb.shoot(photo())
    phone.locator("[data-photo-list] img").wait_for()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    thumb.tap(phone.get_by_role("button", name="存好并发送"))
    phone.wait_for_url(f"**{OUTBOX}")
    phone.locator("[data-state=waiting]").wait_for()
    assert thumb.taps <= MOST_TAPS
    assert serious_findings(phone) == []
    assert not Visit.objects.exists()
    phone.context.set_offline(False)
    wait_sent(phone, 1)
    visit = Visit.objects.get()
    assert (visit.cadre, visit.target_label, visit.rights) == (cadre, "光典芯元微电子（演示）", "good")
    assert [issue.title for issue in Issue.objects.all()] == ["返还款未到账，不了解流程"]
    assert (visit.photos.count(), visit.photos.get().has_facts) == (1, False)


def test_a_hundred_visits_survive_everything_and_are_stored_once_each(phone, cadre, district, live_portal):
    phone.context.set_offline(True)
    phone.goto(OUTBOX)
    ids = queue(phone, cadre, MANY, district.enterprise(1))
    phone.context.set_offline(False)
    stored(10)
    phone.context.set_offline(True)
    phone.context.set_offline(False)
    stored(20)
    phone.close()  # the tab is killed in the middle of sending
    page = phone.context.new_page()
    page.goto(OUTBOX)
    stored(40)
    page.context.clear_cookies(name="sessionid")
    page.get_by_text("登录已过期").wait_for()
    sign_in_again(page, cadre)
    stored(60)
    live_portal.halt()
    other = page.context.new_page()
    other.goto("/visits/new/")
    other.get_by_role("button", name="存好并发送").wait_for()
    other.close()
    live_portal.resume()
    wait_sent(page, MANY)
    assert sorted(str(pk) for pk in Visit.objects.values_list("pk", flat=True)) == sorted(ids)


@pytest.mark.parametrize("locks", ["with", "without"])
def test_two_tabs_send_the_same_queue_once(phone, cadre, district, locks):
    if locks == "without":  # as over plain http: then the ids alone keep it to once
        phone.context.add_init_script("delete Navigator.prototype.locks")
    phone.context.set_offline(True)
    phone.goto(OUTBOX)
    other = phone.context.new_page()
    other.goto(OUTBOX)
    ids = queue(phone, cadre, 15, district.enterprise(1))
    phone.context.set_offline(False)
    for tab in (phone, other):
        wait_sent(tab, 15)
    assert sorted(str(pk) for pk in Visit.objects.values_list("pk", flat=True)) == sorted(ids)


def test_the_ordinary_form_that_loses_the_line_puts_the_visit_into_the_queue(phone, cadre):
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    phone.context.set_offline(True)
    pick_enterprise(thumb, "ycde")
    phone.get_by_label("走访情况").fill("进了车间就没有信号")
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url(f"**{OUTBOX}")
    phone.locator("[data-state=waiting]").wait_for()
    assert kept_drafts(phone) == []
    phone.context.set_offline(False)
    wait_sent(phone, 1)
    assert [visit.narrative for visit in Visit.objects.all()] == ["进了车间就没有信号"]


def kept_drafts(page: Any) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('portal:draft:'))")
