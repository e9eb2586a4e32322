"""Events at stations, on pages: planned, held with their record, put right, cancelled; who may, and what is refused."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from PIL import Image

from stations.models import EventPhoto, Station, StationEvent, StationEventStep
from stations.services import station_withdraw
from tests.queries import queries_of
from tests.stations.cast import StationCast
from tests.stations.events import held_event, planned_event
from unionportal.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
URL = "/stations/events/"


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile("现场.jpg", content.getvalue(), "image/jpeg")


def plan(station: Station, **changes: Any) -> dict[str, Any]:
    """What the form sends for an event on the cast's day."""
    facts = {
        "uuid": str(uuid4()),
        "station": station.code,
        "kind": "clinic",
        "title": "家门口的义诊",
        "planned_on": "2024-09-04",
        "partners": "区人民医院\n区人民医院\n街道卫生院",
        "plan": "上午九点到十一点。",
    }
    return {**facts, **changes}


def record(**changes: Any) -> dict[str, Any]:
    facts = {
        "held_on": "2024-09-04",
        "attendance": "42",
        "attendance_way": "tally",
        "cost": "680.50",
        "summary": "量血压、问用药。",
        "partners": "区人民医院",
    }
    return {**facts, **changes}


def post(cast: StationCast, who: str, event: StationEvent, act: str, **data: Any) -> HttpResponse:
    event.refresh_from_db(fields=["version"])
    return cast.client(who).post(f"{URL}{event.code}/{act}/", {"version": event.version, **data})


def test_a_keeper_plans_an_event_and_records_it(cast: StationCast) -> None:
    station = cast.station()
    cast.kept(station)
    keeper = cast.client("keeper")
    answer = keeper.post(f"{URL}new/", plan(station))
    assert answer.status_code == 302
    event = StationEvent.objects.get()
    assert (event.code, event.state) == ("HD-2024-0001", "planned")
    assert [partner.name for partner in event.partners.all()] == ["区人民医院", "街道卫生院"]

    assert post(cast, "keeper", event, "hold", **record()).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.attendance, event.attendance_way) == ("held", 42, "tally")
    assert event.cost == Decimal("680.50")
    page = keeper.get(answer.url).content.decode()
    for words in ("家门口的义诊", "参加人次（点数）", "680.50", "区人民医院", "量血压", "不计入驿站的服务人次"):
        assert words in page
    assert [step.action for step in event.steps.order_by("pk")] == ["create", "hold"]
    entry = AuditEntry.objects.get(action="station_event.hold")
    assert entry.data == {"state": "held", "version": 2, "attendance": 42, "way": "tally"}, "numbers, no words"


def test_a_repeat_is_the_same_event_and_other_content_is_not(cast: StationCast) -> None:
    station = cast.station()
    sent = plan(station)
    client = cast.client("staff")
    first, again = client.post(f"{URL}new/", sent), client.post(f"{URL}new/", sent)
    assert first.url == again.url
    refused = client.post(f"{URL}new/", {**sent, "title": "改了名称"})
    assert refused.status_code == 409
    assert "刚才已经安排过" in refused.content.decode()
    assert "改了名称" in refused.content.decode(), "what was typed stays"
    assert StationEvent.objects.count() == 1


def test_before_a_station_opened_there_can_be_no_event(cast: StationCast) -> None:
    station = cast.station(opened_on=date(2024, 6, 1))
    client = cast.client("staff")
    refused = client.post(f"{URL}new/", plan(station, planned_on="2024-05-31"))
    assert refused.status_code == 422
    assert "2024年6月1日才启用" in refused.content.decode()
    assert "家门口的义诊" in refused.content.decode()
    planned = cast.planned()
    assert client.post(f"{URL}new/", plan(planned)).status_code == 422

    event = planned_event(cast, station)
    early = post(cast, "staff", event, "hold", **record(held_on="2024-05-31"))
    assert early.status_code == 422
    assert "启用前不能有活动" in early.content.decode()
    event.refresh_from_db()
    assert event.state == "planned"
    assert StationEvent.objects.count() == 1


def test_nor_after_it_was_withdrawn_or_on_a_day_to_come(cast: StationCast) -> None:
    station = cast.station()
    event = planned_event(cast, station)
    station_withdraw(
        code=station.code,
        version=None,
        reason="拆迁",
        withdrawn_on=date(2024, 9, 2),
        actor=cast.scope("staff"),
        now=cast.now,
    )
    late = post(cast, "staff", event, "hold", **record())
    assert late.status_code == 422
    assert "2024年9月2日撤销" in late.content.decode()
    assert "请在您的范围内选择驿站" in cast.client("staff").post(f"{URL}new/", plan(station)).content.decode()

    other = planned_event(cast, cast.station())
    ahead = post(cast, "staff", other, "hold", **record(held_on="2024-09-05"))
    assert "还没到这一天" in ahead.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("attendance", "-1", "不能是负数"),
        ("attendance", "9999999", "100 万"),
        ("attendance", "", "请填写参加人次"),
        ("attendance_way", "", "点数还是估算"),
        ("cost", "1.234", "最多两位小数"),
        ("cost", "-5", "不能是负数"),
        ("held_on", "九月", "日期写得不对"),
        ("partners", "\n".join(f"单位{n}" for n in range(21)), "最多写 20 个"),
    ],
)
def test_a_record_that_cannot_be_is_told_at_its_field(cast: StationCast, field: str, value: str, words: str) -> None:
    event = planned_event(cast, cast.station())
    answer = post(cast, "staff", event, "hold", **record(**{field: value}))
    assert answer.status_code == 422
    content = answer.content.decode()
    assert words in content
    assert "量血压" in content, "what was typed stays"
    event.refresh_from_db()
    assert event.state == "planned"


def test_a_record_is_put_right_and_a_plan_cancelled(cast: StationCast) -> None:
    station = cast.station()
    event = held_event(cast, station)
    assert (
        post(cast, "clerk", event, "correct", **record(attendance="55", attendance_way="estimate")).status_code == 302
    )
    event.refresh_from_db()
    assert (event.attendance, event.attendance_way) == (55, "estimate")
    assert post(cast, "staff", event, "cancel", reason="下雨").status_code == 409, "it took place"

    other = planned_event(cast, station)
    assert post(cast, "staff", other, "cancel", reason=" ").status_code == 422
    assert post(cast, "staff", other, "cancel", reason="台风").status_code == 302
    assert "已取消：台风" in cast.client("leader").get(f"{URL}{other.code}/").content.decode()
    assert post(cast, "staff", other, "hold", **record()).status_code == 409
    assert cast.client("staff").post(f"{URL}{other.code}/edit/", {**plan(station), "version": 2}).status_code == 409


def test_two_people_do_not_overwrite_each_other(cast: StationCast) -> None:
    station = cast.station()
    event = planned_event(cast, station)
    client = cast.client("staff")
    assert client.post(f"{URL}{event.code}/edit/", {**plan(station, title="先改的"), "version": 1}).status_code == 302
    late = client.post(f"{URL}{event.code}/edit/", {**plan(station, title="后改的"), "version": 1})
    assert late.status_code == 409
    assert "先改的" in late.content.decode()
    assert "后改的" in late.content.decode()
    event.refresh_from_db()
    assert event.title == "先改的"


def test_who_sees_and_who_keeps_an_event(cast: StationCast) -> None:
    station = cast.station()
    cast.kept(station)
    event = planned_event(cast, station)
    page = f"{URL}{event.code}/"
    for reader in ("leader", "cadre", "clerk", "keeper", "staff"):
        assert cast.client(reader).get(page).status_code == 200, reader
    for outsider in ("neighbour", "other_keeper"):
        assert cast.client(outsider).get(page).status_code == 404, outsider
        assert post(cast, outsider, event, "cancel", reason="越权").status_code == 404
        assert "高温天送清凉" not in cast.client(outsider).get(URL).content.decode()
    assert cast.client("handler").get(page).status_code == 403
    assert "登记举办" in cast.client("keeper").get(page).content.decode()
    for reader in ("leader", "cadre"):
        assert "登记举办" not in cast.client(reader).get(page).content.decode()
        assert post(cast, reader, event, "hold", **record()).status_code == 403
    assert cast.client("neighbour").post(f"{URL}new/", plan(station)).status_code == 422
    assert StationEvent.objects.get().state == "planned"


def test_a_keepers_reach_ends_with_the_keeping(cast: StationCast) -> None:
    station = cast.station()
    cast.kept(station, end_on=date(2024, 9, 3))
    event = planned_event(cast, station)
    assert cast.client("keeper").get(f"{URL}{event.code}/").status_code == 404
    assert cast.client("keeper").post(f"{URL}new/", plan(station)).status_code == 422


def test_photos_are_seen_by_those_who_see_the_event(cast: StationCast) -> None:
    event = held_event(cast, cast.station())
    staff = cast.client("staff")
    sent = staff.post(f"{URL}{event.code}/photos/", {"photos": [photo()]})
    assert sent.status_code == 302
    kept = EventPhoto.objects.get()
    address = f"{URL}{event.code}/photos/{kept.pk}/"
    assert cast.client("clerk").get(address).status_code == 200
    assert cast.client("neighbour").get(address).status_code == 404
    text = SimpleUploadedFile("名单.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    assert staff.post(f"{URL}{event.code}/photos/", {"photos": [text]}).status_code == 422
    assert staff.post(f"{URL}{event.code}/photos/", {"removed": [kept.pk]}).status_code == 302
    assert not EventPhoto.objects.exists()
    assert [step.action for step in event.steps.order_by("pk")][-2:] == ["photos", "photos_remove"]


def test_the_list_is_filtered_and_its_totals_keep_estimates_apart(cast: StationCast) -> None:
    station = cast.station()
    held_event(cast, station, on=date(2024, 7, 1), attendance=40)
    held_event(cast, station, on=date(2024, 8, 1), attendance=100, attendance_way="estimate", kind="lecture")
    planned_event(cast, station)
    client = cast.client("staff")
    content = client.get(URL).content.decode()
    assert content.count("title-cell") == 3
    assert ">40<" in content
    assert ">100<" in content
    assert ">140<" not in content, "counted and estimated are never added"
    six = client.get(f"{URL}?kind=six&state=held").content.decode()
    assert six.count("title-cell") == 1
    july = client.get(f"{URL}?since=2024-07-01&until=2024-07-31").content.decode()
    assert july.count("title-cell") == 1
    assert "没有符合条件的活动" in client.get(f"{URL}?since=2023-01-01&until=2023-12-31").content.decode()


def test_a_list_of_twenty_costs_what_one_of_one_does(cast: StationCast) -> None:
    station = cast.station()
    planned_event(cast, station)
    client = cast.client("staff")
    few = queries_of(client, URL)
    for _ in range(19):
        planned_event(cast, station)
    assert queries_of(client, URL) == few


def test_the_log_cannot_be_rewritten_nor_a_record_half_made(cast: StationCast) -> None:
    event = planned_event(cast, cast.station())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        StationEventStep.objects.update(action="hold")
    with pytest.raises(DatabaseError, match="station_event_state_with_its_record"), transaction.atomic():
        StationEvent.objects.filter(pk=event.pk).update(state="held")
