"""What a person asks to see of themselves, and what is deleted when its time is up, as an aid officer does it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hardship.models import HardshipFile
from tests.axe import serious_findings
from tests.hardship.cast import Cast
from tests.hardship.sheets import opened
from tests.people import District, sign_in
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def test_a_persons_own_export_and_then_the_deletion_with_its_certificate(phone: Page, district: District) -> None:
    cast = Cast(district, now=clock.now())
    file = cast.file(holder=cast.person(name="王示例"))
    today = clock.today()
    HardshipFile.objects.filter(pk=file.pk).update(
        state="rejected",
        opened_on=today.replace(year=today.year - 3, day=1),
        closed_on=today.replace(year=today.year - 2, day=1),
    )
    sign_in(phone, cast.users["aid"])
    phone.goto(f"/hardship/{file.code}/subject/")
    phone.get_by_label("本人").select_option(label="王示例")
    phone.get_by_label("用途").fill("本人到窗口申请查阅")
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="生成").click()
    password = phone.locator("[data-password]").inner_text()
    with phone.expect_download() as got:
        phone.get_by_role("link", name="下载").click()
    assert ["个人", "姓名", "王示例"] in opened(Path(got.value.path()).read_bytes(), password)

    phone.goto("/hardship/retention/")
    phone.get_by_label(file.code).check()
    phone.get_by_label("我已核对预览").check()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="删除所选").click()
    expect(phone.locator("h1")).to_contain_text("个人信息删除证明")
    expect(phone.locator("main")).to_contain_text(file.code)
    assert serious_findings(phone) == []
    phone.goto(f"/hardship/{file.code}/")
    expect(phone.locator("main")).to_contain_text("（已删除）")
