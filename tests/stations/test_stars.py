"""The yearly stars: worked out from what happened, decided by a person; and what a neglected station loses."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from stations.care_selectors import years_of
from stations.models import Downgrade, Repair, StarRating, Station, StationChange, StationRating
from stations.services.stars import proposal_for, stars_decide, station_downgrade
from stations.star_proposal import Year
from tests.queries import queries_of
from tests.stations.care_builders import TODAY, drawn, filed
from unionportal.core.common.errors import FieldErrors, Forbidden

GROUNDS = ["closed", "broken"]


@pytest.fixture
def station(cast):
    made = cast.station()  # open since March: seven months of 2024 up to September
    cast.kept(made)
    return made


def decide(cast, station, who="staff", **facts):
    facts = {"year": 2024, "stars": 4, "reason": "自查按时，维修及时", **facts}
    return stars_decide(code=station.code, version=None, actor=cast.scope(who), now=cast.now, **facts)


def fall(cast, station, who="staff", **facts):
    facts = {"outcome": "stars", "grounds": GROUNDS, "reason": "两次到站未开门", **facts}
    return station_downgrade(code=station.code, version=None, actor=cast.scope(who), now=cast.now, **facts)


def test_the_year_is_counted_from_checks_and_repairs(cast, station):
    filed(cast, station, checked_on=date(2024, 8, 5), answers={"sign": "no"})
    filed(cast, station, checked_on=date(2024, 8, 20), answers={"water": "no"})
    filed(cast, station)
    drawn(cast, "cadre")
    filed(cast, station, who="cadre", use="spot", answers={"fire": "no"})
    year = years_of([station], 2024, TODAY)[station.pk]
    # 标识 was due on 20 August and is not mended; 饮水机 is due today, which is not late.
    assert year == Year(months=7, checked=2, spot_items=5, spot_findings=1, repairs=3, repairs_late=1)
    for stars in (5, 2):
        StationRating.objects.create(uuid=uuid4(), station=station, stars=stars, rated_on=TODAY)
    rated = years_of([station], 2024, TODAY)[station.pk]
    assert (rated.ratings, rated.ratings_sum) == (2, 7)
    assert years_of([station], 2023, TODAY)[station.pk] == Year(0, 0)
    Repair.objects.filter(item_code="sign").update(state="dropped", ended_on=TODAY)
    assert years_of([station], 2024, TODAY)[station.pk].repairs_late == 0


def test_a_person_decides_and_the_proposal_stands_beside(cast, station):
    filed(cast, station)
    rating = decide(cast, station, stars=4)
    assert (rating.stars, rating.proposed, rating.score) == (4, 1, Decimal("14.30"))
    assert rating.working[0] == ["每月自查", "开放 7 个月，自查 1 个月", "4.29", 30]
    station.refresh_from_db()
    assert station.stars == 4
    assert StationChange.objects.get(field="stars").reason == "自查按时，维修及时"
    with pytest.raises(FieldErrors, match="标出"):
        decide(cast, station)
    filed(cast, station, checked_on=TODAY - timedelta(days=5))
    rating.refresh_from_db()
    assert rating.score == Decimal("14.30")  # as it was when it was decided
    assert proposal_for(station, 2024, now=cast.now).score != rating.score


def test_an_earlier_year_decided_later_leaves_the_newer_stars(cast):
    station = cast.station(opened_on=date(2023, 6, 1))
    decide(cast, station, stars=4)
    decide(cast, station, stars=2, year=2023, reason="补评")
    station.refresh_from_db()
    assert station.stars == 4
    assert StarRating.objects.get(year=2023).stars == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"stars": 6}, "stars"), ({"reason": " "}, "reason"), ({"year": 2025}, "year"), ({"year": 2023}, "year")],
)
def test_bad_input_is_refused_at_its_field(cast, station, facts, field):
    with pytest.raises(FieldErrors) as refused:
        decide(cast, station, **facts)
    assert set(refused.value.fields) == {field}
    assert not StarRating.objects.exists()


def test_only_staff_decide(cast, station):
    for who in ("clerk", "keeper", "leader"):
        with pytest.raises(Forbidden):
            decide(cast, station, who)
        with pytest.raises(Forbidden):
            fall(cast, station, who)


def test_stars_are_lost_with_grounds(cast, station):
    decide(cast, station)
    found = fall(cast, station, stars=2)
    assert (found.before, found.after, found.grounds_words) == ("4 星", "2 星", "公示的时间不开放、设施损坏长期不修")
    station.refresh_from_db()
    assert station.stars == 2
    assert StationChange.objects.filter(field="stars").first().reason.startswith("公示的时间不开放")


def test_a_level_is_lost_down_to_basic(cast, station):
    Station.objects.filter(pk=station.pk).update(level="benchmark")
    fall(cast, station, outcome="level", level="basic")
    station.refresh_from_db()
    assert station.level == "basic"
    with pytest.raises(FieldErrors) as refused:
        fall(cast, station, outcome="level", level="basic")
    assert set(refused.value.fields) == {"outcome"}


def test_a_withdrawal_ends_the_station(cast, station):
    fall(cast, station, outcome="withdrawn", grounds=["harm"])
    station.refresh_from_db()
    assert (station.state, station.withdrawn_on) == ("withdrawn", TODAY)
    with pytest.raises(FieldErrors) as refused:
        filed(cast, station)
    assert list(refused.value.fields) == ["checked_on"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"grounds": []}, "grounds"),
        ({"grounds": ["weather"]}, "grounds"),
        ({"reason": ""}, "reason"),
        ({"outcome": "fire"}, "outcome"),
        ({"stars": 4}, "stars"),
        ({"outcome": "level", "level": "basic"}, "outcome"),
    ],
)
def test_a_fall_with_a_bad_field_changes_nothing(cast, station, facts, field):
    decide(cast, station)
    with pytest.raises(FieldErrors) as refused:
        fall(cast, station, **facts)
    assert set(refused.value.fields) == {field}
    assert not Downgrade.objects.exists()
    station.refresh_from_db()
    assert (station.stars, station.state) == (4, "open")


def test_the_pages_show_the_working_and_take_the_decision(cast, station):
    filed(cast, station)
    url = f"/stations/care/stars/2024/{station.code}/"
    content = cast.client("clerk").get(url).content.decode()
    assert "开放 7 个月，自查 1 个月" in content
    assert 'data-dialog="decide"' not in content
    staff = cast.client("staff")
    assert 'data-dialog="decide"' in staff.get(url).content.decode()
    refused = staff.post(f"{url}decide/", {"version": station.version, "stars": "3", "reason": ""})
    assert (refused.status_code, "请写明理由。" in refused.content.decode()) == (422, True)
    assert (
        staff.post(f"{url}decide/", {"version": station.version, "stars": "3", "reason": "自查不足"}).status_code == 302
    )
    assert "评定：3 星" in staff.get(url).content.decode()
    assert station.code not in staff.get("/stations/care/stars/2024/?shown=unrated").content.decode()
    station.refresh_from_db()
    sent = {"version": station.version, "outcome": "stars", "stars": "", "grounds": ["empty"], "reason": "药箱长期空着"}
    assert staff.post(f"{url}downgrade/", sent).status_code == 302
    assert "3 星 → 未评" in staff.get(url).content.decode()
    assert cast.client("neighbour").get(url).status_code == 404
    assert staff.get("/stations/care/stars/2031/").status_code == 404
    assert station.code not in staff.get("/stations/care/stars/2023/").content.decode()  # it opened in 2024
    one = queries_of(staff, "/stations/care/stars/2024/")
    for _ in range(4):
        cast.station()
    assert queries_of(staff, "/stations/care/stars/2024/") == one
