"""The register on pages: list, form, the page of a station and what is done there."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from stations.models import MapListing, Partner, Station
from stations.services import station_open
from tests.queries import queries_of
from tests.stations.cast import OPENED, StationCast, kind, period, point

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return response.content.decode()


def form(cast: StationCast, **changes: Any) -> dict[str, Any]:
    """What the form of a new station sends."""
    return {
        "uuid": str(uuid4()),
        "name": "延安路爱心驿站",
        "township": "330602006",
        "kind": "worker",
        "building_kind": "social",
        "partnership": "shared",
        "address": "延安路100号",
        "system": "gcj02",
        "longitude": "120.604512",
        "latitude": "29.998834",
        "facilities": ["water", "wifi"],
        "area": "20.5",
        **changes,
    }


def picture(name: str = "门头.png") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def test_a_clerk_registers_hours_and_opens_a_station(cast: StationCast) -> None:
    clerk = cast.client("clerk")
    assert clerk.get("/stations/new/").status_code == 200

    answer = clerk.post("/stations/new/", form(cast), follow=True)
    station = Station.objects.get()
    assert answer.redirect_chain[-1][0] == f"/stations/{station.code}/hours/"
    assert "接着填开放时间" in text_of(answer)

    answer = clerk.post(f"/stations/{station.code}/hours/", hours([("08:00", "20:00")]) | {"version": 1})
    assert answer.status_code == 302
    answer = clerk.post(f"/stations/{station.code}/open/", {"version": 2, "opened_on": "2024-09-01"}, follow=True)
    page = text_of(answer)
    assert "现在开放" in page
    assert "每天 08:00–20:00" in page
    assert "饮用水" in page
    station.refresh_from_db()
    assert (station.state, station.opened_on) == ("open", date(2024, 9, 1))


def hours(spans: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    """What the form of opening hours sends."""
    data: dict[str, Any] = {"periods-TOTAL_FORMS": len(spans), "periods-INITIAL_FORMS": 0, **more}
    for index, (opens, closes) in enumerate(spans):
        data |= {
            f"periods-{index}-weekdays": ["1", "2", "3", "4", "5", "6", "7"],
            f"periods-{index}-opens": opens,
            f"periods-{index}-closes": closes,
        }
    return data


def test_baidu_given_as_gps_is_asked_about_on_the_page(cast: StationCast) -> None:
    sent = form(cast, system="wgs84")
    answer = cast.client("staff").post("/stations/new/", sent)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "网页地图上取的坐标都不是 GPS" in page
    assert "延安路爱心驿站" in page
    assert "120.604512" in page
    assert Station.objects.count() == 0
    answer = cast.client("staff").post("/stations/new/", {**sent, "sure_system": "on"})
    assert answer.status_code == 302
    assert Station.objects.get().coordinate_system == "wgs84"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"longitude": "120.155070", "latitude": "30.274085"}, "不在本区范围内"),
        ({"longitude": "29.998834", "latitude": "120.604512"}, "填反了"),
        ({"system": ""}, "请选择坐标系"),
        ({"latitude": ""}, "还缺纬度"),
        ({"longitude": "东经120"}, "请用小数填写"),
        ({"name": ""}, "请写驿站名称"),
        ({"township": "330602108"}, "请在您的范围内选择镇街"),
        ({"public_phone": "110x"}, "电话号码不对"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    cast: StationCast, changes: dict[str, str], words: str
) -> None:
    answer = cast.client("clerk").post("/stations/new/", form(cast, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert Station.objects.count() == 0


def test_what_is_said_of_a_facility_is_read_at_the_door(cast: StationCast) -> None:
    clerk = cast.client("clerk")
    refused = clerk.post("/stations/new/", form(cast, **{"note-water": "长" * 41}))
    assert refused.status_code == 422
    assert not Station.objects.exists()
    unticked = clerk.post("/stations/new/", form(cast, **{"note-water": "冷热两用", "note-microwave": "2 台"}))
    assert unticked.status_code == 422
    assert "没有勾选这项设施" in text_of(unticked)
    assert not Station.objects.exists()
    clerk.post("/stations/new/", form(cast, **{"note-water": "冷热两用"}))
    station = Station.objects.get()
    assert dict(station.equipment.values_list("facility__code", "note")) == {"water": "冷热两用", "wifi": ""}
    for url in (f"/stations/{station.code}/", f"/stations/{station.code}/edit/"):
        assert "冷热两用" in text_of(clerk.get(url))
    edited = form(cast, version="1", facilities=["water", "seating"], **{"note-water": "2 台"})
    assert clerk.post(f"/stations/{station.code}/edit/", edited).status_code == 302
    change = station.changes.get(field="facilities")
    assert (change.before, change.after) == ("饮用水（冷热两用）、Wi-Fi", "饮用水（2 台）、桌椅")
    cast.hours(station, [])
    station_open(code=station.code, version=None, opened_on=OPENED, actor=cast.scope("staff"), now=cast.now)
    assert "2 台" in text_of(Client().get(f"/find/{station.code}/"))


def test_a_double_tap_is_one_station(cast: StationCast) -> None:
    sent, client = form(cast), cast.client("staff")
    assert client.post("/stations/new/", sent).status_code == 302
    assert client.post("/stations/new/", sent).status_code == 302
    answer = client.post("/stations/new/", {**sent, "name": "另一个驿站"})
    assert answer.status_code == 409
    assert Station.objects.count() == 1


def test_two_who_edit_see_both_versions(cast: StationCast) -> None:
    station = cast.station(name="城南驿站")
    url = f"/stations/{station.code}/edit/"
    page = text_of(cast.client("staff").get(url))
    assert f'name="version" value="{station.version}"' in page
    sent = form(cast, name="城南新驿站", reason="更名", version=station.version)
    assert cast.client("staff").post(url, sent).status_code == 302
    answer = cast.client("clerk").post(url, {**sent, "name": "城南老驿站"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "城南新驿站" in page
    assert "城南老驿站" in page
    station.refresh_from_db()
    assert station.name == "城南新驿站"


def test_hours_over_midnight_seasons_and_what_is_asked(cast: StationCast) -> None:
    station = cast.planned()
    url, client = f"/stations/{station.code}/hours/", cast.client("staff")
    assert client.get(url).status_code == 200
    night = hours([("22:00", "06:00")], version=1)
    night |= {"periods-0-season_from": "6月1日", "periods-0-season_until": "9-30"}
    assert client.post(url, night).status_code == 302
    assert "6月1日至9月30日 每天 22:00–次日06:00" in text_of(client.get(f"/stations/{station.code}/"))

    until_midnight = hours([("06:00", "00:00")], version=2)
    assert client.post(url, until_midnight).status_code == 302  # long, but no slip

    swapped = hours([("20:00", "18:00")], version=3)
    answer = client.post(url, swapped)
    assert answer.status_code == 422
    assert "确实过夜开放的，请勾选确认" in text_of(answer)
    assert client.post(url, swapped | {"sure_night": "on"}).status_code == 302

    for wrong, words in (
        (hours([("08:00", "08:00")], version=4), "同一时间"),
        (hours([], version=4), "请至少填一行开放时间"),
        (hours([("08:00", "")], version=4), "请填关门时间"),
        (hours([("08:00", "20:00")], version=4) | {"periods-0-season_from": "夏天"}, "请填几月几日"),
        (hours([("08:00", "20:00")], version=4) | {"periods-0-season_from": "2月30日"}, "季节的起止日期"),
    ):
        answer = client.post(url, wrong)
        assert answer.status_code == 422, words
        assert words in text_of(answer)
    assert client.post(url, {"open_all_day": "on", "version": 1, **hours([])}).status_code == 409
    assert client.post(url, {"open_all_day": "on", "version": 4, **hours([])}).status_code == 302
    station.refresh_from_db()
    assert station.open_all_day
    assert not station.hours.exists()


def test_a_keeper_looks_after_the_own_station_and_no_other(cast: StationCast) -> None:
    mine, other = cast.station(), cast.station()
    cast.kept(mine)
    keeper = cast.client("keeper")
    page = text_of(keeper.get("/stations/"))
    assert mine.name in page
    assert other.name not in page
    assert keeper.get(f"/stations/{other.code}/").status_code == 404
    page = text_of(keeper.get(f"/stations/{mine.code}/"))
    assert "临时关闭" in page
    staffs = text_of(cast.client("staff").get(f"/stations/{mine.code}/"))
    for act in ("评定等级", "安排管理员"):
        assert act in staffs
        assert act not in page
    answer = keeper.post(
        f"/stations/{mine.code}/closure/", {"start_on": "2024-09-04", "reason": "停电检修"}, follow=True
    )
    assert "今天临时关闭：停电检修" in text_of(answer)
    assert "现在关门" in text_of(answer)
    closure = mine.closures.get()
    url = f"/stations/{mine.code}/closures/{closure.pk}/"
    assert keeper.post(url, {"end_on": "2024-09-03"}).status_code == 422
    assert keeper.post(url, {"step": "remove"}).status_code == 302
    assert not mine.closures.exists()
    assert keeper.post(f"/stations/{mine.code}/level/", {"level": "smart", "reason": "x"}).status_code == 403
    assert keeper.get(f"/stations/{mine.code}/edit/").status_code == 403
    assert keeper.get(f"/stations/{mine.code}/hours/").status_code == 200
    assert cast.client("other_keeper").get(f"/stations/{mine.code}/hours/").status_code == 404


def test_partners_listings_grades_and_keepers_on_the_page(cast: StationCast) -> None:
    station = cast.station()
    clerk, staff, url = cast.client("clerk"), cast.client("staff"), f"/stations/{station.code}/"
    clerk.post(f"{url}partner/", {"kind": "bank", "name": "越城农商银行", "contributes": "提供场地"})
    answer = clerk.post(f"{url}partner/", {"kind": "bank", "name": "越城农商银行"})
    assert answer.status_code == 422
    assert "这家单位已经登记过" in text_of(answer)
    clerk.post(f"{url}listing/", {"platform": "amap", "state": "applied", "since": "2024-08-01"})
    clerk.post(f"{url}listing/", {"platform": "amap", "state": "listed", "since": "2024-09-01"})
    answer = clerk.post(f"{url}listing/", {"platform": "amap", "state": "listed", "since": "2024-09-05"})
    assert answer.status_code == 422
    clerk.post(f"{url}keeper/", {"user": cast.users["keeper"].username, "start_on": "2024-09-01"})
    version = Station.objects.get().version
    grade = {"version": version, "on": "2024-09-01", "reason": "达到标杆标准"}
    assert clerk.post(f"{url}level/", {**grade, "level": "benchmark"}).status_code == 403
    assert staff.post(f"{url}level/", {**grade, "level": "benchmark"}).status_code == 302
    assert staff.post(f"{url}level/", {**grade, "level": "smart"}).status_code == 409  # of before that
    assert staff.post(f"{url}stars/", {**grade, "version": version + 1, "stars": "5"}).status_code == 404
    assert "/stations/care/stars/2024/" in text_of(staff.get(url))

    page = text_of(clerk.get(url))
    for words in ("越城农商银行", "提供场地", "高德地图", "已上线", "钱站长", "基本型 → 标杆型"):
        assert words in page
    assert MapListing.objects.get().state == "listed"
    assert "高德地图 已申报（2024年8月1日起） → 高德地图 已上线（2024年9月1日起）" in page
    partner = Partner.objects.get()
    clerk.post(f"{url}partners-remove/", {"partner_ids": [partner.pk]})
    clerk.post(f"{url}keeper-end/", {"keepership_id": station.keeperships.get().pk, "end_on": "2024-09-30"})
    assert not Partner.objects.exists()
    assert station.keeperships.get().end_on == date(2024, 9, 30)


def test_photos_and_their_readers(cast: StationCast) -> None:
    station = cast.station()
    clerk, url = cast.client("clerk"), f"/stations/{station.code}/photos/"
    assert clerk.post(url, {"photos": [picture(), picture("里面.png")]}).status_code == 302
    first, second = station.photos.order_by("id")
    assert (first.is_cover, second.is_cover) == (True, False)
    assert clerk.post(url, {"cover": second.pk, "removed": [first.pk]}).status_code == 302
    assert station.photos.get().is_cover
    answer = clerk.post(url, {"photos": [SimpleUploadedFile("假.png", b"not a picture", "image/png")]})
    assert answer.status_code == 422
    assert station.photos.count() == 1
    read = f"{url}{second.pk}/"
    assert cast.client("leader").get(read).status_code == 200
    assert cast.client("neighbour").get(read).status_code == 404
    assert cast.client("cadre").post(url, {"photos": [picture()]}).status_code == 403


def test_the_list_filters(cast: StationCast) -> None:
    plain = cast.station(name="平日驿站")
    night = cast.station(name="通宵驿站", hours=[], kind=kind("driver"))
    there = cast.station(name="富盛驿站", township=cast.fusheng, point=point("gcj02", "120.7250", "29.9300"))
    planned = cast.planned(name="规划驿站", point=None)
    cast.kept(plain)
    MapListing.objects.create(station=plain, platform="amap", state="listed", since=date(2024, 9, 1))
    staff = cast.client("staff")

    def found(**filters: str) -> set[str]:
        page = staff.get("/stations/", filters).context["rows"]
        return {station.name for station, _ in page}

    everything = {plain.name, night.name, there.name, planned.name}
    assert found() == everything
    assert found(township="330602108") == {there.name}
    assert found(kind="driver") == {night.name}
    assert found(state="standing") == everything - {planned.name}
    assert found(state="planned") == {planned.name}
    assert found(all_day="1") == {night.name}
    assert found(level="benchmark") == set()
    assert found(stars="none") == everything
    assert found(facility="water") == everything
    assert found(facility="wifi") == set()
    assert found(missing="keeper") == everything - {plain.name}
    assert found(missing="listing") == everything - {plain.name}
    assert found(missing="photo") == everything
    assert found(missing="hours") == {planned.name}
    assert found(missing="point") == {planned.name}
    assert found(q="通宵") == {night.name}
    assert found(q=there.code) == {there.name}
    assert staff.get("/stations/").context["totals"].standing == 3


def test_twenty_stations_cost_what_one_does(cast: StationCast) -> None:
    cast.kept(cast.station())
    staff = cast.client("staff")
    one = queries_of(staff, "/stations/")
    for _ in range(19):
        cast.kept(cast.station(hours=[period(), period("22:00", "06:00")]))
    assert queries_of(staff, "/stations/") == one


def test_a_withdrawn_station_stays_readable_and_changes_no_more(cast: StationCast) -> None:
    station = cast.station()
    clerk, url = cast.client("clerk"), f"/stations/{station.code}/"
    gone = {"version": station.version, "withdrawn_on": "2024-09-04", "reason": "房屋到期"}
    assert clerk.post(f"{url}withdraw/", gone).status_code == 302
    page = text_of(clerk.get(url))
    assert "已撤销" in page
    assert "房屋到期" in page
    assert "保存照片" not in page
    assert clerk.get(f"{url}edit/").status_code == 409
    assert clerk.post(f"{url}closure/", {"start_on": "2024-09-05", "reason": "x"}).status_code == 409


def test_staff_add_facilities_and_stop_offering_them(cast: StationCast) -> None:
    station = cast.station()
    staff, url = cast.client("staff"), "/stations/catalogue/"
    assert "饮用水" in text_of(staff.get(url))
    assert staff.post(url, {"catalogue": "facility", "name": "直饮水机"}).status_code == 302
    answer = staff.post(url, {"catalogue": "facility", "name": "直饮水机"})
    assert answer.status_code == 422
    assert "已有这一项" in text_of(answer)
    assert staff.post(url, {"catalogue": "facility", "name": " "}).status_code == 422
    assert staff.post(url, {"catalogue": "nothing", "name": "x"}).status_code == 404
    assert "直饮水机" in text_of(staff.get("/stations/new/"))

    off = {"catalogue": "facility", "code": "seating", "step": "off"}
    assert staff.post(url, off).status_code == 302
    assert staff.post(url, off).status_code == 409
    assert "桌椅" not in text_of(staff.get("/stations/new/"))
    assert "桌椅" in text_of(staff.get(f"/stations/{station.code}/edit/"))  # who has it keeps it
    assert staff.post(url, {"catalogue": "kind", "name": "环卫驿站"}).status_code == 302
    assert "环卫驿站" in text_of(staff.get("/stations/"))
    assert cast.client("clerk").get(url).status_code == 403
