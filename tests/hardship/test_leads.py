"""Leads that people bring: who may, one for a person and cause, verified by somebody, decided by somebody else."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from casework.models import Category, Issue
from casework.services import issue_register
from hardship.lead_personal import lead_name, lead_reveal, lead_sight
from hardship.models import HardshipFile, Lead, LeadLook
from hardship.services.lead_decisions import lead_assign, lead_confirm, lead_dismiss, lead_verify
from hardship.services.leads import LeadInput, lead_raise
from tests.hardship.cast import PHONE, Cast, id_number
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.notify.models import Notification
from visits.services import VisitInput, visit_log

NUMBER = id_number(7)


def raised(cast: Cast, who: str = "aid", **changes: Any) -> Lead:
    facts = {"name": "王示例", "cause": "6", "words": "女儿住院，借了钱。", "id_number": NUMBER, "phone": PHONE}
    where = {key: changes.pop(key) for key in ("issue_code", "uuid", "township") if key in changes}
    given = {"uuid": uuid4(), "township": cast.jishan, **where}
    return lead_raise(given=LeadInput(**{**facts, **changes}), actor=cast.scope(who), now=cast.now, **given)


def verified(cast: Cast, lead: Lead, who: str = "aid", **changes: Any) -> Lead:
    said = {"verified_on": cast.now.date(), "way": "visit", "found": "true", "finding": "家中确有病人。", **changes}
    return lead_verify(code=lead.code, actor=cast.scope(who), now=cast.now, **said)


def issue_about(cast: Cast, category: str = "hardship", who: str = "cadre") -> Issue:
    return issue_register(
        uuid=uuid4(),
        title="职工家中困难",
        description="走访时了解到。",
        category=Category.objects.get(code=category),
        township=cast.jishan,
        enterprise=cast.district.enterprise(),
        received_on=cast.now.date(),
        actor=cast.scope(who),
        now=cast.now,
    )


def test_an_issue_about_hardship_becomes_one_lead_that_its_cadre_verifies(cast: Cast) -> None:
    issue = issue_about(cast)
    lead = raised(cast, "cadre", issue_code=issue.code, township=None, enterprise=issue.enterprise)
    assert (lead.code, lead.origin, lead.township, lead.verifier) == (
        "XS-2024-0001",
        "issue",
        cast.jishan,
        cast.users["cadre"],
    )
    assert lead.due_on.isoformat() == "2024-09-11"
    with pytest.raises(Conflict, match="已经登记过"):
        raised(cast, "cadre", issue_code=issue.code, id_number="")
    with pytest.raises(InvalidTransition):
        raised(cast, "cadre", issue_code=issue_about(cast, "dues_refund").code)
    with pytest.raises(NotFound):
        raised(cast, "neighbour", issue_code=issue.code)


def test_a_repeat_of_the_form_is_the_same_lead(cast: Cast) -> None:
    uuid = uuid4()
    assert raised(cast, uuid=uuid) == raised(cast, uuid=uuid)
    with pytest.raises(Conflict):
        raised(cast, "staff", uuid=uuid)


def test_one_undecided_lead_for_a_person_and_cause(cast: Cast) -> None:
    first = raised(cast)
    old = NUMBER[:6] + NUMBER[8:17]
    with pytest.raises(FieldErrors) as twice:
        raised(cast, id_number=old)
    assert first.code in twice.value.fields["cause"]
    assert raised(cast, cause="9").cause == "9"
    lead_dismiss(code=first.code, dismissal="helped", actor=cast.scope("clerk"))
    assert raised(cast).code != first.code


def test_without_a_number_name_and_employer_count(cast: Cast) -> None:
    raised(cast, id_number="", unit_name="越城示例纺织厂")
    with pytest.raises(FieldErrors):
        raised(cast, id_number="", unit_name="越城 示例纺织厂")
    raised(cast, id_number="", unit_name="另一家厂")


def test_the_database_holds_it_too(cast: Cast) -> None:
    lead = raised(cast)
    copy = Lead.objects.get(pk=lead.pk)
    copy.pk, copy.uuid, copy.code = None, uuid4(), "XS-2024-9999"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_who_has_a_file_needs_no_lead_and_only_those_who_may_know_learn_whose(cast: Cast) -> None:
    file = cast.file(holder=cast.person(id_number=NUMBER))
    for who, knows in (("aid", True), ("clerk", False)):
        with pytest.raises(FieldErrors) as refused:
            raised(cast, who)
        assert (file.code in refused.value.fields["id_number"]) == knows


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"words": ""}, "words"),
        ({"cause": "11"}, "cause"),
        ({"id_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "id_number"),
        ({"phone": "12"}, "phone"),
        ({"township": None}, "township"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        raised(cast, **changes)
    assert list(refused.value.fields) == [field]
    assert not Lead.objects.exists()


def test_leads_come_from_ones_own_place(cast: Cast) -> None:
    for who in ("neighbour", "aid_fusheng"):
        with pytest.raises(Forbidden):
            raised(cast, who)
    with pytest.raises(Forbidden):
        raised(cast, "leader")
    assert raised(cast, "staff").verifier is None


def test_who_sees_a_lead_and_whose_name(cast: Cast) -> None:
    lead = raised(cast)
    seen = {who: Lead.objects.visible_to(cast.scope(who)).filter(pk=lead.pk).exists() for who in cast.users}
    assert [who for who, sees in seen.items() if sees] == ["aid", "aid_jishan", "leader", "staff", "clerk"]
    names = {
        who: lead_name(lead, lead_sight(cast.scope(who))) for who in ("aid", "aid_fusheng", "leader", "staff", "clerk")
    }
    assert names == {"aid": "王示例", "aid_fusheng": "王**", "leader": "王**", "staff": "王**", "clerk": "王**"}


def test_the_one_who_is_to_verify_reads_the_name_until_it_is_decided(cast: Cast) -> None:
    lead = raised(cast)
    with pytest.raises(NotFound):
        verified(cast, lead, "cadre")
    with pytest.raises(FieldErrors):
        lead_assign(code=lead.code, verifier=cast.users["neighbour"], actor=cast.scope("clerk"), now=cast.now)
    lead = lead_assign(code=lead.code, verifier=cast.users["cadre"], actor=cast.scope("clerk"), now=cast.now)
    told = Notification.objects.get(user=cast.users["cadre"])
    assert "王" not in told.text
    assert lead_name(lead, lead_sight(cast.scope("cadre"))) == "王示例"
    verified(cast, lead, "cadre")
    lead = lead_dismiss(code=lead.code, dismissal="not_hard", actor=cast.scope("clerk"))
    assert lead_name(lead, lead_sight(cast.scope("cadre"))) == "王**"
    with pytest.raises(Forbidden):
        lead_reveal(code=lead.code, reason="再打电话", actor=cast.scope("cadre"))


def test_a_visit_of_ones_own_stands_with_what_was_found(cast: Cast) -> None:
    logged = VisitInput(id=uuid4(), visited_on=cast.now.date(), enterprise=cast.district.enterprise().credit_code)
    visit, _ = visit_log(visit=logged, actor=cast.scope("cadre"))
    lead = raised(cast, "cadre")
    with pytest.raises(FieldErrors) as refused:
        verified(cast, lead, "aid", visit=visit)
    assert list(refused.value.fields) == ["visit"]
    assert verified(cast, lead, "cadre", visit=visit).visit == visit


def test_a_verified_lead_becomes_a_file_by_an_aid_officers_decision(cast: Cast) -> None:
    lead = raised(cast)
    with pytest.raises(InvalidTransition, match="先核实"):
        lead_confirm(code=lead.code, file_uuid=uuid4(), name="王示例", actor=cast.scope("aid"))
    lead = verified(cast, lead)
    for who in ("clerk", "staff", "leader"):
        with pytest.raises(Forbidden):
            lead_confirm(code=lead.code, file_uuid=uuid4(), name="王示例", actor=cast.scope(who))
    with pytest.raises(StaleVersion):
        lead_confirm(code=lead.code, file_uuid=uuid4(), name="王示例", actor=cast.scope("aid"), version=1)
    file = lead_confirm(
        code=lead.code, file_uuid=uuid4(), name="王示例", actor=cast.scope("aid"), version=2, now=cast.now
    )
    assert (file.state, file.main_cause, file.holder.opened("id"), file.holder.opened("phone")) == (
        "draft",
        "6",
        NUMBER,
        PHONE,
    )
    lead.refresh_from_db()
    assert (lead.state, lead.file) == ("confirmed", file)
    with pytest.raises(InvalidTransition):
        lead_dismiss(code=lead.code, dismissal="helped", actor=cast.scope("aid"))


def test_what_the_file_refuses_is_told_at_the_leads_own_fields_and_nothing_is_kept(cast: Cast) -> None:
    lead = verified(cast, raised(cast, id_number=""))
    with pytest.raises(FieldErrors) as refused:
        lead_confirm(code=lead.code, file_uuid=uuid4(), name="王示例", actor=cast.scope("aid"))
    assert list(refused.value.fields) == ["id_number"]
    assert not HardshipFile.objects.exists()
    lead.refresh_from_db()
    assert lead.state == "verified"


def test_what_was_found_untrue_is_dismissed_not_filed(cast: Cast) -> None:
    lead = verified(cast, raised(cast), found="untrue")
    with pytest.raises(InvalidTransition, match="不属实"):
        lead_confirm(code=lead.code, file_uuid=uuid4(), name="王示例", actor=cast.scope("aid"))
    with pytest.raises(FieldErrors) as refused:
        lead_dismiss(code=lead.code, dismissal="other", actor=cast.scope("aid"))
    assert list(refused.value.fields) == ["note"]
    lead = lead_dismiss(code=lead.code, dismissal="other", note="已迁往外地。", actor=cast.scope("aid"))
    assert (lead.state, lead.opened("note")) == ("dismissed", "已迁往外地。")


def test_a_number_is_read_for_a_reason_that_is_kept(cast: Cast) -> None:
    lead = raised(cast)
    with pytest.raises(FieldErrors):
        lead_reveal(code=lead.code, reason=" ", actor=cast.scope("aid"))
    with pytest.raises(Forbidden):
        lead_reveal(code=lead.code, reason="核对", actor=cast.scope("clerk"))
    assert lead_reveal(code=lead.code, reason="约上门时间", actor=cast.scope("aid")) == {"id": NUMBER, "phone": PHONE}
    assert LeadLook.objects.get().reason == "约上门时间"


def test_whoever_reads_whom_a_lead_is_about_is_written_down(cast: Cast) -> None:
    lead = raised(cast, "cadre", name="王看见")
    seen = [("aid", "/hardship/leads/", "name"), ("cadre", f"/hardship/leads/{lead.code}/", "page")]
    for who, url, _ in [*seen, *seen]:
        assert "王看见" in cast.client(who).get(url).content.decode()
    assert "王看见" in cast.client("aid").get("/api/v1/hardship/leads/").content.decode()
    for who in ("leader", "clerk"):
        assert "王看见" not in cast.client(who).get(f"/hardship/leads/{lead.code}/").content.decode()
    looks = LeadLook.objects.order_by("pk").values_list("actor__username", "way")
    assert list(looks) == [(who, way) for who, _, way in seen]
    assert "打开线索" in cast.client("aid").get(f"/hardship/leads/{lead.code}/").content.decode()
