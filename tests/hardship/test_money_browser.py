"""A batch through three desks to the bank and back, and a service by telephone: the main paths in a real browser, one of them on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hardship.models import Grant, GrantBatch, ServiceOrder
from tests.axe import serious_findings
from tests.hardship import money
from tests.hardship.cast import CARD, Cast
from tests.hardship.sheets import opened
from tests.people import District, sign_in
from unionportal.core.accounts.models import User
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


@pytest.fixture
def today_cast(district: District) -> Cast:
    """The hardship people today: the browser's clock is the real one."""
    return Cast(district, now=clock.now())


def fund_of_the_year(cast: Cast, amount: int, **changes: object) -> object:
    day = cast.now.date()
    return money.fund(
        cast, amount, start_on=day.replace(month=1, day=1), end_on=day.replace(month=12, day=31), **changes
    )


def become(page: Page, user: User) -> None:
    """Somebody else sits down at this browser."""
    page.context.clear_cookies()
    sign_in(page, user)


def press(page: Page, act: str) -> None:
    """Open an act's dialog and send it."""
    page.locator(f"button[data-dialog={act}]").click()
    with page.expect_navigation():
        page.locator(f"dialog#{act} button[type=submit]").click()
    expect(page.locator("[data-flash=success]")).to_be_visible()


def test_a_batch_from_preparation_to_the_bank_and_back(page: Page, today_cast: Cast, tmp_path: Path) -> None:
    cast = today_cast
    fund_of_the_year(cast, 5000, name="中央专项")
    files = [cast.file_in("in_force") for _ in range(2)]
    sign_in(page, cast.users["aid"])
    page.goto("/hardship/money/batches/")
    page.locator("button[data-dialog=new]").click()
    dialog = page.locator("dialog#new")
    dialog.get_by_label("名称").fill("中秋慰问")
    dialog.get_by_label("帮扶项目").select_option("warmth")
    dialog.locator("button[type=submit]").click()
    page.get_by_role("link", name="加入对象").first.click()
    page.get_by_label("每人金额（元）").fill("800")
    page.get_by_label("全选").check()
    assert serious_findings(page) == []
    page.get_by_role("button", name="加入", exact=True).click()
    expect(page.locator("main")).to_contain_text("2 人 1,600.00 元")
    press(page, "submit")
    assert page.locator("button[data-dialog=check]").count() == 0
    url = page.url
    for who, act in (("staff", "check"), ("leader", "approve")):
        become(page, cast.users[who])
        page.goto(url)
        expect(page.locator("main")).not_to_contain_text(files[0].holder.opened("name"))
        press(page, act)
    become(page, cast.users["aid"])
    page.goto(url)
    page.get_by_role("link", name="银行表").click()
    page.get_by_label("打开密码").fill(money.PASSWORD)
    assert serious_findings(page) == []
    with page.expect_download() as got:
        page.get_by_role("button", name="下载银行表").click()
    rows = opened(Path(got.value.path()).read_bytes(), money.PASSWORD)[1:]
    assert [row[2] for row in rows] == [CARD, CARD]
    answers = [
        (row[0], row[4], word, why) for row, word, why in zip(rows, ("成功", "失败"), ("", "户名不符"), strict=True)
    ]
    back = tmp_path / "回盘.xlsx"
    back.write_bytes(money.result_file(answers).read())
    page.goto(url)
    page.locator("button[data-dialog=result]").click()
    page.locator("dialog#result input[type=file]").set_input_files(back)
    page.locator("dialog#result button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("成功 1 笔，失败 1 笔")
    assert serious_findings(page) == []
    assert GrantBatch.objects.get().state == "settled"
    assert list(Grant.objects.order_by("seq").values_list("state", flat=True)) == ["paid", "failed"]
    page.get_by_role("link", name="中央专项").click()
    expect(page.locator("main")).to_contain_text("4,200.00")
    page.get_by_role("link", name=re.compile("^已支出")).click()
    expect(page.locator("h1")).to_contain_text("已支出 800.00 元")


def test_a_service_from_the_call_to_the_settlement(phone: Page, today_cast: Cast) -> None:
    cast = today_cast
    fund_of_the_year(cast, 5000, purpose="services")
    file = cast.file_in("in_force")
    money.offered(cast, 120)
    sign_in(phone, cast.users["aid"])
    phone.goto(f"/hardship/{file.code}/")
    phone.get_by_role("link", name="预订服务").click()
    expect(phone.locator("main")).to_contain_text("还剩 1,000.00 元")
    phone.locator("label.pill", has_text="水电维修").click()
    phone.get_by_label("需求").fill("厨房水龙头漏水")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="接单").click()
    expect(phone.locator("main")).to_contain_text("厨房水龙头漏水")
    press(phone, "dispatch")
    phone.locator("button[data-dialog=confirm]").click()
    dialog = phone.locator("dialog#confirm")
    dialog.get_by_label("实际费用（元）").fill("100")
    dialog.locator("label.pill", has_text=re.compile("^满意$")).click()
    dialog.locator("button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("待结算")
    assert phone.locator("button[data-dialog=settle]").count() == 0
    url = phone.url
    become(phone, cast.users["staff"])
    phone.goto(url)
    press(phone, "settle")
    expect(phone.locator("main")).to_contain_text("已结算")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    order = ServiceOrder.objects.get()
    assert (order.state, order.held) == ("settled", 100)
