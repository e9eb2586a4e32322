"""Coverage: key enterprises without a cadre or without a visit for long; every count opens exactly its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.people import POSTED_SINCE, client_for
from tests.queries import queries_of
from tests.visits.builders import TODAY, logged
from unionportal.core.accounts.models import Posting
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.services import parameter_set

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def places(district):
    """稽山街道 has a cadre and three key enterprises, one of them called on; 富盛镇 has one that is nobody's; one is no key enterprise."""
    cadre = district.cadre(name="陈驻点")
    away = district.township("330602108")
    fresh, stale, never = (district.enterprise(n, is_key=True) for n in (1, 2, 3))
    nobodys = district.enterprise(4, is_key=True, township=away)
    district.enterprise(5)
    logged(cadre, fresh, TODAY - timedelta(days=3))
    logged(cadre, stale, TODAY - timedelta(days=40))
    return {"cadre": cadre, "fresh": fresh, "stale": stale, "never": never, "nobodys": nobodys}


def listed(user, query: str = "") -> list[int]:
    page = client_for(user).get(f"/coverage/?{query}").context["page"]
    return sorted(enterprise.pk for enterprise in page.items)


def ids(places, *names: str) -> list[int]:
    return sorted(places[name].pk for name in names)


def test_the_page_opens_with_what_lacks_something(district, places):
    assert listed(district.leader()) == ids(places, "stale", "never", "nobodys")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("gap=unposted", ("nobodys",)),
        ("gap=unvisited", ("stale", "never", "nobodys")),
        ("gap=never", ("never", "nobodys")),
        ("gap=all", ("fresh", "stale", "never", "nobodys")),
        ("gap=unvisited&weeks=8", ("never", "nobodys")),
        ("gap=unvisited&weeks=4&township=330602006", ("stale", "never")),
        ("gap=all&q=第2", ("stale",)),
    ],
)
def test_the_filters(district, places, query, names):
    assert listed(district.staff(), query) == ids(places, *names)


def test_the_parameter_says_what_long_means(district, places):
    parameter_set(key="visits.key_gap_days", value="60", effective_on=TODAY, reason="", actor=SYSTEM)
    assert listed(district.staff(), "gap=unvisited") == ids(places, "never", "nobodys")


def test_every_count_opens_exactly_so_many_rows(district, places):
    client = client_for(district.staff())
    page = client.get("/coverage/?weeks=4").content.decode()
    links = re.findall(r'<a href="(\?[^"]*township=[^"]*)">(\d+)</a>', page)
    tiles = re.findall(r'<a href="(\?[^"]*)" class="card tile".*?tile-value">(\d+)<', page)
    assert len(tiles) == 4
    assert len(links) == 7  # two townships of four counts, but that one has nobody without a cadre
    for address, number in links + tiles:
        assert len(client.get(f"/coverage/{unescape(address)}").context["page"].items) == int(number), address


def test_everybody_sees_their_part(district, places):
    away = district.township("330602108")
    other = district.cadre([], [district.enterprise(2)])
    assert listed(district.township_clerk(away), "gap=all") == ids(places, "nobodys")
    assert listed(places["cadre"], "gap=all") == ids(places, "fresh", "stale", "never")
    assert listed(other, "gap=all") == ids(places, "stale")


def test_a_posting_counts_while_it_is_in_force_and_its_cadre_active(district, places):
    staff, nobodys = district.staff(), places["nobodys"]
    ahead = Posting.objects.create(
        cadre=district.cadre([]), enterprise=nobodys, start_on=TODAY + timedelta(days=1), end_on=None
    )
    assert listed(staff, "gap=unposted") == ids(places, "nobodys")
    ahead.start_on = POSTED_SINCE
    ahead.save()
    assert listed(staff, "gap=unposted") == []
    ahead.cadre.is_active = False
    ahead.cadre.save()
    assert listed(staff, "gap=unposted") == ids(places, "nobodys")


def test_buttons_are_for_those_who_may(district, places):
    log, post = f"/visits/new/?enterprise={places['never'].credit_code}", "/postings/new/?enterprise="
    staff, leader, cadre, clerk = (
        client_for(user).get("/coverage/").content.decode()
        for user in (district.staff(), district.leader(), places["cadre"], district.township_clerk())
    )
    assert f"{post}{places['nobodys'].pk}" in staff
    assert log not in staff
    assert log in cadre
    assert post not in cadre + leader + clerk
    assert log not in leader + clerk


def test_the_button_brings_the_enterprise_along(district, places):
    page = client_for(district.staff()).get(f"/postings/new/?enterprise={places['nobodys'].pk}").content.decode()
    assert places["nobodys"].name in page
    assert re.search(rf'name="enterprise"[^>]*value="{places["nobodys"].pk}"', page)


def test_a_filter_nobody_knows_is_told_at_its_field(district, places):
    answer = client_for(district.staff()).get("/coverage/?gap=moon&weeks=nine")
    assert answer.status_code == 200
    assert set(answer.context["filter"].form.errors) == {"gap", "weeks"}


def test_the_page_costs_the_same_for_one_and_for_twenty(district):
    client = client_for(district.staff())
    district.cadre([district.township()], [district.enterprise(1, is_key=True)])
    few = queries_of(client, "/coverage/?gap=all")
    for n in range(2, 21):
        district.enterprise(n, is_key=True)
    district.cadre([district.township()], [district.enterprise(2)])
    assert queries_of(client, "/coverage/?gap=all") == few
