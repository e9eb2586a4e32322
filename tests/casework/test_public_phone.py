"""From the poster to the rating on a phone of 390 x 844, in a real browser; with scripts and without."""

import io
from typing import Any

import pytest
from PIL import Image

from casework.models import Issue, PublicCode
from casework.services import code_create, issue_move
from tests.axe import serious_findings
from tests.people import scope_of, sign_in

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000


@pytest.fixture
def code(committed_db: None, district: Any) -> PublicCode:
    enterprise = district.enterprise(1, name="光典芯元微电子（演示）")
    return code_create(owner=enterprise, actor=scope_of(district.staff()))


def fill(screen: Any, code: PublicCode) -> None:
    screen.goto(f"/r/{code.token}/")
    screen.get_by_role("radio", name="安全隐患").check()
    screen.get_by_label("发生了什么事").fill("车间吊机没有护栏。希望尽快装上。")
    screen.get_by_role("radio", name="留下，只让区总工会知道").check()
    screen.get_by_role("textbox", name="姓名").fill("吴示例")
    screen.get_by_role("textbox", name="电话").fill("13812345678")
    screen.get_by_label("我已阅读并同意以上内容").check()


def sideways(screen: Any) -> bool:
    return screen.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_from_the_poster_to_the_rating(phone: Any, code: PublicCode, district: Any) -> None:
    answers: list[Any] = []
    phone.on("response", lambda answer: answers.append(answer))
    fill(phone, code)
    assert sum(len(answer.body()) for answer in list(answers) if answer.status == 200) <= MOST_BYTES
    assert serious_findings(phone) == []
    assert not sideways(phone)
    picture = io.BytesIO()
    Image.effect_noise((2400, 1800), 40).convert("RGB").save(picture, "JPEG")
    file = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    phone.locator("input[type=file]").set_input_files([file])
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("提交成功").wait_for()
    assert serious_findings(phone) == []
    assert not sideways(phone)
    address = phone.locator(".address").inner_text()
    issue = Issue.objects.get()
    assert issue.photos.count() == 1

    staff, handler = scope_of(district.staff()), scope_of(district.handler())
    for action, actor, given in (
        ("assign", staff, {"unit": district.department}),
        ("accept", handler, {}),
        ("report", handler, {"note": "已整改。", "answer": "护栏已装好，谢谢您的提醒。"}),
    ):
        issue = issue_move(code=issue.code, action=action, version=issue.version, actor=actor, **given)

    phone.goto(address)
    phone.get_by_text("护栏已装好，谢谢您的提醒。").wait_for()
    phone.get_by_role("radio", name="基本满意").check()
    phone.get_by_role("button", name="提交评价").click()
    phone.get_by_text("评价已收到").wait_for()
    issue.refresh_from_db()
    assert issue.satisfaction == "basically"


def test_it_works_without_scripts(browser: Any, live_portal: Any, code: PublicCode) -> None:
    context = browser.new_context(
        base_url=live_portal.url, java_script_enabled=False, viewport={"width": 320, "height": 568}
    )
    screen = context.new_page()
    fill(screen, code)
    screen.get_by_role("button", name="提交").click()
    screen.get_by_text("提交成功").wait_for()
    context.close()
    assert Issue.objects.count() == 1


def test_staff_read_the_number_for_a_reason(page: Any, code: PublicCode, district: Any, phone: Any) -> None:
    fill(phone, code)
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("提交成功").wait_for()
    issue = Issue.objects.get()
    sign_in(page, district.staff())
    page.goto(f"/issues/{issue.code}/")
    assert serious_findings(page) == []
    page.get_by_text("138****5678").wait_for()
    page.get_by_role("link", name="查看").click()
    page.get_by_label("查看理由").fill("电话回访")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("13812345678").wait_for()
    page.goto("/codes/")
    page.get_by_role("link", name="海报").click()
    page.get_by_role("button", name="打印海报").wait_for()
    assert serious_findings(page) == []
