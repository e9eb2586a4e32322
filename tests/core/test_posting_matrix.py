"""The grid of a year: who had which township when."""

from datetime import date, datetime

import pytest

from tests.people import client_for, scope_of
from tests.queries import queries_of
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.services import posting_create, posting_hand_over
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI


@pytest.fixture(autouse=True)
def in_2024():
    with clock.at(datetime(2024, 9, 12, 15, tzinfo=SHANGHAI)):
        yield


def grid(user, query: str = "") -> dict[str, dict[str, list[tuple[str, bool]]]]:
    """Cadre -> township or enterprise -> (days, in force today)."""
    matrix = client_for(user).get(f"/postings/matrix/?{query}").context["matrix"]
    found = {}
    for row in matrix.rows:
        cells = {name: [(span.words, span.is_current) for span in spans] for name, spans in row.cells if spans}
        cells |= {span.target: [(span.words, span.is_current)] for span in row.enterprises}
        found[row.cadre.display_name] = cells
    return found


def test_a_year_with_a_hand_over_a_short_posting_and_an_enterprise(district):
    staff, enterprise = district.staff(), district.enterprise(1)
    leaver = district.cadre(name="陈离任")
    successor = district.cadre([district.township("330602108")], [enterprise], name="王接任")
    posting_hand_over(
        posting=Posting.objects.get(cadre=leaver), successor=successor, on=date(2024, 9, 1), actor=scope_of(staff)
    )
    short = {"start_on": date(2024, 3, 1), "end_on": date(2024, 4, 30)}
    posting_create(cadre=leaver, township=district.township("330602007"), actor=scope_of(staff), **short)
    assert grid(staff) == {
        "陈离任": {"稽山街道": [("至8月31日", False)], "迪荡街道": [("3月1日至4月30日", False)]},
        "王接任": {"稽山街道": [("9月1日起", True)], "富盛镇": [("全年", True)], enterprise.name: [("全年", True)]},
    }
    assert grid(staff, "year=2023")["陈离任"] == {"稽山街道": [("4月1日起", False)]}
    assert "陈离任" not in grid(staff, "year=2025")


def test_a_year_that_is_none_opens_this_one(district):
    district.cadre()
    client = client_for(district.staff())
    for year in ("1066", "moon", "", "99999999999999999999999"):
        assert client.get(f"/postings/matrix/?year={year}").context["year"] == 2024
    assert client.get("/postings/matrix/").context["years"] == [2025, 2024, 2023]


def test_everybody_sees_their_part(district):
    away = district.township("330602108")
    here, there = district.cadre(name="陈在此"), district.cadre([away], name="王在彼")
    assert set(grid(here)) == set(grid(district.township_clerk())) == {"陈在此"}
    assert set(grid(there)) == set(grid(district.township_clerk(away))) == {"王在彼"}
    assert client_for(district.handler()).get("/postings/matrix/").status_code == 403


def test_the_grid_costs_the_same_for_one_and_for_twenty(district):
    client = client_for(district.staff())
    district.cadre()
    few = queries_of(client, "/postings/matrix/")
    for n in range(1, 20):
        district.cadre(None if n % 2 else [], None if n % 2 else [district.enterprise(n)])
    assert queries_of(client, "/postings/matrix/") == few
