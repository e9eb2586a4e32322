"""`/api/v1/rollups/` and the rows behind its figures, asked by the people who may and those who may not."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.people import District, client_for
from tests.rollups.histories import Player
from tests.rollups.test_figures import received, refresh_on

URL = "/api/v1/rollups/"
SEPTEMBER = {"period": "month", "start": "2024-09-01"}


@pytest.fixture
def september(district: District) -> Player:
    """Three issues of September 2024: two of 稽山 (one resolved), one of 迪荡 about safety."""
    player = Player(district)
    player.close(received(player, date(2024, 9, 3)))
    received(player, date(2024, 9, 4))
    received(player, date(2024, 9, 5), township="330602007", category="safety")
    refresh_on(date(2024, 10, 8))
    return player


def results(client: Any, url: str = URL, **query: str) -> list[dict[str, Any]]:
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert set(body) == {"next", "previous", "results"}
    return body["results"]


def test_a_leader_reads_the_district_and_its_townships(september: Player) -> None:
    rows = results(client_for(september.district.leader()), **SEPTEMBER)
    assert [(row["unit"], row["received"]) for row in rows] == [
        ("330602", 3),
        ("330602006", 2),
        ("330602007", 1),
        ("330602108", 0),
    ]
    whole = rows[0]
    assert whole["category"] is None
    assert (whole["period"], whole["start"], whole["revision"], whole["status"]) == ("month", "2024-09-01", 0, "live")
    assert (whole["resolved"], whole["open_at_end"]) == (1, 2)
    assert whole["rates"]["resolution"] == {"numerator": 1, "denominator": 3, "value": "33.33"}
    assert whole["rates"]["redo"] == {"numerator": 0, "denominator": 1, "value": "0.00"}
    assert rows[3]["rates"]["resolution"] == {"numerator": 0, "denominator": 0, "value": None}


def test_without_start_all_periods_oldest_first(september: Player) -> None:
    rows = results(client_for(september.district.staff()), period="month", unit="330602")
    assert [row["start"] for row in rows] == ["2024-09-01", "2024-10-01"]
    rows = results(client_for(september.district.staff()), period="year")
    assert {row["start"] for row in rows} == {"2024-01-01"}


def test_a_category_has_its_own_rows(september: Player) -> None:
    rows = results(client_for(september.district.staff()), **SEPTEMBER, unit="330602", category="safety")
    assert [(row["category"], row["received"]) for row in rows] == [("safety", 1)]


def test_the_total_is_one_row_a_unit_from_the_first_issue_on(september: Player) -> None:
    player = september
    player.day = date(2024, 10, 20)
    player.close(received(player, date(2024, 10, 10)))
    refresh_on(player.day)
    client = client_for(player.district.staff())
    rows = results(client, period="total")
    assert [(row["unit"], row["received"]) for row in rows] == [
        *(("330602", 4), ("330602006", 3)),
        *(("330602007", 1), ("330602108", 0)),
    ]
    whole = rows[0]
    assert (whole["period"], whole["start"], whole["open_at_end"]) == ("total", "2024-09-01", 2)
    assert whole["rates"]["resolution"] == {"numerator": 2, "denominator": 4, "value": "50.00"}
    assert sum(row["resolved"] for row in results(client, period="month", unit="330602")) == whole["resolved"]
    (before,) = results(client, period="total", unit="330602", as_of="2024-10-08")
    assert (before["received"], before["status"]) == (3, "known")
    assert len(results(client, before["rows"].removeprefix("http://testserver"))) == 3


@pytest.mark.parametrize(
    "query",
    [
        *({"period": period} for period in ("month", "quarter", "year", "total")),
        {"period": "month", "category": "safety"},
        {"period": "quarter", "category": "policy"},
        {"period": "total", "category": "policy"},
    ],
    ids=lambda query: "-".join(query.values()),
)
def test_every_row_opens_to_the_issues_it_counts(september: Player, query: dict[str, str]) -> None:
    client = client_for(september.district.staff())
    counted: Counter[str] = Counter()
    for row in results(client, **query):
        row["closed"] = row["resolved"]  # the only outcome there is
        link = row["rows"]
        assert link.startswith("http://testserver/api/v1/rollups/rows/?")
        assert link.endswith("measure=received")
        for measure in (
            "received",
            "resolved",
            "open_at_end",
            "assigned",
            "answered_ever",
            "closed",
            "closed_in_period",
        ):
            opened = results(client, link.removeprefix("http://testserver").replace("received", measure))
            assert len(opened) == row[measure], (row["unit"], row["start"], measure)
            counted[measure] += row[measure]
    nothing = (
        {"resolved", "assigned", "answered_ever", "closed", "closed_in_period"} if "safety" in query.values() else set()
    )
    assert {measure for measure, number in counted.items() if not number} == nothing, (
        "what counts nothing proves nothing"
    )


def test_a_township_reads_its_own_row_and_no_other(september: Player) -> None:
    client = client_for(september.district.township_clerk())
    assert [(row["unit"], row["received"]) for row in results(client, **SEPTEMBER)] == [("330602006", 2)]
    assert len(results(client, f"{URL}rows/", **SEPTEMBER)) == 2
    for url in (URL, f"{URL}rows/"):
        for unit in ("330602", "330602007", "999"):
            assert client.get(url, {**SEPTEMBER, "unit": unit}).status_code == 404


def test_nobody_else_reads_figures(september: Player) -> None:
    for role, person in september.district.everybody().items():
        expected = 200 if role in ("leader", "staff", "township") else 403
        client = client_for(person)
        assert client.get(URL, SEPTEMBER).status_code == expected, role
        assert client.get(f"{URL}rows/", SEPTEMBER).status_code == expected, role


def test_a_stranger_is_asked_to_sign_in(september: Player, client: Any) -> None:
    assert client.get(URL).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "week"}, "period"),
        ({"period": "month", "start": "2024-09-02"}, "start"),
        ({"period": "quarter", "start": "2024-09-01"}, "start"),
        ({"start": "September"}, "start"),
        ({"category": "nothing"}, "category"),
        ({"period": "total", "start": "2024-09-01"}, "start"),
        ({"period": "total", "state": "frozen"}, "state"),
    ],
)
def test_a_wrong_question_is_told_at_its_field(september: Player, query: dict[str, str], field: str) -> None:
    answer = client_for(september.district.staff()).get(URL, query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]


def test_a_drill_down_needs_a_period_and_a_known_measure(september: Player) -> None:
    client = client_for(september.district.staff())
    assert "start" in client.get(f"{URL}rows/").json()["fields"]
    assert "measure" in client.get(f"{URL}rows/", {**SEPTEMBER, "measure": "happiness"}).json()["fields"]


def test_pages_follow_one_another(september: Player) -> None:
    client = client_for(september.district.staff())
    seen, url = [], f"{URL}?period=month&limit=3"
    while url:
        body = client.get(url).json()
        seen += [(row["start"], row["unit"]) for row in body["results"]]
        url = body["next"]
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen)


@pytest.mark.parametrize("path", ["rollups/", "rollups/rows/", "figures/"])
def test_a_parameter_nobody_knows_is_refused_by_name(september: Player, path: str) -> None:
    answer = client_for(september.district.staff()).get(f"/api/v1/{path}", {**SEPTEMBER, "cadre": "9"})
    body = answer.json()
    assert answer.status_code == 400
    assert set(body) == {"code", "detail"}
    assert "cadre" in body["detail"].split("。")[0]


def test_every_parameter_there_is_stays_accepted(september: Player) -> None:
    client = client_for(september.district.staff())
    cell = {
        **SEPTEMBER,
        "unit": "330602",
        "category": "policy",
        "state": "live",
        "as_of": "",
        "limit": "5",
        "format": "json",
    }
    assert results(client, URL, **cell)
    rows = {**cell, "measure": "received", "revisions": "0"}
    assert len(results(client, f"{URL}rows/", **rows)) == 2
    following = client.get(URL, {"period": "month", "limit": "1"}).json()["next"]
    assert "cursor=" in following
    assert results(client, following)
    assert client.get("/api/v1/figures/", {"format": "json"}).status_code == 200
