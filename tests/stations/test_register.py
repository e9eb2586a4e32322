"""A station is registered, opened, put right, graded and withdrawn; each change stands in its history."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from casework.models import PublicCode
from stations.models import Keepership, Station
from stations.services import (
    closure_add,
    closure_end,
    keeper_appoint,
    keeper_end,
    station_correct,
    station_create,
    station_level_set,
    station_open,
    station_resume,
    station_suspend,
    station_withdraw,
)
from tests.stations.cast import OPENED, SURE, StationCast, facilities, period, point
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import (
    Conflict,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)

pytestmark = pytest.mark.django_db


def history(station: Station) -> list[tuple[str, str, str]]:
    return [(row.field, row.before, row.after) for row in station.changes.order_by("id")]


def test_a_station_is_planned_until_it_is_opened(cast: StationCast) -> None:
    station = cast.planned(actor="clerk", name="城南驿站")
    assert (station.code, station.state, station.created_by) == ("YZ-00001", "planned", cast.users["clerk"])
    assert PublicCode.objects.count() == 0

    cast.hours(station, [period()])
    station = station_open(code=station.code, version=2, actor=cast.scope("clerk"), now=cast.now)

    assert (station.state, station.opened_on) == ("open", cast.now.date())
    code = PublicCode.objects.get()
    assert (code.owner_kind, code.owner_uuid, code.owner_label) == ("station", station.uuid, "城南驿站")
    assert (code.township, code.is_open) == (cast.jishan, True)
    assert history(station) == [
        ("registered", "", "城南驿站"),
        ("hours", "无", "每天 08:00–20:00"),
        ("state", "计划中", "开放"),
    ]


def test_what_is_given_on_another_grid_is_kept_as_wgs84_and_as_it_was_given(cast: StationCast) -> None:
    station = cast.planned(point=point("bd09", "120.613000", "30.004000"))
    station.refresh_from_db()
    assert (station.coordinate_system, str(station.given_longitude)) == ("bd09", "120.61300000")
    assert 0.009 < 120.613 - float(station.longitude or 0) < 0.013


def test_sent_twice_is_one_station(cast: StationCast) -> None:
    uuid, facts = uuid4(), cast.facts()
    given = {"uuid": uuid, "actor": cast.scope("staff"), "now": cast.now}
    first = station_create(facts=facts, **given)
    again = station_create(facts=facts, **given)
    assert first.pk == again.pk
    with pytest.raises(Conflict):
        station_create(facts=cast.facts(), **given)
    assert Station.objects.count() == 1


def test_who_may_register(cast: StationCast) -> None:
    for who in ("leader", "cadre", "keeper", "handler"):
        with pytest.raises(Forbidden):
            cast.planned(actor=who)
    with pytest.raises(FieldErrors) as refused:
        cast.planned(actor="neighbour")
    assert list(refused.value.fields) == ["township"]
    assert Station.objects.count() == 0


def test_who_sees_which_stations(cast: StationCast) -> None:
    here, there = cast.station(), cast.station(township=cast.fusheng, point=point("gcj02", "120.7250", "29.9300"))
    cast.kept(there)
    cast.kept(here, start_on=OPENED, end_on=date(2024, 9, 3))

    def seen(who: str) -> set[Station]:
        return set(Station.objects.visible_to(cast.scope(who)))

    assert seen("staff") == seen("leader") == {here, there}
    assert seen("clerk") == seen("cadre") == {here}
    assert seen("neighbour") == seen("keeper") == {there}  # the other keeping ended yesterday
    assert seen("other_keeper") == seen("handler") == set()


def test_names_are_once_a_township_while_a_station_stands(cast: StationCast) -> None:
    first = cast.station(name="城南驿站")
    with pytest.raises(FieldErrors) as refused:
        cast.planned(name="城南驿站")
    assert list(refused.value.fields) == ["name"]
    cast.planned(name="城南驿站", township=cast.fusheng, point=point("gcj02", "120.7250", "29.9300"))
    station_withdraw(code=first.code, version=None, reason="拆迁", actor=cast.scope("staff"), now=cast.now)
    assert cast.planned(name="城南驿站").name == "城南驿站"


def test_missing_and_oversized_facts_are_told_at_their_fields(cast: StationCast) -> None:
    with pytest.raises(FieldErrors) as refused:
        cast.planned(
            name=" ", address="", area=Decimal(0), public_phone="12", directions="长" * 301, building_kind="rented"
        )
    assert set(refused.value.fields) == {"name", "address", "area", "public_phone", "directions", "building_kind"}


def test_a_correction_keeps_what_was_and_why(cast: StationCast) -> None:
    station = cast.station(name="城南驿站")
    facts = cast.facts(name="城南爱心驿站", area=Decimal(25), facilities=facilities("water", "wifi"))
    corrected = station_correct(
        code=station.code,
        version=station.version,
        facts=facts,
        reason="挂牌更名",
        actor=cast.scope("clerk"),
        sure=SURE,
        now=cast.now,
    )
    changed = {row.field: (row.before, row.after, row.reason) for row in corrected.changes.filter(action="correct")}
    assert changed["name"] == ("城南驿站", "城南爱心驿站", "挂牌更名")
    assert changed["area"] == ("", "25.0 平方米", "挂牌更名")
    assert changed["facilities"][:2] == ("饮用水、桌椅", "饮用水、Wi-Fi")
    assert PublicCode.objects.get().owner_label == "城南爱心驿站"
    entry = AuditEntry.objects.get(action="station.correct")
    assert "城南" not in str(entry.data)
    assert entry.data["fields"] == ["address", "area", "facilities", "name", "point"]

    same = station_correct(
        code=station.code, version=corrected.version, facts=facts, actor=cast.scope("clerk"), now=cast.now
    )
    assert same.version == corrected.version  # nothing changed, nothing written


def test_an_old_page_does_not_overwrite(cast: StationCast) -> None:
    station = cast.station()
    with pytest.raises(StaleVersion):
        station_correct(code=station.code, version=1, facts=cast.facts(), actor=cast.scope("staff"), now=cast.now)


def test_a_neighbouring_township_may_not_change_it(cast: StationCast) -> None:
    station = cast.station()
    with pytest.raises(NotFound):
        station_suspend(code=station.code, version=None, reason="停电", actor=cast.scope("neighbour"), now=cast.now)
    with pytest.raises(Forbidden):
        station_suspend(code=station.code, version=None, reason="停电", actor=cast.scope("cadre"), now=cast.now)


def test_opening_needs_a_point_and_hours(cast: StationCast) -> None:
    station = cast.planned(point=None)
    scope = cast.scope("staff")
    with pytest.raises(InvalidTransition, match="坐标"):
        station_open(code=station.code, version=None, actor=scope, now=cast.now)
    placed = cast.planned()
    with pytest.raises(InvalidTransition, match="开放时间"):
        station_open(code=placed.code, version=None, actor=scope, now=cast.now)
    cast.hours(placed, [])
    with pytest.raises(FieldErrors):
        station_open(
            code=placed.code, version=None, opened_on=cast.now.date() + timedelta(days=1), actor=scope, now=cast.now
        )
    placed.refresh_from_db()
    assert placed.state == "planned"


def test_it_pauses_goes_on_and_ends(cast: StationCast) -> None:
    station, scope = cast.station(), cast.scope("clerk")
    cast.kept(station)
    with pytest.raises(FieldErrors):
        station_suspend(code=station.code, version=None, reason=" ", actor=scope, now=cast.now)
    assert (
        station_suspend(code=station.code, version=None, reason="停水", actor=scope, now=cast.now).state == "suspended"
    )
    assert PublicCode.objects.get().is_open
    assert station_resume(code=station.code, version=None, actor=scope, now=cast.now).state == "open"
    with pytest.raises(InvalidTransition):
        station_resume(code=station.code, version=None, actor=scope, now=cast.now)

    ended = station_withdraw(code=station.code, version=None, reason="房屋到期", actor=scope, now=cast.now)

    assert (ended.state, ended.withdrawn_on) == ("withdrawn", cast.now.date())
    assert not PublicCode.objects.get().is_open
    assert Keepership.objects.get().end_on == cast.now.date()
    with pytest.raises(InvalidTransition):
        station_correct(code=station.code, version=None, facts=cast.facts(), actor=scope, now=cast.now)


def test_a_planned_station_may_be_withdrawn_without_ever_opening(cast: StationCast) -> None:
    station = cast.planned(point=None)
    ended = station_withdraw(
        code=station.code, version=None, reason="选址不成", actor=cast.scope("staff"), now=cast.now
    )
    assert (ended.state, ended.opened_on) == ("withdrawn", None)


def test_it_is_not_withdrawn_before_it_opened(cast: StationCast) -> None:
    station = cast.station()
    with pytest.raises(FieldErrors) as refused:
        station_withdraw(
            code=station.code,
            version=None,
            reason="拆迁",
            withdrawn_on=OPENED - timedelta(days=1),
            actor=cast.scope("staff"),
            now=cast.now,
        )
    assert list(refused.value.fields) == ["withdrawn_on"]


def test_a_level_is_raised_with_reason_and_day(cast: StationCast) -> None:
    station, scope = cast.station(), cast.scope("staff")
    given = {"code": station.code, "version": None, "actor": scope, "now": cast.now}
    station_level_set(level="benchmark", reason="年度创建达标", on=date(2024, 8, 1), **given)
    station = station_level_set(level="smart", reason="远程管理已接入", **given)
    assert station.level == "smart"
    rows = station.changes.filter(field="level").order_by("id")
    assert [(r.before, r.after, r.reason, r.on) for r in rows] == [
        ("基本型", "标杆型", "年度创建达标", date(2024, 8, 1)),
        ("标杆型", "智能化型", "远程管理已接入", cast.now.date()),
    ]
    for field, wrong in {
        "level": {"level": "basic", "reason": "不再达标"},  # a fall, which names its grounds
        "reason": {"level": "benchmark", "reason": " "},
        "on": {"level": "benchmark", "reason": "x", "on": cast.now.date() + timedelta(days=1)},
    }.items():
        with pytest.raises(FieldErrors) as refused:
            station_level_set(**wrong, **given)
        assert list(refused.value.fields) == [field]
    with pytest.raises(Forbidden):
        station_level_set(**{**given, "actor": cast.scope("clerk")}, level="benchmark", reason="自评")


def test_keepers_by_periods(cast: StationCast) -> None:
    station, scope = cast.station(), cast.scope("clerk")
    given = {"code": station.code, "actor": scope, "now": cast.now}
    keeping = keeper_appoint(user=cast.users["keeper"], start_on=OPENED, **given)
    for wrong in (
        {"user": cast.users["keeper"], "start_on": date(2024, 5, 1)},  # overlaps
        {"user": cast.users["cadre"], "start_on": OPENED},  # not a keeper
        {"user": cast.users["other_keeper"], "start_on": OPENED, "end_on": OPENED - timedelta(days=1)},
    ):
        with pytest.raises(FieldErrors):
            keeper_appoint(**wrong, **given)
    keeper_end(keepership_id=keeping.pk, end_on=date(2024, 9, 30), **given)
    with pytest.raises(Conflict):
        keeper_end(keepership_id=keeping.pk, end_on=date(2024, 10, 30), **given)
    keeper_appoint(user=cast.users["keeper"], start_on=date(2024, 10, 1), **given)
    assert Keepership.objects.count() == 2
    assert [row.after for row in station.changes.filter(field="keeper").order_by("id")] == [
        "钱站长（2024年3月1日至长期）",
        "钱站长（2024年3月1日至2024年9月30日）",
        "钱站长（2024年10月1日至长期）",
    ]


def test_hours_are_checked_row_by_row(cast: StationCast) -> None:
    station = cast.planned()
    with pytest.raises(FieldErrors) as refused:
        cast.hours(
            station,
            [
                period("09:00", "09:00"),
                period(weekdays=()),
                period(season_from=601),
                period(season_from=631, season_until=930),
                period("20:00", "08:00"),
            ],
        )
    assert set(refused.value.fields) == {f"periods.{index}" for index in range(4)}


def test_days_on_which_it_is_shut(cast: StationCast) -> None:
    station = cast.station()
    cast.kept(station)
    given = {"code": station.code, "actor": cast.scope("keeper"), "now": cast.now}
    closure = closure_add(start_on=date(2024, 10, 1), end_on=date(2024, 10, 7), reason="国庆", **given)
    for start, end, reason, where in (
        (date(2024, 10, 7), None, "装修", "start_on"),
        (date(2024, 11, 7), date(2024, 11, 6), "装修", "end_on"),
        (date(2024, 11, 7), None, " ", "reason"),
    ):
        with pytest.raises(FieldErrors) as refused:
            closure_add(start_on=start, end_on=end, reason=reason, **given)
        assert list(refused.value.fields) == [where]
    closure_end(closure_id=closure.pk, end_on=date(2024, 10, 3), **given)
    closure_add(start_on=date(2024, 10, 7), end_on=None, reason="装修", **given)
    with pytest.raises(NotFound):
        closure_add(**{**given, "actor": cast.scope("other_keeper")}, start_on=OPENED, end_on=OPENED, reason="x")


@pytest.mark.parametrize(
    "facts",
    [
        {"stars": 6},
        {"state": "open", "opened_on": None},
        {"longitude": None},
        {"level": "gold"},
        {"code": "1"},
        {"withdrawn_on": date(2024, 1, 1)},
    ],
)
def test_the_database_refuses_what_cannot_be(cast: StationCast, facts: dict) -> None:
    station = cast.station()
    with pytest.raises(IntegrityError), transaction.atomic():
        Station.objects.filter(pk=station.pk).update(**facts)
