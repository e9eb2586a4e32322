"""Every component in a real browser: readable by everyone, and doing what it says."""

import io
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.axe import serious_findings


@pytest.fixture(params=["page", "phone"])
def screen(request: pytest.FixtureRequest) -> Any:
    """The desktop and the phone page."""
    return request.getfixturevalue(request.param)


def test_axe_finds_nothing_serious(screen: Page) -> None:
    screen.goto("/styleguide/")
    expect(screen.locator(".chart[data-drawn]").first).to_be_visible()
    assert serious_findings(screen) == []


def test_axe_does_find_what_is_wrong(page: Page) -> None:
    page.goto("/styleguide/")
    page.evaluate("document.querySelector('#main').append(document.createElement('textarea'))")
    assert any(line.startswith("label:") for line in serious_findings(page))


@pytest.mark.parametrize("name", ["login", "404", "409", "500", "csrf"])
def test_axe_finds_nothing_serious_on_lonely_pages(phone: Page, name: str) -> None:
    phone.goto(f"/styleguide/pages/{name}/")
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    assert serious_findings(phone) == []


@pytest.mark.parametrize("width", [320, 390, 683, 1366])
def test_nothing_hangs_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.goto("/styleguide/")
    expect(page.locator(".chart[data-drawn]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_of_a_phone_are_large_enough_to_tap(phone: Page) -> None:
    phone.goto("/styleguide/")
    small = phone.evaluate(
        """[...document.querySelectorAll('.btn, .pill span, .seg-radio span, .tabbar a, .icon-btn, select')]
           .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
           .map((one) => one.className + ' ' + one.textContent.trim())"""
    )
    assert small == []


def test_the_picker_takes_initials_and_is_worked_by_keyboard_alone(page: Page) -> None:
    page.goto("/styleguide/")
    picker = page.get_by_role("combobox", name="走访单位")
    picker.focus()
    picker.press_sequentially("gdxy")
    options = page.get_by_role("listbox", name="走访单位").get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first.locator("mark")).to_have_text("光典芯元")
    picker.press("ArrowDown")
    picker.press("Enter")
    expect(picker).to_have_value("广德新越纺织（演示）")
    expect(page.locator("#id_enterprise")).to_have_value("2")
    picker.press_sequentially("x")
    expect(page.locator("#id_enterprise")).to_have_value("")


def test_what_was_typed_comes_back_after_leaving_and_goes_away_when_asked(phone: Page) -> None:
    phone.goto("/styleguide/")
    picker = phone.get_by_role("combobox", name="走访单位")
    picker.tap()
    phone.get_by_role("option", name="越州物流（演示）").tap()
    phone.locator("#id_narrative").fill("食堂离车间较远")
    phone.get_by_role("button", name="再加一个问题").tap()
    phone.locator("[name=issues-1-title]").fill("第二个问题")
    expect(phone.locator("[data-draft-state]")).to_have_text("草稿已存")
    client_id = phone.locator("[name=client_id]").input_value()
    assert len(client_id) == 36

    phone.goto("about:blank")
    phone.goto("/styleguide/")
    expect(phone.locator("#id_narrative")).to_have_value("食堂离车间较远")
    expect(phone.locator("[name=issues-1-title]")).to_have_value("第二个问题")
    expect(phone.locator("#id_enterprise")).to_have_value("3")
    expect(picker).to_have_value("越州物流（演示）")
    expect(phone.locator("[name=client_id]")).to_have_value(client_id)

    phone.get_by_role("button", name="不要草稿").tap()
    expect(phone.locator("#id_narrative")).to_have_value("")


def test_a_draft_belongs_to_the_person_who_typed_it(page: Page) -> None:
    page.goto("/styleguide/")
    page.locator("#id_narrative").fill("只给自己看")
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((name) => name.startsWith('portal:draft:'));
          localStorage.setItem(key.replace(':0:', ':77:'), localStorage.getItem(key));
          localStorage.removeItem(key);
        }"""
    )
    page.reload()
    expect(page.locator("#id_narrative")).to_have_value("")


def test_a_refused_form_shows_the_server_s_content_and_keeps_the_draft(page: Page) -> None:
    page.goto("/styleguide/")
    page.locator("#id_narrative").fill("交了但有错")
    page.get_by_role("button", name="提交走访").click()
    expect(page.locator(".form-errors").first).to_be_focused()
    expect(page.locator("#id_narrative")).to_have_value("交了但有错")
    page.goto("/styleguide/")
    expect(page.locator("#id_narrative")).to_have_value("交了但有错")


def test_a_draft_goes_only_when_a_page_says_it_was_saved(page: Page) -> None:
    page.goto("/styleguide/")
    page.locator("#id_narrative").fill("第一份")
    # The network fails on the way: the browser's own error page, then another visit.
    page.route("**/styleguide/", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_role("button", name="提交走访").click()
    expect(page.locator("#id_narrative")).to_be_hidden()
    page.goto("/styleguide/pages/404/")
    page.goto("/styleguide/")
    expect(page.locator("#id_narrative")).to_have_value("第一份")

    page.route("**/styleguide/", answer_saved)
    page.get_by_role("button", name="提交走访").click()
    expect(page.get_by_text("走访已保存", exact=True)).to_be_visible()
    expect(page.locator("html.no-js")).to_have_count(0)  # its scripts have run: leaving sooner would leave the draft
    page.unroute_all()
    page.goto("/styleguide/")
    expect(page.locator("#id_narrative")).to_have_value("")


def answer_saved(route: Route) -> None:
    """The page a saved form leads to, made from a real one."""
    if route.request.method != "POST":
        route.fallback()
        return
    answer = route.fetch(method="GET", post_data=None)
    route.fulfill(
        response=answer,
        body=answer.text().replace(
            '<div class="flashes" id="flashes">',
            '<div class="flashes" id="flashes"><div class="flash" data-flash="success">走访已保存</div>',
        ),
    )


def test_a_double_tap_sends_one_form(page: Page) -> None:
    page.goto("/styleguide/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.evaluate(
        "() => { const b = document.querySelector('#demo-form [type=submit]'); b.click(); b.click(); b.click(); }"
    )
    expect(page.locator(".form-errors").first).to_be_visible()
    assert sent == ["POST"]


def test_rows_are_added_numbered_and_taken_out(page: Page) -> None:
    page.goto("/styleguide/")
    rows = page.locator("[data-row]:visible")
    page.get_by_role("button", name="再加一个问题").click()
    page.get_by_role("button", name="再加一个问题").click()
    expect(rows).to_have_count(3)
    expect(page.get_by_role("button", name="再加一个问题")).to_be_disabled()
    page.get_by_role("button", name="去掉这个问题").nth(1).click()
    expect(rows).to_have_count(2)
    expect(rows.nth(1).get_by_role("heading")).to_have_text("问题 2")
    expect(page.locator("[name=issues-TOTAL_FORMS]")).to_have_value("3")
    expect(page.locator("[name=issues-1-DELETE]")).to_be_checked()


def test_a_photo_is_shrunk_and_loses_where_it_was_taken(page: Page) -> None:
    from PIL import Image

    picture, place = Image.effect_noise((2400, 1200), 60).convert("RGB"), Image.Exif()
    place.get_ifd(0x8825)[1] = "N"
    raw = io.BytesIO()
    picture.save(raw, "JPEG", quality=95, exif=place)
    assert Image.open(io.BytesIO(raw.getvalue())).getexif().get_ifd(0x8825)

    page.goto("/styleguide/")
    page.locator("#id_photos").set_input_files(
        [{"name": "厂房.jpg", "mimeType": "image/jpeg", "buffer": raw.getvalue()}]
    )
    expect(page.get_by_role("img", name="厂房.jpg")).to_be_visible()
    sent = page.evaluate(
        "async () => [...new Uint8Array(await document.querySelector('#id_photos').files[0].arrayBuffer())]"
    )
    small = Image.open(io.BytesIO(bytes(sent)))
    assert small.size == (1600, 800)
    assert not small.getexif()
    page.get_by_role("button", name="去掉 厂房.jpg").click()
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 0


def test_a_chart_has_its_table_and_its_picture(page: Page) -> None:
    page.goto("/styleguide/")
    chart = page.locator(".chart").first
    expect(chart.locator("svg path").first).to_be_attached()
    with page.expect_download() as download:
        chart.get_by_role("button", name="下载图").click()
    assert download.value.suggested_filename == "化解率（当月收集），近 12 个月.png"
    chart.get_by_role("button", name="表格").click()
    expect(chart.get_by_role("row", name="9月 90.38")).to_be_visible()
    expect(chart.locator("[data-chart-box]")).to_be_hidden()


def test_the_drawer_of_a_phone_opens_closes_and_gives_the_focus_back(phone: Page) -> None:
    phone.goto("/styleguide/")
    expect(phone.get_by_role("link", name="驾驶舱")).to_be_hidden()
    phone.get_by_role("button", name="打开导航").tap()
    expect(phone.get_by_role("link", name="驾驶舱")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("link", name="驾驶舱")).to_be_hidden()
    expect(phone.get_by_role("button", name="打开导航")).to_be_focused()


def test_a_dialog_holds_the_keyboard_and_is_clean(phone: Page) -> None:
    phone.goto("/styleguide/")
    phone.get_by_role("button", name="退回重办").tap()
    dialog = phone.get_by_role("dialog", name="退回重办")
    expect(dialog).to_be_visible()
    assert serious_findings(phone) == []
    phone.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
