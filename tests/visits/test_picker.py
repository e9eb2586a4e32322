"""The enterprise picker: 汉字, full pinyin, initials; what is offered first."""

from datetime import date

import pytest

from tests.people import client_for
from tests.visits.builders import issue_input, logged
from visits.picker import marks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
JSON = {"Accept": "application/json"}


@pytest.fixture
def cadre(district):
    return district.cadre([district.township(), district.township("330602007")])


@pytest.fixture
def client_of(cadre):
    return client_for(cadre)


@pytest.fixture
def register(district):
    """Two enterprises with the initials gdx, one far away with the same."""
    return (
        district.enterprise(1, name="光典芯元微电子（演示）", is_key=True),
        district.enterprise(2, name="广德新越纺织（演示）", township=district.township("330602007")),
        district.enterprise(3, name="光电新研仪器（演示）", township=district.township("330602108")),
    )


def labels(client, text: str) -> list[str]:
    return [row["label"] for row in client.get("/visits/picker/", {"q": text}, headers=JSON).json()["results"]]


@pytest.mark.parametrize("text", ["光典", "gdxy", "GDXY", "guangdian", "guang dian xin", "微电子", "dianxin"])
def test_found_by_characters_pinyin_and_initials(client_of, register, text):
    assert register[0].name in labels(client_of, text)


def test_only_own_postings(client_of, register):
    assert set(labels(client_of, "gd")) == {register[0].name, register[1].name}


def test_nothing_found(client_of, register):
    assert labels(client_of, "zzz") == []


def test_row_says_township_last_visit_open_issues_and_key(client_of, cadre, register):
    logged(cadre, register[0], on=date(2024, 8, 8), issues=(issue_input(),))
    row = client_of.get("/visits/picker/?q=gdxy", headers=JSON).json()["results"][0]
    assert row["detail"] == "稽山街道 · 上次 8月8日 · 在办诉求 1"
    assert row["chips"] == [{"label": "重点", "tone": "brand"}]
    assert row["id"] == register[0].credit_code
    other = client_of.get("/visits/picker/?q=广德", headers=JSON).json()["results"][0]
    assert other["detail"] == "迪荡街道 · 从未走访"


def test_last_visit_of_another_year_says_the_year(client_of, cadre, register):
    logged(cadre, register[0], on=date(2023, 8, 8))
    assert "上次 2023年8月8日" in client_of.get("/visits/picker/?q=gdxy", headers=JSON).json()["results"][0]["detail"]


def test_recently_visited_comes_before_the_others(client_of, cadre, register):
    assert labels(client_of, "gd")[0] == register[0].name
    logged(cadre, register[1])
    assert labels(client_of, "gd")[0] == register[1].name


def test_before_typing_recents_then_key_enterprises_waiting_longest(client_of, cadre, district, register):
    waiting = district.enterprise(4, name="久候机械（演示）", is_key=True)
    logged(cadre, register[0], on=date(2024, 1, 10))
    for number in range(5, 10):
        logged(cadre, district.enterprise(number))
    rows = client_of.get("/visits/picker/", headers=JSON).json()["results"]
    assert [row["group"] for row in rows] == ["最近走访"] * 5 + ["久未走访的重点企业"] * 2
    assert [row["label"] for row in rows[5:]] == [waiting.name, register[0].name]


def test_without_scripts_it_is_a_page_of_links(client_of, register):
    page = client_of.get("/visits/picker/?q=gdxy", headers={"Accept": "text/html"}).content.decode()
    assert f"/visits/new/?enterprise={register[0].credit_code}" in page
    assert register[0].name in client_of.get(f"/visits/new/?enterprise={register[0].credit_code}").content.decode()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("光典芯元微电子（演示）", "gdxy", [[0, 4]]),
        ("光典芯元微电子（演示）", "dianxin", [[1, 3]]),
        ("光典芯元微电子（演示）", "微电子", [[4, 7]]),
        ("越城ABC机械（演示）", "abc", [[2, 5]]),
        ("越城（北）机械", "jx", [[5, 7]]),
        ("越城机械", "zz", []),
        ("越城机械", "", []),
    ],
)
def test_marks(name, text, expected):
    assert marks(name, text) == expected
