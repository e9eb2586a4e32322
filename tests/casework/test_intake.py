"""Registration by hand: who may, for where, and what is refused at which field."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casework.models import Issue
from casework.sources import Source
from tests.casework.cast import Cast
from unionportal.core.accounts.models import Posting
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors


def payload(cast: Cast, **changes) -> dict:
    facts = {
        "id": str(uuid4()),
        "title": "返还款未到账",
        "description": "企业不了解申领流程。",
        "category": "dues_refund",
        "township": cast.jishan.code,
        "enterprise": cast.plant.credit_code,
        "received_on": "2024-09-04",
    }
    return {**facts, **changes}


def register(cast: Cast, who: str, **changes):
    return cast.client(who).post("/api/v1/issues/", payload(cast, **changes), content_type="application/json")


@pytest.mark.parametrize("who", ["staff", "registrar", "clerk"])
def test_staff_cadre_and_township_register(cast: Cast, who: str) -> None:
    answer = register(cast, who)
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["code"], body["state"], body["township"]) == ("YC-2024-000001", "registered", "330602006")
    assert [event["action"] for event in body["events"]] == ["register"]


@pytest.mark.parametrize("who", ["leader", "handler"])
def test_others_do_not(cast: Cast, who: str) -> None:
    assert register(cast, who).status_code == 403
    assert not Issue.objects.exists()


def test_the_township_comes_with_the_enterprise(cast: Cast) -> None:
    facts = payload(cast)
    del facts["township"]
    answer = cast.client("staff").post("/api/v1/issues/", facts, content_type="application/json")
    assert (answer.status_code, answer.json()["township"]) == (201, cast.jishan.code)


@pytest.mark.parametrize(
    ("who", "changes", "field"),
    [
        ("staff", {"received_on": "2024-09-05"}, "received_on"),
        ("staff", {"received_on": "昨天"}, "received_on"),
        ("staff", {"title": "   "}, "title"),
        ("staff", {"title": "长" * 81}, "title"),
        ("staff", {"category": "nothing"}, "category"),
        ("staff", {"enterprise": "91330602MA00000026"}, "enterprise"),  # of another township
        ("staff", {"township": "D-LEGAL"}, "township"),
        ("staff", {"township": "330602108"}, "enterprise"),
        ("outsider", {"enterprise": None}, "township"),
        ("neighbour", {"enterprise": None}, "township"),
        ("outsider", {}, "enterprise"),  # not in their sight
    ],
)
def test_what_cannot_be_registered(cast: Cast, who: str, changes: dict, field: str) -> None:
    answer = register(cast, who, **changes)
    assert answer.status_code == 400, answer.json()
    assert set(answer.json()["fields"]) == {field}
    assert not Issue.objects.exists()


def test_an_inactive_category_is_refused(cast: Cast) -> None:
    cast.dues.is_active = False
    cast.dues.save()
    with pytest.raises(FieldErrors) as refused:
        cast.issue()
    assert set(refused.value.fields) == {"category"}
    assert register(cast, "staff").status_code == 400


def test_a_cadre_registers_for_days_of_the_posting(cast: Cast) -> None:
    posting = Posting.objects.get(cadre=cast.users["registrar"])
    posting.end_on = date(2024, 9, 2)
    posting.save()
    assert set(register(cast, "registrar", enterprise=None).json()["fields"]) == {"township"}
    assert register(cast, "registrar", enterprise=None, received_on="2024-09-02").status_code == 201


def test_a_visit_answers_for_its_own_posting(cast: Cast) -> None:
    source = Source(kind="visit", uuid=uuid4(), label="9月4日走访光典芯元（演示）")
    issue = cast.issue(actor=cast.scope("outsider"), source=source)
    assert (issue.source_kind, issue.source_uuid) == ("visit", source.uuid)
    page = cast.client("outsider").get(f"/issues/{issue.code}/").content.decode()
    assert source.label in page


def test_the_same_id_is_the_same_row(cast: Cast) -> None:
    facts = payload(cast)
    first = cast.client("registrar").post("/api/v1/issues/", facts, content_type="application/json")
    again = cast.client("registrar").post("/api/v1/issues/", facts, content_type="application/json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["code"] == again.json()["code"]
    other = cast.client("registrar").post(
        "/api/v1/issues/", {**facts, "title": "另一件事"}, content_type="application/json"
    )
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert Issue.objects.count() == 1


def test_somebody_elses_id_tells_nothing(cast: Cast) -> None:
    issue = cast.issue()
    with pytest.raises(Conflict):
        cast.issue(uuid=issue.uuid, actor=cast.scope("colleague"))


def test_the_number_is_of_the_year_of_registration(cast: Cast) -> None:
    assert cast.issue(received_on=date(2023, 12, 29)).code == "YC-2024-000001"
    later = cast.now + timedelta(days=200)
    with clock.at(later):
        assert cast.issue(now=later).code == "YC-2025-000001"
    assert cast.issue().code == "YC-2024-000002"


class TestPage:
    def form(self, cast: Cast, **changes) -> dict:
        facts = payload(cast, **changes)
        facts["uuid"] = facts.pop("id")
        return {name: value for name, value in facts.items() if value is not None}

    def test_a_double_tap_is_one_issue(self, cast: Cast) -> None:
        form = self.form(cast)
        answers = [cast.client("clerk").post("/issues/new/", form) for _ in range(2)]
        assert [a.status_code for a in answers] == [302, 302]
        assert answers[0].url == answers[1].url == "/issues/YC-2024-000001/"
        assert Issue.objects.count() == 1

    def test_the_township_is_filled_from_the_enterprise(self, cast: Cast) -> None:
        answer = cast.client("staff").post("/issues/new/", self.form(cast, township=""))
        assert answer.status_code == 302
        assert Issue.objects.get().township == cast.jishan

    def test_refusals_stand_at_the_field_and_keep_what_was_typed(self, cast: Cast) -> None:
        form = self.form(cast, received_on="2024-09-05", township="330602108")
        answer = cast.client("staff").post("/issues/new/", form)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "收集日期不能晚于今天" in page
        assert "企业不了解申领流程。" in page
        assert form["uuid"] in page
        assert not Issue.objects.exists()

    def test_changed_after_it_was_sent(self, cast: Cast) -> None:
        form = self.form(cast)
        cast.client("staff").post("/issues/new/", form)
        answer = cast.client("staff").post("/issues/new/", {**form, "title": "另一件事"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "已经登记过" in page
        assert form["uuid"] not in page  # the next submit is a new issue

    def test_who_may_not_is_told_so(self, cast: Cast) -> None:
        assert cast.client("leader").get("/issues/new/").status_code == 403
        assert cast.client("handler").post("/issues/new/", self.form(cast)).status_code == 403

    def test_the_picker_knows_only_the_readers_enterprises(self, cast: Cast) -> None:
        for who, expected in (("staff", 2), ("registrar", 1), ("clerk", 1), ("outsider", 1)):
            found = cast.client(who).get("/issues/enterprises/").json()["results"]
            assert len(found) == expected, who
        found = cast.client("registrar").get("/issues/enterprises/?q=gdxy").json()["results"]
        assert [row["id"] for row in found] == [cast.plant.credit_code]
        assert cast.client("leader").get("/issues/enterprises/").status_code == 403
