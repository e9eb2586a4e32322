"""The figures of the stations: each is the number of its rows, within the reader's reach, and counts nothing of another period."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from casework.models import Category, PublicCode
from casework.services.intake import register
from casework.sources import Source
from stations.counting import Served
from stations.figures import (
    all_day_rows,
    all_renovation_rows,
    by_township,
    event_rows,
    figures,
    level_rows,
    planned_renovation_rows,
    renovated_rows,
    report_rows,
    station_rows,
)
from stations.models import CheckInDay, Station
from stations.services import hours_set, station_level_set, station_withdraw
from stations.summary import year_summary
from tests.stations.cast import StationCast
from tests.stations.events import counted, held_event, planned_event
from tests.stations.test_building import accept, finished, money, move, propose
from unionportal.core.common.scope import PUBLIC
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit

pytestmark = pytest.mark.django_db


def year(cast: StationCast, who: str = "leader", number: int = 2024) -> Cut:
    return Cut(cast.scope(who), date(number, 1, 1), date(number, 12, 31))


def reported(cast: StationCast, station: Station, township: Unit | None = None) -> None:
    """Somebody reports something by the station's code, of its township or of another."""
    code = PublicCode.objects.get(owner_uuid=station.uuid)
    register(
        uuid=uuid4(),
        title="饮水机坏了",
        description="",
        category=Category.objects.get(code="station"),
        township=township or station.township,
        received_on=cast.now.date(),
        actor=PUBLIC,
        enterprise=None,
        source=Source(kind="code", uuid=code.uuid, label=station.name),
        moment=cast.now,
    )


def renovated(cast: StationCast, station: Station, on: date, cost: str = "12000.00") -> None:
    """A renovation of that year with its money, accepted on the day."""
    project = finished(cast, station, year=on.year)
    money(cast, project, cost, kind="spent")
    accept(cast, project, accepted_on=on)


def test_a_year_in_figures(cast: StationCast) -> None:
    first, second, gone = cast.station(), cast.station(hours=[]), cast.station()
    renovated(cast, first, date(2024, 5, 1))
    station_level_set(
        code=first.code, version=None, level="benchmark", reason="区级验收", actor=cast.scope("staff"), now=cast.now
    )
    station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"), now=cast.now)
    held_event(cast, first, attendance=30)
    held_event(cast, second, attendance=50, attendance_way="estimate", kind="lecture")
    planned_event(cast, second)
    counted(cast, first, 120)
    counted(cast, second, 80, way="estimate", basis="按电量")
    CheckInDay.objects.create(station=second, day=date(2024, 9, 1), number=9)
    CheckInDay.objects.create(station=second, day=date(2023, 9, 1), number=1)
    reported(cast, first)

    found = figures(year(cast))
    assert (found.stations, found.basic, found.benchmark, found.all_day) == (2, 1, 1, 1)
    assert (found.opened, found.withdrawn, found.renovated) == (3, 1, 1)
    assert (found.events, found.six_gifts, found.attendance, found.attendance_estimated) == (2, 1, 30, 50)
    assert found.cost == Decimal("400.00")
    assert found.served == Served(120, 9, 80)
    assert found.reports == 1
    cut = year(cast)
    rows = (station_rows(cut), event_rows(cut), renovated_rows(cut), report_rows(cut))
    assert [each.count() for each in rows] == [found.stations, found.events, found.renovated, found.reports]
    before = figures(year(cast, number=2023))
    assert (before.stations, before.events, before.reports, before.served) == (0, 0, 0, Served(check_in=1))


def test_a_period_that_is_over_keeps_the_levels_of_its_last_day(cast: StationCast) -> None:
    station = cast.station()
    changed = {"code": station.code, "version": None, "actor": cast.scope("staff"), "now": cast.now}
    station_level_set(level="smart", reason="区级验收", on=date(2024, 9, 1), **changed)
    hours_set(open_all_day=True, periods=[], **changed)
    summer, today = (Cut(cast.scope("leader"), date(2024, 6, 1), day) for day in (date(2024, 8, 31), date(2024, 9, 4)))
    assert [(figures(cut).smart, figures(cut).basic, figures(cut).all_day) for cut in (summer, today)] == [
        (0, 1, 0),
        (1, 0, 1),
    ]
    assert [(level_rows(cut, "smart").count(), all_day_rows(cut).count()) for cut in (summer, today)] == [
        (0, 0),
        (1, 1),
    ]
    assert [by_township(cut, [cast.jishan])[0].smart for cut in (summer, today)] == [0, 1]
    year_before = year_summary([cast.jishan], 2024, date(2024, 8, 31)).total
    assert (year_before.smart, year_before.all_day) == (0, 0), "the register's own summary says the same"


def test_each_township_has_its_own_and_they_add_up(cast: StationCast) -> None:
    here = cast.station()
    held_event(cast, here)
    counted(cast, here, 12)
    reported(cast, here)
    reported(cast, here, cast.fusheng)
    cut = year(cast)
    lines = by_township(cut, [cast.jishan, cast.fusheng])
    assert [(line.stations, line.events, line.reports) for line in lines] == [(1, 1, 2), (0, 0, 0)]
    assert [report_rows(replace(cut, township=each)).count() for each in (cast.jishan, cast.fusheng)] == [2, 0]
    assert [line.served for line in lines] == [Served(tally=12), Served()]
    assert figures(cut).served == Served(tally=12)
    assert figures(year(cast, "neighbour")).stations == 0
    assert figures(year(cast, "clerk")).served == Served(tally=12)


def test_figures_cost_the_same_however_many_stations(cast: StationCast, django_assert_num_queries) -> None:
    cast.station()
    cut = year(cast)
    with django_assert_num_queries(8):
        figures(cut)
    for _ in range(5):
        held_event(cast, cast.station())
    with django_assert_num_queries(8):
        figures(cut)


def test_a_cancelled_renovation_is_planned_no_longer_and_a_new_station_is_none(cast: StationCast) -> None:
    renovated(cast, cast.station(), date(2024, 5, 1))
    propose(cast, cast.station(), year=2025)
    move(cast, propose(cast, cast.station()), "cancel", note="资金不到位")
    propose(cast)
    found = figures(year(cast))
    assert (found.renovated, found.renovations_planned, found.renovations_planned_ever) == (1, 1, 2)
    cut = year(cast)
    rows = (renovated_rows(cut), planned_renovation_rows(cut), all_renovation_rows(cut))
    assert [each.count() for each in rows] == [1, 1, 2]
    assert [line.renovated for line in by_township(cut, [cast.jishan, cast.fusheng])] == [1, 0]
    assert figures(year(cast, "neighbour")).renovations_planned_ever == 0
