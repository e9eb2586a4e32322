"""Supplies of a station: what is entered, counted, warned of; who may."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from stations.care_selectors import supplies_wanting, warning_of
from stations.models import Supply, SupplyChange
from stations.services.supplies import supply_add, supply_count, supply_remove
from tests.stations.care_builders import TODAY
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion


@pytest.fixture
def station(cast):
    made = cast.station()
    cast.kept(made)
    return made


def add(cast, station, who="keeper", **facts):
    facts = {
        "uuid": uuid4(),
        "kind": "medicine",
        "name": "藿香正气水",
        "unit": "盒",
        "quantity": 10,
        "least": 3,
        "expires_on": date(2025, 8, 31),
        **facts,
    }
    return supply_add(station=station.code, actor=cast.scope(who), now=cast.now, **facts)


def count(cast, supply, quantity, reason="used", version=None, who="keeper"):
    return supply_count(
        supply_id=supply.pk, reason=reason, quantity=quantity, version=version, actor=cast.scope(who), now=cast.now
    )


def test_every_change_is_kept(cast, station):
    supply = add(cast, station)
    count(cast, supply, 4)
    count(cast, supply, 20, "stocked")
    rows = SupplyChange.objects.order_by("pk").values_list("reason", "before", "after")
    assert list(rows) == [("stocked", 0, 10), ("used", 10, 4), ("stocked", 4, 20)]


def test_a_repeat_of_the_same_form_is_one_row(cast, station):
    uuid = uuid4()
    assert add(cast, station, uuid=uuid) == add(cast, station, uuid=uuid)
    assert Supply.objects.count() == SupplyChange.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"expires_on": None}, "expires_on"),
        ({"name": " "}, "name"),
        ({"unit": ""}, "unit"),
        ({"quantity": 100_001}, "quantity"),
        ({"least": -1}, "least"),
        ({"kind": "gold"}, "kind"),
    ],
)
def test_bad_input_is_refused_at_its_field(cast, station, facts, field):
    with pytest.raises(FieldErrors) as refused:
        add(cast, station, **facts)
    assert set(refused.value.fields) == {field}
    assert not Supply.objects.exists()


def test_the_same_medicine_of_another_day_is_another_row(cast, station):
    add(cast, station)
    add(cast, station, expires_on=date(2026, 1, 31))
    with pytest.raises(FieldErrors, match="标出"):
        add(cast, station)


@pytest.mark.parametrize(
    ("reason", "quantity", "field"),
    [("used", 10, "quantity"), ("stocked", 10, "quantity"), ("used", -1, "quantity"), ("stolen", 1, "reason")],
)
def test_a_count_that_cannot_be_is_refused(cast, station, reason, quantity, field):
    supply = add(cast, station)
    with pytest.raises(FieldErrors) as refused:
        count(cast, supply, quantity, reason)
    assert set(refused.value.fields) == {field}
    supply.refresh_from_db()
    assert supply.quantity == 10


def test_only_what_is_used_up_leaves_the_list(cast, station):
    supply = add(cast, station)
    with pytest.raises(InvalidTransition):
        supply_remove(supply_id=supply.pk, version=1, actor=cast.scope("keeper"))
    count(cast, supply, 0)
    with pytest.raises(StaleVersion):
        supply_remove(supply_id=supply.pk, version=1, actor=cast.scope("keeper"))
    supply_remove(supply_id=supply.pk, version=2, actor=cast.scope("clerk"))
    assert not Supply.objects.in_stock().exists()
    assert add(cast, station).pk != supply.pk  # may come again


@pytest.mark.parametrize(
    ("who", "error"), [("other_keeper", NotFound), ("neighbour", NotFound), ("leader", Forbidden), ("cadre", Forbidden)]
)
def test_others_do_not_touch_the_stock(cast, station, who, error):
    with pytest.raises(error):
        add(cast, station, who)


@pytest.mark.parametrize(
    ("expires_in", "quantity", "words", "tone"),
    [
        (-12, 5, "已过期 12 天", "late"),
        (0, 5, "今天到期", "warn"),
        (30, 5, "还有 30 天到期", "warn"),
        (31, 5, "", "ok"),
        (31, 2, "不足 3 盒", "warn"),
        (-12, 0, "不足 3 盒", "warn"),  # nothing is left to throw away
    ],
)
def test_what_is_warned_of(cast, station, expires_in, quantity, words, tone):
    supply = add(cast, station, expires_on=TODAY + timedelta(days=expires_in), quantity=quantity)
    warned = warning_of(supply, TODAY)
    assert (warned.words, warned.tone) == (words, tone)
    assert supplies_wanting(cast.scope("keeper"), TODAY).exists() is bool(words)
    assert not supplies_wanting(cast.scope("neighbour"), TODAY).exists()


def test_the_keeper_works_on_the_page(cast, station):
    url = f"/stations/care/supplies/{station.code}/"
    client = cast.client("keeper")
    sent = {"uuid": str(uuid4()), "kind": "drink", "name": "瓶装水", "unit": "箱", "quantity": "12", "least": "2"}
    assert client.post(f"{url}add/", sent).status_code == 302
    supply = Supply.objects.get()
    chosen = {"supply": f"{supply.pk}.{supply.version}", "reason": "used", "quantity": "1"}
    assert client.post(f"{url}count/", chosen).status_code == 302
    assert "不足 2 箱" in client.get(url).content.decode()
    stale = client.post(f"{url}count/", chosen | {"quantity": "0"})
    assert stale.status_code == 422  # the row chosen is no longer as it was
    assert "不足 2 箱" in client.get("/stations/care/supplies/").content.decode()
    assert cast.client("neighbour").get(url).status_code == 404
    assert 'data-dialog="add"' in client.get(url).content.decode()
    assert 'data-dialog="add"' not in cast.client("leader").get(url).content.decode()
