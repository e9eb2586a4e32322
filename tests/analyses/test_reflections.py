"""A cadre's reflection on a quarter: drafted, handed in, remarked on, returned; by whom it is read."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from tests.analyses.conftest import Q1, Q3, Q4
from tests.people import District, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.notify.models import Notification
from visits.models import Reflection
from visits.quarters import reflection_due
from visits.services.reflections import (
    reflection_comment,
    reflection_return,
    reflection_save,
    reflection_submit,
)

pytestmark = pytest.mark.usefixtures("january")
TEXTS = {"methods": "每周走访两家。", "insights": "返还流程不清楚的多。", "next_steps": "办一场解读会。"}


@pytest.fixture
def cadre(district: District) -> User:
    return district.cadre(name="陈走访")


def submitted(cadre: User) -> Reflection:
    return reflection_submit(quarter=Q4, version=0, actor=scope_of(cadre), **TEXTS)


def test_a_draft_is_kept_and_handed_in(cadre: User) -> None:
    draft = reflection_save(quarter=Q4, version=0, actor=scope_of(cadre), **{**TEXTS, "next_steps": ""})
    assert (draft.state, draft.version) == ("draft", 1)
    done = reflection_submit(quarter=Q4, version=1, actor=scope_of(cadre), **TEXTS)
    assert (done.state, done.is_late, done.submitted_at) == ("submitted", False, clock.now())
    entry = AuditEntry.objects.get(action="reflection.submit")
    assert entry.data == {"quarter": "2024-Q4", "version": 2, "late": False}


def test_every_part_is_asked_for_at_the_end_only(cadre: User) -> None:
    with pytest.raises(FieldErrors) as refused:
        reflection_submit(quarter=Q4, version=0, actor=scope_of(cadre), methods="做法", insights=" ", next_steps="")
    assert set(refused.value.fields) == {"insights", "next_steps"}
    assert not Reflection.objects.exists()


def test_a_quarter_that_runs_can_be_drafted_but_not_handed_in(cadre: User) -> None:
    reflection_save(quarter=Q1, version=0, actor=scope_of(cadre), **TEXTS)
    with pytest.raises(InvalidTransition, match="2025年4月1日起提交"):
        reflection_submit(quarter=Q1, version=1, actor=scope_of(cadre), **TEXTS)
    with pytest.raises(NotFound):
        reflection_save(quarter=Q1.replace(month=4), version=0, actor=scope_of(cadre), **TEXTS)


def test_after_the_deadline_it_is_taken_and_marked_late(cadre: User) -> None:
    due = reflection_due(Q4).day
    assert due.isoformat() == "2025-01-15"  # ten workdays after the quarter; 1 January is a day off
    last = datetime(2025, 1, 15, 23, 59, tzinfo=SHANGHAI)
    assert not reflection_submit(quarter=Q4, version=0, actor=scope_of(cadre), now=last, **TEXTS).is_late
    assert submitted_late(cadre).is_late


def submitted_late(cadre: User) -> Reflection:
    return reflection_submit(quarter=Q3, version=0, actor=scope_of(cadre), **TEXTS)


def test_a_returned_one_stays_in_time(district: District, cadre: User) -> None:
    reflection, leader = submitted(cadre), district.leader()
    reflection_return(reflection_id=reflection.pk, version=1, text="请写具体企业。", actor=scope_of(leader))
    later = datetime(2025, 2, 20, 9, 0, tzinfo=SHANGHAI)
    again = reflection_submit(quarter=Q4, version=2, actor=scope_of(cadre), now=later, **TEXTS)
    assert (again.state, again.is_late, again.returned_at) == ("submitted", False, None)
    todo = Notification.objects.get(user=cadre)
    assert (todo.kind, todo.url) == ("todo", "/analyses/2024-Q4/mine/#remarks")


def test_the_same_handed_in_twice_is_one_and_another_is_refused(cadre: User) -> None:
    first = submitted(cadre)
    assert submitted(cadre).version == first.version
    with pytest.raises(InvalidTransition, match="已经提交"):
        reflection_submit(quarter=Q4, version=0, actor=scope_of(cadre), **{**TEXTS, "methods": "另写"})
    assert Reflection.objects.get().methods == TEXTS["methods"]


def test_a_stale_draft_and_a_text_too_long_are_refused(cadre: User) -> None:
    reflection_save(quarter=Q4, version=0, actor=scope_of(cadre), **TEXTS)
    with pytest.raises(StaleVersion):
        reflection_save(quarter=Q4, version=0, actor=scope_of(cadre), **TEXTS)
    with pytest.raises(FieldErrors) as refused:
        reflection_save(quarter=Q4, version=1, actor=scope_of(cadre), **{**TEXTS, "methods": "字" * 4001})
    assert "4000" in refused.value.fields["methods"]


def test_the_district_remarks_and_the_cadre_answers(district: District, cadre: User) -> None:
    leader, reflection = district.leader(), submitted(cadre)
    reflection_comment(reflection_id=reflection.pk, text="做法可推广。", actor=scope_of(leader))
    reflection.refresh_from_db()
    assert reflection.get_state_display() == "已点评"
    reflection_comment(reflection_id=reflection.pk, text="谢谢，已整理。", actor=scope_of(cadre))
    assert Notification.objects.get(user=leader).text == "2024年第4季度的心得有了回复"
    assert [remark.author for remark in reflection.remarks.all()] == [leader, cadre]
    with pytest.raises(FieldErrors):
        reflection_comment(reflection_id=reflection.pk, text=" ", actor=scope_of(leader))


def test_who_reads_it(district: District, cadre: User) -> None:
    draft = reflection_save(quarter=Q4, version=0, actor=scope_of(cadre), **TEXTS)
    leader, colleague = scope_of(district.leader()), scope_of(district.cadre(name="李同行"))
    assert not Reflection.objects.visible_to(leader).exists()
    with pytest.raises(NotFound):
        reflection_comment(reflection_id=draft.pk, text="早看", actor=leader)
    reflection_submit(quarter=Q4, version=1, actor=scope_of(cadre), **TEXTS)
    assert Reflection.objects.visible_to(leader).get() == draft
    assert not Reflection.objects.visible_to(colleague).exists()
    with pytest.raises(NotFound):
        reflection_comment(reflection_id=draft.pk, text="不该看到", actor=colleague)
    for outsider in (district.township_clerk(), district.handler(), district.sysadmin()):
        with pytest.raises(Forbidden):
            reflection_comment(reflection_id=draft.pk, text="不该看到", actor=scope_of(outsider))
    with pytest.raises(Forbidden):
        reflection_return(reflection_id=draft.pk, version=2, text="自己退回", actor=scope_of(cadre))
    with pytest.raises(Forbidden):
        reflection_save(quarter=Q4, version=0, actor=scope_of(district.staff()), **TEXTS)


def test_the_database_refuses_what_cannot_be(cadre: User) -> None:
    for facts in (
        {"quarter": Q4.replace(month=11)},
        {"quarter": Q4, "state": "submitted", "submitted_at": clock.now(), "first_submitted_at": clock.now()},
        {"quarter": Q4, "is_late": True},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reflection.objects.create(cadre=cadre, **facts)
