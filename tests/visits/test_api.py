"""Visits over the API: who sees which, and how one is logged."""

from datetime import date

import pytest

from casework.models import Issue
from tests.people import client_for, credit_code
from tests.visits.builders import api_data, api_issue, issue_input, logged
from visits.models import Visit
from visits.services import MAX_ISSUES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
URL = "/api/v1/visits/"


@pytest.fixture
def cadre(district):
    return district.cadre()


@pytest.fixture
def factory(district):
    return district.enterprise(1)


def post(user, data):
    return client_for(user).post(URL, data, content_type="application/json")


def test_first_201_repeat_200_other_content_409(cadre, factory):
    data = api_data(factory, issues=[api_issue()])
    first = post(cadre, data)
    assert first.status_code == 201
    assert first.json()["checks"] == {
        "morale": "good",
        "vitality": "not_seen",
        "employment": "problem",
        "assistance": "not_seen",
        "rights": "not_seen",
    }
    assert [issue["category"] for issue in first.json()["issues"]] == ["dues_refund"]
    again = post(cadre, data)
    assert (again.status_code, again.json()) == (200, first.json())
    other = post(cadre, data | {"narrative": "别的内容"})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 1)


def test_more_issues_than_anybody_counts_on_are_stored_and_one_too_many_stores_nothing(cadre, factory):
    refused = post(cadre, api_data(factory, issues=[api_issue() for _ in range(MAX_ISSUES + 1)]))
    assert (refused.status_code, refused.json()["fields"].keys()) == (400, {"issues"})
    assert (Visit.objects.count(), Issue.objects.count()) == (0, 0)
    assert post(cadre, api_data(factory, issues=[api_issue() for _ in range(25)])).status_code == 201
    assert Issue.objects.count() == 25


def test_repeat_is_answered_even_after_the_week_was_submitted(cadre, factory):
    data = api_data(factory)
    post(cadre, data)
    client_for(cadre).post("/journals/2024-W37/", {"version": "1", "reflections": "", "next_plan": ""})
    assert post(cadre, data).status_code == 200
    assert post(cadre, api_data(factory)).json()["fields"].keys() == {"visited_on"}


def test_repeat_of_the_first_content_after_an_edit_is_the_edited_row(cadre, factory):
    data = api_data(factory)
    post(cadre, data)
    Visit.objects.update(narrative="改过")
    assert post(cadre, data).json()["narrative"] == "改过"


def test_every_wrong_field_is_named_at_once_and_nothing_is_stored(cadre, factory):
    answer = post(
        cadre,
        api_data(
            factory,
            visited_on="2024-09-13",
            kind="party",
            checks={"morale": "fine", "weather": "good"},
            issues=[api_issue(), api_issue(title="", category="nonsense")],
        ),
    )
    assert answer.status_code == 400
    assert answer.json()["fields"].keys() == {
        "visited_on",
        "kind",
        "checks.morale",
        "checks.weather",
        "issues.1.title",
        "issues.1.category",
    }
    assert not Visit.objects.exists()
    assert not Issue.objects.exists()


def test_wrong_types_are_named_in_chinese(cadre, factory):
    answer = post(cadre, api_data(factory, id="one", visited_on="昨天", issues=[{"id": "x"}]))
    fields = answer.json()["fields"]
    assert answer.status_code == 400
    assert {"id", "visited_on", "issues.0.id"} <= fields.keys()
    assert all(any("一" <= c <= "鿿" for c in message) for message in fields.values())


def test_unknown_and_malformed_credit_codes(cadre):
    assert (
        "台账里没有"
        in post(cadre, api_data(enterprise=None) | {"enterprise": credit_code(88)}).json()["fields"]["enterprise"]
    )
    assert "18 位" in post(cadre, api_data() | {"enterprise": "123"}).json()["fields"]["enterprise"]


def test_township_that_is_not_the_enterprises(cadre, factory):
    answer = post(cadre, api_data(factory, township="330602007"))
    assert "与所填镇街不一致" in answer.json()["fields"]["enterprise"]


def test_issue_id_taken_by_another_issue(cadre, factory):
    taken = api_issue()
    post(cadre, api_data(factory, issues=[taken]))
    answer = post(cadre, api_data(factory, issues=[taken]))
    assert answer.status_code == 400
    assert answer.json()["fields"].keys() == {"issues.0.id"}
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 1)


def test_same_issue_twice_in_one_visit(cadre, factory):
    twice = api_issue()
    assert "issues.1.id" in post(cadre, api_data(factory, issues=[twice, twice])).json()["fields"]


@pytest.mark.parametrize("role", ["staff", "leader", "township_clerk"])
def test_readers_may_not_log(district, factory, role):
    answer = post(getattr(district, role)(), api_data(factory))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_who_sees_a_visit(district, cadre, factory):
    visit = logged(cadre, factory, issues=(issue_input(),))
    seen = {
        "owner": client_for(cadre).get(f"{URL}{visit.pk}/").status_code,
        "colleague": client_for(district.cadre()).get(f"{URL}{visit.pk}/").status_code,
        "clerk": client_for(district.township_clerk()).get(f"{URL}{visit.pk}/").status_code,
        "clerk elsewhere": client_for(district.township_clerk(district.township("330602108")))
        .get(f"{URL}{visit.pk}/")
        .status_code,
        "staff": client_for(district.staff()).get(f"{URL}{visit.pk}/").status_code,
        "handler": client_for(district.handler()).get(f"{URL}{visit.pk}/").status_code,
    }
    assert seen == {"owner": 200, "colleague": 404, "clerk": 200, "clerk elsewhere": 404, "staff": 200, "handler": 403}


def test_list_takes_the_filters_of_the_page(district, cadre, factory):
    early = logged(cadre, factory, on=date(2024, 9, 3), narrative="安全生产检查")
    late = logged(cadre, factory, on=date(2024, 9, 10), checks={"rights": "problem"})
    client = client_for(district.staff())

    def ids(query: str) -> list[str]:
        return [row["id"] for row in client.get(f"{URL}?{query}").json()["results"]]

    assert ids("") == [str(late.pk), str(early.pk)]
    assert ids("until=2024-09-05") == [str(early.pk)]
    assert ids("problem=1") == [str(late.pk)]
    assert ids("q=安全生产") == [str(early.pk)]
    assert ids(f"cadre={cadre.username}&township=330602006&limit=1") == [str(late.pk)]
    assert ids("township=330602108") == []
