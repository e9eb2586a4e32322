"""A keeper's month on a phone of 390 x 844 whose network goes: the self-check waits on the phone and goes out once, and what failed is mended."""

from typing import Any

import pytest

from stations.models import Repair, StationCheck
from tests.axe import serious_findings
from tests.people import sign_in
from tests.stations.care_builders import version_of
from tests.stations.cast import StationCast
from tests.visits.phone_keeping import OUTBOX, installed, wait_sent
from tests.visits.test_phone import photo
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def station(phone: Any, district: Any) -> Any:
    """Open and kept since before this month; the browser's portal lives by the real clock."""
    phone.set_default_timeout(20_000)
    cast = StationCast(district, now=clock.now())
    made = cast.station()
    cast.kept(made)
    sign_in(phone, cast.users["keeper"])
    installed(phone)
    made.cast = cast
    return made


def answer(page: Any, item: str, word: str) -> None:
    page.get_by_role("radiogroup", name=item).get_by_role("radio", name=word, exact=True).tap()


def fits(page: Any) -> None:
    assert serious_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_self_check_without_signal_goes_out_once_and_what_failed_is_mended(phone: Any, station: Any) -> None:
    phone.goto("/")
    fits(phone)
    phone.get_by_role("link", name=f"自查：稽山街道 · {station.name}").wait_for()
    phone.context.set_offline(True)
    phone.get_by_role("link", name=f"自查：稽山街道 · {station.name}").tap()
    phone.get_by_role("radiogroup", name="饮水机能用，有水有杯").wait_for()
    answer(phone, "饮水机能用，有水有杯", "否")
    wrong = phone.locator("#remark_water")
    wrong.fill("不出热水")
    phone.get_by_role("button", name="存好并发送").tap()
    phone.get_by_text("请填写：按公示的时间开放。").first.wait_for()
    phone.get_by_role("button", name="其余都符合").tap()
    with phone.expect_file_chooser() as chooser:
        phone.locator(".submit-bar label").tap()
    chooser.value.set_files([photo("饮水机.jpg")])
    phone.locator("[data-photo-list] img").wait_for()
    phone.get_by_text("草稿已存").wait_for()
    fits(phone)

    phone.reload()  # the draft: answers, what is wrong, the photo
    phone.get_by_role("radiogroup", name="饮水机能用，有水有杯").get_by_role(
        "radio", name="否", checked=True
    ).wait_for()
    assert wrong.input_value() == "不出热水"
    phone.locator("[data-photo-list] img").wait_for()
    phone.get_by_role("button", name="存好并发送").tap()
    phone.wait_for_url(f"**{OUTBOX}")
    phone.locator("[data-state=waiting]").wait_for()
    assert phone.get_by_text(station.name).is_visible()
    assert not phone.get_by_role("link", name="记一次走访").is_visible()
    fits(phone)
    assert not StationCheck.objects.exists()

    phone.context.set_offline(False)
    wait_sent(phone, 1)
    check = StationCheck.objects.get()
    assert (check.use, check.findings, check.photos.count()) == ("self", 1, 1)
    assert check.checklist_version == version_of("station_self")
    phone.get_by_role("link", name="查看").tap()
    phone.get_by_role("heading", name=station.name).wait_for()
    fits(phone)

    repair = Repair.objects.get()
    assert repair.detail == "不出热水"
    phone.goto("/")
    phone.get_by_role("link", name=f"办理：{station.name} · 不符合：饮水机能用，有水有杯").tap()
    phone.get_by_role("button", name="登记修好").tap()
    phone.locator("#mend input[type=file]").set_input_files([photo("修好.jpg")])
    phone.locator("#mend [data-photo-list] img, #mend input[type=file]").first.wait_for()
    phone.locator("#mend").get_by_role("button", name="登记修好").tap()
    phone.get_by_text("已修待验").first.wait_for()
    fits(phone)
    repair.refresh_from_db()
    assert repair.state == "mended"
