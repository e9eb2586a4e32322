"""Whose the kept things are, and what happens to what the portal does not take as it is."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.people import sign_in
from tests.visits.builders import logged
from tests.visits.phone_keeping import OUTBOX, STORE, installed, queue, sign_in_again, wait_sent
from unionportal.core.common import clock
from visits.models import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def cadre(phone, district):
    phone.set_default_timeout(20_000)
    district.enterprise(1, name="光典芯元微电子（演示）")
    user = district.cadre(name="陈示例")
    sign_in(phone, user)
    installed(phone)
    return user


def test_a_conflict_shows_both_versions_and_either_can_be_chosen(phone, cadre, district):
    phone.context.set_offline(True)
    phone.goto(OUTBOX)
    factory = district.enterprise(1)
    first, second = queue(phone, cadre, 2, factory, narrative="手机上写的")
    for visit_id in (first, second):
        logged(cadre, factory, id=UUID(visit_id), narrative="电脑上写的")
    phone.context.set_offline(False)
    shown = phone.locator("[data-state=attention]")
    shown.nth(1).wait_for()
    for words in ("系统中的内容", "本机上的内容", "电脑上写的", "手机上写的"):
        shown.first.get_by_text(words, exact=True).wait_for()
    phone.locator(f"[data-item='{first}']").get_by_role("button", name="保留系统中的").tap()
    phone.locator(f"[data-item='{second}']").get_by_role("button", name="作为新的走访另存").tap()
    wait_sent(phone, 2)
    assert sorted(visit.narrative for visit in Visit.objects.all()) == ["手机上写的", "电脑上写的", "电脑上写的"]
    assert Visit.objects.exclude(pk__in=[first, second]).get().narrative == "手机上写的"


def test_a_phone_clock_a_day_ahead_gets_the_portals_day_and_a_wrong_day_comes_back_to_be_put_right(
    phone, cadre, district
):
    tomorrow = clock.today() + timedelta(days=1)
    phone.clock.set_system_time(timezone.now() + timedelta(days=1))
    queue(phone, cadre, 1, district.enterprise(1), visited_on=tomorrow.isoformat())
    phone.goto(OUTBOX)
    phone.get_by_text("手机的时间与系统相差较大").wait_for()
    phone.locator("[data-state=attention]").get_by_text("走访日期不能晚于今天").wait_for()
    assert not Visit.objects.exists()
    phone.get_by_role("link", name="修改").tap()
    phone.locator(".field:has([name=visited_on])").get_by_text("走访日期不能晚于今天").wait_for()
    phone.get_by_label("走访日期").fill(clock.today().isoformat())
    phone.get_by_role("button", name="存好并发送").tap()
    wait_sent(phone, 1)
    assert Visit.objects.get().visited_on == clock.today()
    phone.goto("/visits/offline/")
    phone.get_by_text("手机的时间与系统相差较大").wait_for()
    assert phone.get_by_label("走访日期").input_value() == clock.today().isoformat()


def test_another_person_neither_sees_nor_sends_what_waits_and_signing_out_wipes(phone, cadre, district):
    colleague = district.cadre(name="王示例")
    phone.context.set_offline(True)
    phone.goto(OUTBOX)
    queue(phone, cadre, 2, district.enterprise(1))
    phone.locator("[data-state=waiting]").first.wait_for()
    phone.context.clear_cookies(name="sessionid")
    phone.context.set_offline(False)
    sign_in(phone, colleague)
    installed(phone)
    phone.goto(OUTBOX)
    phone.get_by_text("上一位使用者没有送出的内容").wait_for()
    assert phone.locator("[data-others-count]").inner_text() == "2"
    assert phone.locator("[data-item]").count() == 0
    sign_out(phone)
    assert kept(phone)["databases"] == [f"portal-phone-{cadre.pk}"]
    assert not Visit.objects.exists()
    sign_in(phone, cadre)
    phone.goto(OUTBOX)
    wait_sent(phone, 2)
    assert {visit.cadre_id for visit in Visit.objects.all()} == {cadre.pk}


def test_signing_out_asks_where_something_is_unsent_and_then_leaves_nothing(phone, cadre, district):
    queue(phone, cadre, 1, district.enterprise(1), visited_on="2030-01-01")
    phone.goto(OUTBOX)
    phone.locator("[data-state=attention]").wait_for()
    phone.goto("/me/")
    with phone.expect_event("dialog") as asked:
        phone.locator("main").get_by_role("button", name="退出登录").tap()
    assert "1 份没有提交" in asked.value.message
    asked.value.dismiss()
    assert kept(phone)["databases"] == [f"portal-phone-{cadre.pk}"]
    phone.once("dialog", lambda dialog: dialog.accept())
    sign_out(phone)
    assert kept(phone) == {"databases": [], "caches": [], "workers": 0, "storage": []}


def sign_out(page) -> None:
    page.goto("/me/")
    page.locator("main").get_by_role("button", name="退出登录").tap()
    page.wait_for_url("**/login/")


def kept(page) -> dict:
    return page.evaluate(
        """async () => ({
          databases: (await indexedDB.databases()).map((each) => each.name),
          caches: await caches.keys(),
          workers: (await navigator.serviceWorker.getRegistrations()).length,
          storage: Object.keys(localStorage),
        })"""
    )


def test_a_photo_the_portal_refuses_can_be_taken_out_and_the_rest_goes_on(phone, cadre, district):
    phone.context.set_offline(True)
    phone.goto(OUTBOX)
    (visit_id,) = queue(phone, cadre, 1, district.enterprise(1))
    phone.evaluate(
        f"""async ([user, id]) => {{
          const {{ change }} = await import("{STORE}");
          const blob = new Blob(["no picture"], {{ type: "image/jpeg" }});
          await change(user, id, {{ photos: [{{ id: "{uuid4()}", blob, name: "车间.jpg", facts: {{}}, sent: false }}] }});
        }}""",
        [cadre.pk, visit_id],
    )
    phone.context.set_offline(False)
    phone.locator("[data-state=attention]").get_by_text("与文件名不符").wait_for()
    phone.get_by_role("button", name="去掉这张照片").tap()
    wait_sent(phone, 1)
    assert Visit.objects.get().photos.count() == 0


def test_without_https_the_pages_say_what_is_missing(phone, cadre):
    phone.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    for address in ("/visits/new/", "/visits/offline/", OUTBOX):
        phone.goto(address)
        phone.get_by_text("当前网址不是 https，断网时不能打开本页").wait_for()


def test_a_session_that_ends_is_told_and_the_same_person_goes_on(phone, cadre, district):
    phone.context.clear_cookies(name="sessionid")
    queue(phone, cadre, 1, district.enterprise(1))
    phone.goto(OUTBOX)
    phone.get_by_text("请重新登录后继续发送").or_(phone.get_by_text("登录已过期")).first.wait_for()
    assert phone.locator("[data-state=waiting]").count() == 1
    sign_in_again(phone, cadre)
    wait_sent(phone, 1)
    assert Visit.objects.count() == 1
