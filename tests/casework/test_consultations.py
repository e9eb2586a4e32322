"""会诊: who is asked, who sees what, who may say what, and what it holds up."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.models import Consultation, ConsultationParty, ConsultationTask, InternalNote, Issue, IssueEvent
from casework.people import can_see, likely_readers
from casework.services.consultation_tasks import task_done, task_dropped, task_set
from casework.services.consultations import (
    consultation_conclude,
    consultation_join,
    consultation_leave,
    opinion_give,
)
from tests.casework.cast import Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion


@pytest.fixture
def issue(cast: Cast) -> Issue:
    """In hand at the legal department; the finance department is asked, and a body outside."""
    issue = cast.issue_in("in_progress")
    return cast.move(
        issue,
        "consult",
        "handler",
        units=[cast.finance],
        bodies=["区人社局（演示）"],
        note="返还款能否从经费户直接划拨？",
    )


@pytest.fixture
def consultation(issue: Issue) -> Consultation:
    return Consultation.objects.get(issue=issue)


def party(consultation: Consultation, **who: Any) -> ConsultationParty:
    return consultation.parties.get(**who)


def sees(cast: Cast, who: str, issue: Issue) -> bool:
    return Issue.objects.visible_to(cast.scope(who)).filter(pk=issue.pk).exists()


def task(cast: Cast, consultation: Consultation, **changes: Any) -> ConsultationTask:
    facts = {
        "consultation_id": consultation.pk,
        "what": "核对银行账户",
        "unit": cast.finance,
        "due_on": cast.now.date() + timedelta(days=3),
        "actor": cast.scope("staff"),
    }
    return task_set(**{**facts, **changes})


def test_the_units_asked_see_the_issue_and_go_on_seeing_it(
    cast: Cast, issue: Issue, consultation: Consultation
) -> None:
    assert sees(cast, "other_handler", issue)
    assert not sees(cast, "workroom_handler", issue)
    assert consultation.due_on == date(2024, 9, 9)  # three workdays after Wednesday
    consultation_conclude(
        consultation_id=consultation.pk, decision="由财务部划拨。", anyway=True, actor=cast.scope("staff")
    )
    assert sees(cast, "other_handler", issue)
    cast.move(issue, "transfer", "staff", unit=cast.jishan, note="转镇街办理。")
    assert sees(cast, "other_handler", issue)
    assert not sees(cast, "neighbour", issue)


def test_a_joined_unit_may_do_nothing_else(cast: Cast, issue: Issue) -> None:
    for action in ("accept", "report", "transfer", "send_back", "consult", "close", "follow_up", "redo"):
        answer = cast.post(issue, action, "other_handler", note="我来办。")
        assert answer.status_code == 403, action
    offered = cast.client("other_handler").get(f"/api/v1/issues/{issue.code}/").json()["actions"]
    assert offered == []


def test_a_joined_unit_reads_the_notes_and_writes_none(cast: Cast, issue: Issue) -> None:
    notes = f"/issues/{issue.code}/notes/"
    assert cast.client("handler").post(notes, {"text": "请财务部看一下 @other_handler"}).status_code == 302
    page = cast.client("other_handler").get(f"/issues/{issue.code}/").content.decode()
    assert "请财务部看一下" in page
    assert notes not in page
    assert cast.client("other_handler").post(notes, {"text": "我也说一句"}).status_code == 403
    assert cast.client("other_handler").get(f"/issues/{issue.code}/people/").status_code == 403
    assert InternalNote.objects.count() == 1

    cast.move(issue, "send_back", "handler", note="不属本部门。")  # now nobody holds it
    assert cast.client("other_handler").post(notes, {"text": "我也说一句"}).status_code == 403
    cast.move(issue, "assign", "staff", unit=cast.finance)  # now it is theirs
    assert cast.client("other_handler").post(notes, {"text": "我来办"}).status_code == 302


@pytest.mark.parametrize("state", ["in_progress", "registered"])
def test_the_picker_of_a_note_knows_the_joined_units(cast: Cast, issue: Issue, state: str) -> None:
    if state == "registered":
        issue = cast.move(issue, "send_back", "handler", note="不属本部门。")
    likely = {user.username for user in likely_readers(issue)}
    assert "other_handler" in likely
    assert all(can_see(cast.users[name], issue) for name in likely)


def test_the_api_opens_a_consultation(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    payload = {"note": "请研究。", "units": ["D-FINANCE", "330602108"], "bodies": ["区法院（演示）"]}
    answer = cast.post(issue, "consult", "staff", **payload)
    assert (answer.status_code, answer.json()["state"]) == (200, "in_progress")
    assert {str(each) for each in ConsultationParty.objects.all()} == {"财务部", "富盛镇总工会", "区法院（演示）"}
    assert sees(cast, "neighbour", issue)
    issue.refresh_from_db()
    again = cast.post(issue, "consult", "staff", **payload)
    assert (again.status_code, again.json()["detail"]) == (409, "这条诉求正在会诊，结束后才能再次会诊。")


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"units": []}, "units"),
        ({"units": ["D-LEGAL"]}, "units"),
        ({"units": ["NO-SUCH"]}, "units"),
        ({"units": "D-FINANCE"}, "units"),
        ({"bodies": [""]}, "bodies"),
        ({"bodies": ["某" * 61]}, "bodies"),
        ({"units": ["D-FINANCE"], "note": " "}, "note"),
        ({"bodies": [f"第{n}单位" for n in range(31)]}, "units"),
    ],
)
def test_who_is_asked_must_make_sense(cast: Cast, payload: dict[str, Any], field: str) -> None:
    issue = cast.issue_in("in_progress")
    answer = cast.post(issue, "consult", "staff", **{"note": "请研究。", **payload})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {field})
    assert not Consultation.objects.exists()
    assert Issue.objects.get(pk=issue.pk).joined_unit_ids == []


def test_units_are_for_consulting_only(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    answer = cast.post(issue, "report", "handler", note="已办。", units=["D-FINANCE"])
    assert answer.json()["fields"] == {"units": "这一步不请其他单位。"}


def test_each_unit_gives_its_own_opinion(cast: Cast, consultation: Consultation) -> None:
    finance, outside = party(consultation, unit=cast.finance), party(consultation, unit=None)
    given = opinion_give(party_id=finance.pk, opinion="可以划拨。", actor=cast.scope("other_handler"), now=cast.now)
    assert (given.opinion, given.given_by, given.given_at) == ("可以划拨。", cast.users["other_handler"], cast.now)
    opinion_give(party_id=finance.pk, opinion="可以划拨，需补收据。", actor=cast.scope("other_handler"))
    opinion_give(party_id=outside.pk, opinion="无意见。", actor=cast.scope("handler"))
    assert list(consultation.parties.values_list("opinion", flat=True)) == ["可以划拨，需补收据。", "无意见。"]
    assert AuditEntry.objects.filter(action="consultation.opine").count() == 3


def test_nobody_speaks_for_another_unit(cast: Cast, consultation: Consultation) -> None:
    finance, outside = party(consultation, unit=cast.finance), party(consultation, unit=None)
    for who, which in (("handler", finance), ("staff", finance), ("leader", finance), ("other_handler", outside)):
        with pytest.raises(Forbidden):
            opinion_give(party_id=which.pk, opinion="同意。", actor=cast.scope(who))
    for who in ("workroom_handler", "outsider", "neighbour"):
        with pytest.raises(NotFound):
            opinion_give(party_id=finance.pk, opinion="同意。", actor=cast.scope(who))
    with pytest.raises(FieldErrors):
        opinion_give(party_id=finance.pk, opinion="  ", actor=cast.scope("other_handler"))
    assert not consultation.parties.exclude(opinion="").exists()


def test_more_units_can_be_asked_and_a_silent_one_taken_off(
    cast: Cast, issue: Issue, consultation: Consultation
) -> None:
    consultation_join(consultation_id=consultation.pk, units=[cast.fusheng], version=1, actor=cast.scope("handler"))
    assert sees(cast, "neighbour", issue)
    with pytest.raises(StaleVersion):
        consultation_join(consultation_id=consultation.pk, units=[cast.workroom], version=1, actor=cast.scope("staff"))
    with pytest.raises(FieldErrors):
        consultation_join(consultation_id=consultation.pk, units=[cast.fusheng], actor=cast.scope("staff"))
    with pytest.raises(Forbidden):
        consultation_join(consultation_id=consultation.pk, units=[cast.workroom], actor=cast.scope("other_handler"))
    consultation_leave(
        consultation_id=consultation.pk, party=party(consultation, unit=cast.fusheng), actor=cast.scope("staff")
    )
    assert not sees(cast, "neighbour", issue)
    finance = party(consultation, unit=cast.finance)
    task(cast, consultation)
    with pytest.raises(FieldErrors):
        consultation_leave(consultation_id=consultation.pk, party=finance, actor=cast.scope("staff"))
    assert sees(cast, "other_handler", issue)
    actions = list(IssueEvent.objects.filter(issue=issue).order_by("seq").values_list("action", flat=True))
    assert actions[-3:] == ["consult", "consult_join", "consult_leave"]


def test_staff_conclude_and_pass_over_the_silent_knowingly(cast: Cast, consultation: Consultation) -> None:
    conclude = {"consultation_id": consultation.pk, "decision": "由财务部划拨。"}
    for who in ("handler", "other_handler", "leader", "registrar"):
        with pytest.raises(Forbidden):
            consultation_conclude(**conclude, anyway=True, actor=cast.scope(who))
    with pytest.raises(FieldErrors) as silent:
        consultation_conclude(**conclude, actor=cast.scope("staff"))
    assert "还有 2 个单位没有提意见" in silent.value.fields["anyway"]
    with pytest.raises(FieldErrors) as empty:
        consultation_conclude(consultation_id=consultation.pk, decision=" ", anyway=True, actor=cast.scope("staff"))
    assert set(empty.value.fields) == {"decision"}
    done = consultation_conclude(**conclude, anyway=True, actor=cast.scope("staff"), now=cast.now)
    assert (done.state, done.concluded_by, done.version) == ("concluded", cast.users["staff"], 2)
    for refused in (
        lambda: consultation_conclude(**conclude, anyway=True, actor=cast.scope("staff")),
        lambda: opinion_give(
            party_id=party(consultation, unit=cast.finance).pk, opinion="晚了。", actor=cast.scope("other_handler")
        ),
        lambda: consultation_join(consultation_id=consultation.pk, units=[cast.workroom], actor=cast.scope("staff")),
    ):
        with pytest.raises(InvalidTransition):
            refused()


def test_tasks_have_owners_days_and_an_end(cast: Cast, consultation: Consultation) -> None:
    first = task(cast, consultation, person=cast.users["other_handler"])
    second = task(cast, consultation, unit=cast.legal, what="通知企业")
    with pytest.raises(Forbidden):
        task_done(task_id=second.pk, result="已通知。", actor=cast.scope("other_handler"))
    with pytest.raises(FieldErrors):
        task_done(task_id=first.pk, result="", actor=cast.scope("other_handler"))
    done = task_done(task_id=first.pk, result="账户无误。", actor=cast.scope("other_handler"), now=cast.now)
    assert (done.state, done.result, done.ended_by) == ("done", "账户无误。", cast.users["other_handler"])
    with pytest.raises(InvalidTransition):
        task_done(task_id=first.pk, result="再报一次。", actor=cast.scope("other_handler"))
    with pytest.raises(Forbidden):
        task_dropped(task_id=second.pk, result="不办了。", actor=cast.scope("handler"))
    dropped = task_dropped(task_id=second.pk, result="企业已自行到账。", actor=cast.scope("staff"))
    assert dropped.state == "dropped"


def test_a_task_that_cannot_be_set(cast: Cast, consultation: Consultation) -> None:
    for changes, field in (
        ({"unit": cast.workroom}, "unit"),
        ({"person": cast.users["handler"]}, "person"),
        ({"due_on": cast.now.date() - timedelta(days=1)}, "due_on"),
        ({"what": "  "}, "what"),
    ):
        with pytest.raises(FieldErrors) as refused:
            task(cast, consultation, **changes)
        assert set(refused.value.fields) == {field}
    for who in ("handler", "other_handler", "leader"):
        with pytest.raises(Forbidden):
            task(cast, consultation, actor=cast.scope(who))
    assert not ConsultationTask.objects.exists()


def test_an_issue_is_not_closed_over_what_is_going_on(cast: Cast, issue: Issue, consultation: Consultation) -> None:
    own = task(cast, consultation)
    cast.move(issue, "report", "handler", note="已办。")
    cast.move(issue, "follow_up", "registrar", satisfaction="satisfied")
    with pytest.raises(InvalidTransition, match="会诊还没有结束，还有 1 项会诊任务没有完成"):
        cast.move(issue, "close", "staff", outcome="resolved")
    consultation_conclude(consultation_id=consultation.pk, decision="划拨。", anyway=True, actor=cast.scope("staff"))
    issue.refresh_from_db()
    answer = cast.post(issue, "close", "staff", outcome="resolved")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    assert answer.json()["detail"] == "还有 1 项会诊任务没有完成，这条诉求暂不能办结。"
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert 'data-dialog="close"' not in page
    assert "还有 1 项会诊任务没有完成" in page
    assert 'btn-primary" type="button" data-dialog' not in page  # what bars it comes next, no second follow-up
    task_done(task_id=own.pk, result="已划拨。", actor=cast.scope("other_handler"))
    assert cast.move(issue, "close", "staff", outcome="resolved").state == "closed"
    with pytest.raises(InvalidTransition):
        task(cast, consultation)


def test_the_database_refuses_what_cannot_be(cast: Cast, issue: Issue, consultation: Consultation) -> None:
    whole = {"issue": issue, "purpose": "又一次", "called_by": cast.users["staff"], "called_at": cast.now}
    for make in (
        lambda: Consultation.objects.create(**whole, due_on=cast.now.date()),
        lambda: Consultation.objects.filter(pk=consultation.pk).update(state="concluded"),
        lambda: ConsultationParty.objects.create(consultation=consultation, unit=cast.finance),
        lambda: ConsultationParty.objects.create(consultation=consultation),
        lambda: consultation.parties.update(opinion="没有人写的意见"),
        lambda: ConsultationTask.objects.create(
            consultation=consultation,
            what="办",
            unit=cast.legal,
            due_on=cast.now.date(),
            state="done",
            set_by=cast.users["staff"],
            set_at=cast.now,
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_the_page_by_who_looks(cast: Cast, consultation: Consultation) -> None:
    address = f"/consultations/{consultation.pk}/"

    def buttons(who: str) -> set[str]:
        page = cast.client(who).get(address).content.decode()
        return {
            name
            for name in ("join", "leave", "opinion", "task", "done", "drop", "conclude")
            if f'data-dialog="{name}"' in page
        }

    assert buttons("staff") == {"join", "leave", "opinion", "task", "conclude"}
    assert buttons("handler") == {"join", "leave", "opinion"}
    assert buttons("other_handler") == {"opinion"}
    assert buttons("leader") == buttons("registrar") == set()
    for who in ("outsider", "workroom_handler", "neighbour"):
        assert cast.client(who).get(address).status_code == 404
    assert cast.client("auditor").get(address).status_code == 403


def test_what_is_refused_on_the_page_keeps_what_was_typed(cast: Cast, consultation: Consultation) -> None:
    address = f"/consultations/{consultation.pk}/"
    sent = cast.client("staff").post(f"{address}conclude/", {"decision": "由财务部划拨。", "version": 1})
    page = sent.content.decode()
    assert sent.status_code == 422
    assert "由财务部划拨。" in page
    assert "不再等待时请勾选" in page
    stale = cast.client("staff").post(f"{address}conclude/", {"decision": "划拨。", "anyway": "on", "version": 7})
    assert stale.status_code == 409
    assert "刚被别人修改过" in stale.content.decode()
    assert cast.client("other_handler").post(f"{address}conclude/", {"decision": "划拨。"}).status_code == 403
    assert cast.client("staff").post(f"{address}no-such-act/").status_code == 404
    good = cast.client("staff").post(f"{address}conclude/", {"decision": "划拨。", "anyway": "on", "version": 1})
    assert (good.status_code, good.url) == (302, address)
    late = cast.client("other_handler").post(f"{address}opinion/", {"party": "1", "opinion": "晚到的意见"})
    assert late.status_code == 409
    assert "晚到的意见" in late.content.decode()
