"""A year's plan and a project of it, from the proposal to the acceptance by 八有, at an office computer."""

from typing import Any

import pytest

from stations.models import BuildProject
from tests.axe import serious_findings
from tests.people import sign_in
from tests.stations.cast import StationCast
from tests.visits.test_phone import photo
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def do(page: Any, button: str, confirm: str) -> None:
    """Open an act's dialog and send it."""
    page.get_by_role("button", name=button, exact=True).first.click()
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button", name=confirm, exact=True).click()
    page.locator("[data-flash=success]").wait_for()


def test_a_planned_renovation_is_built_and_accepted(page: Any, district: Any) -> None:
    page.set_default_timeout(20_000)
    cast = StationCast(district, now=clock.now())
    station = cast.station()
    sign_in(page, cast.users["staff"])
    page.goto("/stations/building/")
    page.get_by_role("link", name="制定区总计划").click()
    page.get_by_label("改造").fill("1")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("还有 1 个没有申报").wait_for()
    assert serious_findings(page) == []

    page.get_by_role("link", name="申报项目").click()
    page.get_by_role("radio", name="改造", exact=True).check()
    page.get_by_label("项目名称").fill("延安路驿站改造")
    page.get_by_label("镇街").select_option(cast.jishan.code)
    page.get_by_label("驿站").select_option(station.code)
    page.get_by_label("预算").fill("30000")
    page.get_by_label("计划完成日期").fill(clock.today().isoformat())
    page.get_by_role("button", name="申报").click()
    for step in ("立项", "开工", "完工"):
        do(page, step, step)
    page.get_by_role("button", name="上传照片").click()
    dialog = page.locator("#photos")
    dialog.get_by_role("radio", name="建成后").check()
    dialog.locator("input[type=file]").set_input_files([photo("建成后.jpg")])
    dialog.get_by_role("button", name="上传").click()
    page.get_by_role("img", name="建成后照片 1").wait_for()
    assert serious_findings(page) == []

    page.get_by_role("link", name="验收").click()
    for item in page.get_by_role("radiogroup").all():
        item.get_by_role("radio", name="是", exact=True).check()
    assert serious_findings(page) == []
    page.get_by_role("button", name="提交验收结果").click()
    page.get_by_text("验收合格。").wait_for()
    assert BuildProject.objects.get().accepted_on == clock.today()
    page.goto("/stations/building/")
    row = page.get_by_role("row", name="改造 1 1 0")
    row.wait_for()
