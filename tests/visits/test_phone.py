"""A cadre logs a visit on a phone of 390 x 844, in a real browser."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from casework.models import Issue
from tests.axe import serious_findings
from tests.people import sign_in
from tests.visits.builders import issue_input, jpeg, logged
from unionportal.core.common import clock
from visits.models import Visit

pytestmark = pytest.mark.browser
MOST_TAPS = 12


def photo(name: str = "车间.jpg") -> dict[str, Any]:
    """What a phone's camera hands over: larger than what is kept."""
    out = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


class Thumb:
    """Taps and counts; typing is not tapping."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.taps = 0

    def tap(self, target: Any) -> None:
        target.tap()
        self.taps += 1

    def choose(self, label: str, value: str) -> None:
        """A native select: one tap opens it, one chooses."""
        self.page.get_by_label(label, exact=True).select_option(value)
        self.taps += 2

    def shoot(self, file: dict[str, Any]) -> None:
        """The camera button, and the shutter."""
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(".submit-bar label").tap()
        chooser.value.set_files([file])
        self.taps += 2


@pytest.fixture
def cadre(phone, district):
    phone.set_default_timeout(15_000)
    district.enterprise(1, name="光典芯元微电子（演示）", is_key=True)
    district.enterprise(2, name="越城第二机械有限公司（演示）")
    user = district.cadre(name="陈示例")
    sign_in(phone, user)
    return user


def pick_enterprise(thumb: Thumb, typed: str = "gdxy") -> None:
    thumb.tap(thumb.page.get_by_role("combobox", name="走访单位"))
    thumb.page.keyboard.type(typed)
    thumb.page.locator("[role=option] mark").first.wait_for()
    thumb.tap(thumb.page.get_by_role("option").first)


def test_visit_with_an_issue_and_a_photo_takes_at_most_twelve_taps(phone, cadre):
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    pick_enterprise(thumb)
    thumb.tap(phone.get_by_role("button", name="五项都好"))
    thumb.tap(phone.get_by_role("radiogroup", name="劳动用工").get_by_role("radio", name="有问题"))
    thumb.tap(phone.get_by_role("button", name="加一个问题"))
    phone.keyboard.type("返还款未到账，不了解流程")
    thumb.choose("类别", "dues_refund")
    assert "将转：稽山街道" in phone.locator("[data-issue-hint]").inner_text()
    thumb.shoot(photo())
    phone.locator("[data-photo-list] img").wait_for()
    thumb.tap(phone.get_by_role("button", name="提交走访"))
    phone.wait_for_url("**/visits/*-*-*/")
    assert thumb.taps <= MOST_TAPS
    visit = Visit.objects.get()
    assert (visit.cadre, visit.visited_on, visit.target_label) == (cadre, clock.today(), "光典芯元微电子（演示）")
    assert (visit.morale, visit.employment, visit.rights) == ("good", "problem", "good")
    assert [issue.title for issue in Issue.objects.all()] == ["返还款未到账，不了解流程"]
    kept = visit.photos.get().attachment
    assert kept.content_type == "image/jpeg"
    with Image.open(kept.file) as picture:
        assert max(picture.size) == 1600


def test_refused_form_keeps_everything_photos_too(phone, cadre):
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    pick_enterprise(thumb)
    phone.get_by_label("走访情况").fill("车间有一百二十名职工")
    thumb.tap(phone.get_by_role("button", name="加一个问题"))
    phone.get_by_label("说明").fill("去年的返还款")
    thumb.shoot(photo())
    phone.locator("[data-photo-list] img").wait_for()
    thumb.tap(phone.get_by_role("button", name="提交走访"))
    phone.get_by_text("请写明问题标题。").first.wait_for()
    assert phone.get_by_role("combobox", name="走访单位").input_value() == "光典芯元微电子（演示）"
    assert phone.get_by_label("走访情况").input_value() == "车间有一百二十名职工"
    assert phone.get_by_label("说明").input_value() == "去年的返还款"
    assert not Visit.objects.exists()
    phone.get_by_label("问题是什么").fill("返还款未到账")
    phone.get_by_label("类别", exact=True).select_option("dues_refund")
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    assert Visit.objects.get().photos.count() == 1
    assert Issue.objects.get().description == "去年的返还款"


def test_an_inline_issue_like_an_open_one_says_so(phone, cadre, district):
    logged(cadre, district.enterprise(1), issues=(issue_input(title="车间吊机没有护栏"),))
    known = Issue.objects.get()
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    pick_enterprise(thumb)
    thumb.tap(phone.get_by_role("button", name="加一个问题"))
    phone.keyboard.type("吊机没有护栏")
    hint = phone.locator("[data-row]").get_by_role("link", name=re.compile(known.code))
    hint.wait_for()
    assert "同一企业" in hint.inner_text()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_label("问题是什么").fill("食堂饭菜太凉")
    hint.wait_for(state="detached")
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed"):
        phone.get_by_label("问题是什么").fill("吊机没有护栏了")
    assert phone.locator("#toasts").inner_text() == ""  # a hint that does not come is no news
    phone.context.set_offline(False)


def test_a_row_can_be_taken_out_again(phone, cadre):
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    pick_enterprise(thumb)
    for title in ("第一个问题", "第二个问题"):
        thumb.tap(phone.locator("[data-rows-add]"))
        phone.keyboard.type(title)
    for select in phone.get_by_label("类别", exact=True).all():
        select.select_option("training")
    thumb.tap(phone.get_by_role("button", name="去掉这个问题").first)
    thumb.tap(phone.get_by_role("button", name="提交走访"))
    phone.wait_for_url("**/visits/*-*-*/")
    assert [issue.title for issue in Issue.objects.all()] == ["第二个问题"]


def test_lost_session_leads_back_to_what_was_typed(phone, cadre):
    phone.goto("/visits/new/")
    thumb = Thumb(phone)
    pick_enterprise(thumb)
    phone.get_by_label("走访情况").fill("写到一半")
    thumb.tap(phone.get_by_role("button", name="加一个问题"))
    phone.keyboard.type("返还款未到账")
    phone.get_by_label("类别", exact=True).select_option("dues_refund")
    phone.context.clear_cookies(name="sessionid")
    phone.get_by_role("button", name="提交走访").tap()
    phone.get_by_role("link", name="重新登录").tap()
    phone.wait_for_url("**/login/**")
    assert not Visit.objects.exists()
    phone.get_by_label("用户名").fill(cadre.username)
    phone.get_by_label("密码", exact=True).fill("Yuegong-2024")
    phone.get_by_role("button", name="登录").tap()
    phone.wait_for_url("**/visits/new/")
    assert phone.get_by_label("走访情况").input_value() == "写到一半"
    assert phone.get_by_role("combobox", name="走访单位").input_value() == "光典芯元微电子（演示）"
    assert phone.get_by_label("问题是什么").input_value() == "返还款未到账"
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    assert Visit.objects.get().narrative == "写到一半"
    assert Issue.objects.count() == 1


def test_a_visit_to_a_household(phone, cadre):
    phone.goto("/visits/new/")
    phone.get_by_text("走访的不是企业？").tap()
    phone.get_by_role("radio", name="职工家庭").tap()
    assert not phone.get_by_role("combobox", name="走访单位").is_visible()
    phone.get_by_label("对象名称").fill("职工老李家")
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    visit = Visit.objects.get()
    assert (visit.target_kind, visit.target_name, visit.township.short_name) == ("household", "职工老李家", "稽山街道")


def test_axe_finds_nothing_serious_and_nothing_hangs_out_sideways(phone, cadre, district):
    visit = logged(
        cadre,
        district.enterprise(1),
        on=clock.today(),
        issues=(issue_input(),),
        checks={"rights": "problem"},
        photos=(jpeg(),),
    )
    week = f"{visit.journal.iso_year}-W{visit.journal.iso_week}"
    phone.set_viewport_size({"width": 320, "height": 640})
    for address in ("/visits/", "/visits/new/", f"/visits/{visit.pk}/", f"/visits/{visit.pk}/edit/", "/journals/"):
        looked_at(phone, address)
    looked_at(phone, f"/journals/{week}/")
    phone.goto("/visits/new/")
    phone.get_by_role("combobox", name="走访单位").tap()
    phone.get_by_role("option").first.wait_for()
    assert serious_findings(phone) == []
    phone.keyboard.press("Escape")
    phone.get_by_role("button", name="加一个问题").tap()
    phone.keyboard.type("没有选类别")
    phone.get_by_role("button", name="提交走访").tap()
    phone.get_by_text("请选择走访的企业。").first.wait_for()
    assert serious_findings(phone) == []


def looked_at(page: Any, address: str) -> None:
    """Open the page and judge it."""
    page.goto(address)
    assert serious_findings(page) == [], address
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
