"""The finder on a phone of 390 x 844 in a real browser: located, on the map, rated; and with neither scripts nor permission."""

from typing import Any

import pytest

from casework.models import PublicCode
from stations.models import StationRating
from tests.axe import serious_findings
from tests.people import sign_in
from tests.stations.cast import StationCast, period, point

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
HERE = {"longitude": 120.6002, "latitude": 29.9961}


@pytest.fixture
def near(committed_db: None, cast: StationCast) -> Any:
    """Twelve stations around a crossing, the first at it."""
    made = [cast.station(point=point("wgs84", f"{120.600 + each * 0.004:.3f}", "29.996")) for each in range(11)]
    cast.station(name="夜班驿站", hours=[period("22:00", "06:00")], point=point("wgs84", "120.600", "29.999"))
    return made[0]


def sideways(screen: Any) -> bool:
    return screen.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def settled(phone: Any) -> None:
    """Until the map has drawn all the tiles it asked for."""
    phone.wait_for_load_state("networkidle")


def test_located_found_on_the_map_and_rated(phone: Any, near: Any, cast: StationCast) -> None:
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(HERE)
    phone.goto("/find/")
    assert "at=" not in phone.url  # nothing is asked for before the tap
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="找离我最近的驿站").tap()
    phone.get_by_role("heading", name="离您最近的驿站").wait_for()
    assert "at=120.600%2C29.996" in phone.url
    assert phone.locator(".station-name").first.inner_text() == near.name

    with phone.expect_response("**/find/tiles/**"):
        phone.get_by_role("button", name="看地图").tap()
    settled(phone)
    canvas = phone.locator("[data-map] canvas")
    canvas.focus()
    phone.keyboard.press("Enter")  # the nearest to the middle, which is where the phone is
    card = phone.locator("[data-map-card]")
    for _ in range(4):  # a circle opens into its stations
        if card.is_visible():
            break
        settled(phone)
        phone.keyboard.press("Enter")
    card.get_by_role("link", name=near.name).wait_for()
    assert serious_findings(phone) == []
    assert not sideways(phone)
    card.get_by_role("link").tap()

    phone.get_by_role("heading", name=near.name).wait_for()
    assert serious_findings(phone) == []
    assert not sideways(phone)
    phone.get_by_role("button", name="5").tap()
    phone.get_by_text("评价已收到").wait_for()
    assert [rating.stars for rating in StationRating.objects.all()] == [5]
    assert phone.get_by_role("button", name="5").count() == 0


def test_the_first_load_is_small_and_the_map_comes_when_it_is_opened(phone: Any, near: Any, cast: StationCast) -> None:
    answers: list[Any] = []
    phone.on("response", lambda answer: answers.append(answer))
    phone.goto("/find/", wait_until="networkidle")
    assert not any("map" in answer.url for answer in answers)
    with phone.expect_response("**/find/tiles/**"):
        phone.get_by_role("button", name="看地图").tap()
    settled(phone)
    assert sum(len(answer.body()) for answer in list(answers)) <= MOST_BYTES
    phone.goto("about:blank")  # what the map still asks for is none of the station's page
    answers.clear()
    phone.goto(f"/find/{near.code}/", wait_until="networkidle")
    assert sum(len(answer.body()) for answer in list(answers)) <= MOST_BYTES


def test_fingers_move_the_map(phone: Any, near: Any, cast: StationCast) -> None:
    asked: list[str] = []
    phone.goto("/find/")
    phone.get_by_role("button", name="看地图").tap()
    settled(phone)
    phone.on("request", lambda request: asked.append(request.url))
    before = drawn(phone)
    box = phone.locator("[data-map] canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    phone.mouse.move(*middle)
    phone.mouse.down()
    phone.mouse.move(middle[0] - 60, middle[1] - 40, steps=6)
    phone.mouse.up()
    phone.wait_for_function("before => document.querySelector('[data-map] canvas').toDataURL() !== before", arg=before)
    moved = drawn(phone)
    with phone.expect_response("**/find/tiles/**"):
        for _ in range(2):
            phone.get_by_role("button", name="放大").tap()
    settled(phone)
    assert drawn(phone) not in (before, moved)
    assert all("/find/tiles/" in url for url in asked)  # nothing but our own tiles is fetched


def drawn(phone: Any) -> str:
    return phone.locator("[data-map] canvas").evaluate("canvas => canvas.toDataURL()")


def test_without_permission_the_page_says_what_else_there_is(phone: Any, near: Any, cast: StationCast) -> None:
    phone.context.clear_permissions()
    phone.goto("/find/")
    phone.get_by_role("button", name="找离我最近的驿站").tap()
    phone.get_by_text("可以在下面按镇街查找").wait_for()


def test_it_works_without_scripts(browser: Any, live_portal: Any, near: Any, cast: StationCast) -> None:
    context = browser.new_context(
        base_url=live_portal.url, java_script_enabled=False, viewport={"width": 320, "height": 568}
    )
    screen = context.new_page()
    screen.goto("/find/")
    assert not screen.get_by_role("button", name="看地图").is_visible()
    screen.get_by_role("searchbox").fill(near.address)
    screen.get_by_role("button", name="查找", exact=True).click()
    screen.get_by_role("link", name=near.name).click()
    screen.get_by_role("heading", name=near.name).wait_for()
    screen.get_by_role("button", name="2").click()
    screen.get_by_text("评价已收到").wait_for()
    context.close()
    assert StationRating.objects.get().stars == 2


def test_a_keeper_prints_the_plate_and_its_code_opens_the_door_page(
    page: Any, phone: Any, near: Any, cast: StationCast
) -> None:
    cast.kept(near)
    sign_in(page, cast.users["keeper"])
    page.goto(f"/stations/plates/{near.code}/")
    page.get_by_role("img", name="二维码").wait_for()
    assert serious_findings(page) == []
    phone.goto(f"/r/{PublicCode.objects.get(owner_uuid=near.uuid).token}/")
    phone.get_by_role("button", name="4").tap()
    phone.get_by_text("评价已收到").wait_for()
