"""The care of stations in a real browser: a quarter is drawn and checked without notice, supplies warn, stars are given and lost."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stations.models import Downgrade, SpotTask, StarRating, Supply
from tests.axe import serious_findings
from tests.people import District, sign_in
from tests.stations.cast import StationCast
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(district: District) -> StationCast:
    """The browser's portal lives by the real clock."""
    return StationCast(district, now=clock.now())


def act(page: Page, name: str) -> Any:
    """The dialog of an act, opened by its button."""
    page.locator(f"button[data-dialog={name}]").first.click()
    return page.locator(f"dialog#{name}")


def fits(phone: Page) -> bool:
    return phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_quarter_is_drawn_and_the_drawn_inspector_checks_without_notice(
    page: Page, phone: Page, cast: StationCast
) -> None:
    station = cast.station()
    sign_in(page, cast.users["staff"])
    page.goto("/stations/care/spot-checks/draw/")
    page.get_by_label("种子").fill("当日福彩3D 518")
    page.get_by_role("checkbox", name="周干部").check()
    assert serious_findings(page) == []
    page.get_by_role("button", name="抽签").click()
    expect(page.locator("h1 + .chip")).to_have_text("重算一致")
    expect(page.get_by_role("row", name=station.name)).to_contain_text("周干部")
    assert serious_findings(page) == []

    sign_in(phone, cast.users["cadre"])
    phone.goto("/stations/care/spot-checks/")
    assert serious_findings(phone) == []
    phone.get_by_role("link", name=f"抽查：{station.name}").tap()
    phone.get_by_role("button", name="其余都符合").tap()
    assert fits(phone)
    phone.get_by_role("button", name="存好并发送").tap()
    expect(phone.locator("[data-state=sent]")).to_have_count(1)
    assert SpotTask.objects.get().done_by is not None


def test_a_medicine_that_runs_out_of_date_warns_the_keeper(phone: Page, cast: StationCast) -> None:
    station = cast.station()
    cast.kept(station)
    sign_in(phone, cast.users["keeper"])
    phone.goto(f"/stations/care/supplies/{station.code}/")
    dialog = act(phone, "add")
    dialog.get_by_role("radio", name="药品").check()
    dialog.get_by_label("名称").fill("藿香正气水")
    dialog.get_by_label("数量", exact=True).fill("6")
    dialog.get_by_label("单位").fill("盒")
    dialog.get_by_role("button", name="添加").tap()
    expect(dialog).to_contain_text("药品请填写有效期。")
    assert serious_findings(phone) == []
    expect(dialog.get_by_label("名称")).to_have_value("藿香正气水")
    dialog.get_by_label("有效期至").fill((clock.today() + timedelta(days=10)).isoformat())
    dialog.get_by_role("button", name="添加").tap()
    expect(phone.get_by_role("row", name="藿香正气水")).to_contain_text("还有 10 天到期")
    assert serious_findings(phone) == []
    assert fits(phone)

    phone.goto("/stations/care/supplies/")
    expect(phone.get_by_role("row", name="藿香正气水")).to_contain_text(station.name)
    assert serious_findings(phone) == []
    assert fits(phone)
    assert Supply.objects.get().quantity == 6


def test_stars_are_given_for_a_year_lowered_for_a_ground_and_the_station_withdrawn(
    page: Page, cast: StationCast
) -> None:
    station, year = cast.station(), clock.today().year
    sign_in(page, cast.users["staff"])
    page.goto(f"/stations/{station.code}/")
    page.get_by_role("link", name="年度星级").click()
    dialog = act(page, "decide")
    dialog.get_by_role("radio", name="4 星").check()
    dialog.get_by_label("理由").fill("自查按时，设施完好")
    assert serious_findings(page) == []
    dialog.get_by_role("button", name="评定星级").click()
    expect(page.get_by_role("heading", name="评定：4 星")).to_be_visible()

    for outcome, stars, words in (("降低星级", "2 星", "4 星 → 2 星"), ("撤销", "取消星级", "开放 → 已撤销")):
        dialog = act(page, "downgrade")
        dialog.get_by_role("radio", name=outcome, exact=True).check()
        dialog.get_by_label("降到几星").select_option(label=stars)
        dialog.get_by_role("checkbox", name="公示的时间不开放").check()
        dialog.get_by_label("说明").fill("两次到站都没有开门")
        dialog.get_by_role("button", name="确定").click()
        expect(page.locator("main")).to_contain_text(words)
    assert serious_findings(page) == []
    station.refresh_from_db()
    assert (station.stars, station.state) == (2, "withdrawn")
    assert StarRating.objects.get().year == year
    assert Downgrade.objects.count() == 2
