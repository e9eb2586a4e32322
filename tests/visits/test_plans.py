"""The week plan through its services: planned, moved, taken off, carried over; refused in the past, asked about on days off and twice a week."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.people import District, scope_of
from tests.visits.builders import TODAY, logged
from unionportal.core.accounts.models import Posting, Substitution, User
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound, StaleVersion
from unionportal.core.orgs.models import Enterprise
from visits.models import PlannedVisit
from visits.plan_selectors import week_plan
from visits.services.plan_checks import NeedsAnswer
from visits.services.plans import plan_carry, planned_visit_add, planned_visit_change, planned_visit_remove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

MONDAY = date(2024, 9, 9)
FRIDAY = date(2024, 9, 13)
SATURDAY_WORKED = date(2024, 9, 14)
NEXT_MONDAY = date(2024, 9, 16)
FESTIVAL = date(2024, 9, 17)
NEXT_WEDNESDAY = date(2024, 9, 18)


def planned(cadre: User, enterprise: Enterprise, on: date = FRIDAY, **facts: Any) -> PlannedVisit:
    facts.setdefault("uuid", uuid4())
    row, _ = planned_visit_add(enterprise=enterprise.credit_code, planned_on=on, actor=scope_of(cadre), **facts)
    return row


def planned_then(cadre: User, enterprise: Enterprise, on: date, **facts: Any) -> PlannedVisit:
    """Planned on the Monday morning of that week."""
    monday = on - timedelta(days=on.weekday())
    with clock.at(datetime(monday.year, monday.month, monday.day, 8, 30, tzinfo=SHANGHAI)):
        return planned(cadre, enterprise, on, **facts)


def done_of(cadre: User, monday: date = MONDAY) -> list[bool]:
    return [item.is_done for item in week_plan(cadre.pk, monday, scope_of(cadre)).items]


def test_a_visit_is_planned_and_the_trail_says_so_without_the_note(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise(), kind="condolence", note="送清凉物资")
    assert (row.cadre, row.kind, row.note, row.version) == (cadre, "condolence", "送清凉物资", 1)
    entry = AuditEntry.objects.get(action="plan.add")
    assert entry.data == {"enterprise": district.enterprise().credit_code, "planned_on": "2024-09-13"}


def test_a_double_submit_is_the_same_row(district: District) -> None:
    cadre, uuid = district.cadre(), uuid4()
    first = planned(cadre, district.enterprise(), uuid=uuid)
    again, created = planned_visit_add(
        uuid=uuid, enterprise=district.enterprise().credit_code, planned_on=FRIDAY, actor=scope_of(cadre)
    )
    assert (again.pk, created) == (first.pk, False)
    assert PlannedVisit.objects.count() == 1
    with pytest.raises(Conflict):
        planned(district.cadre(), district.enterprise(), uuid=uuid)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 9, 6), "9月6日所在的一周已经过去"),
        (date(2024, 9, 10), "9月10日已经过去"),
        (date(2025, 9, 30), "最多提前一年"),
    ],
)
def test_the_past_and_the_far_future_are_refused(district: District, day: date, words: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        planned(district.cadre(), district.enterprise(), day)
    assert words in refused.value.fields["planned_on"]
    assert not PlannedVisit.objects.exists()


def test_only_the_enterprises_of_the_own_postings_on_that_day(district: District) -> None:
    away = district.enterprise(2, township=district.township("330602108"))
    cadre = district.cadre()
    with pytest.raises(FieldErrors) as refused:
        planned(cadre, away)
    assert "不在您的驻联分工内" in refused.value.fields["enterprise"]
    Posting.objects.filter(cadre=cadre).update(end_on=FRIDAY)
    planned(cadre, district.enterprise(), FRIDAY)
    with pytest.raises(FieldErrors):
        planned(cadre, district.enterprise(), NEXT_WEDNESDAY)


def test_what_is_wrong_is_told_at_its_field(district: District) -> None:
    cadre = district.cadre()
    with pytest.raises(FieldErrors) as refused:
        planned(cadre, district.enterprise(), kind="tea", note="长" * 61)
    assert set(refused.value.fields) == {"kind", "note"}
    with pytest.raises(FieldErrors) as unknown:
        planned_visit_add(uuid=uuid4(), enterprise="nobody", planned_on=FRIDAY, actor=scope_of(cadre))
    assert set(unknown.value.fields) == {"enterprise"}
    district.enterprise().is_active = False
    district.enterprise().save()
    with pytest.raises(FieldErrors) as disabled:
        planned(cadre, district.enterprise())
    assert "已停用" in disabled.value.fields["enterprise"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (FESTIVAL, "9月17日是中秋节放假，确定排在这一天？"),
        (date(2024, 9, 21), "9月21日是周六，不上班，确定排在这一天？"),
    ],
)
def test_a_day_off_is_asked_about(district: District, day: date, words: str) -> None:
    cadre = district.cadre()
    with pytest.raises(NeedsAnswer) as asked:
        planned(cadre, district.enterprise(), day)
    assert [question.words for question in asked.value.questions] == [words]
    row = planned(cadre, district.enterprise(), day, agreed=[asked.value.questions[0].key])
    assert row.planned_on == day


def test_a_make_up_day_is_a_workday_and_a_yes_is_for_one_day_only(district: District) -> None:
    cadre = district.cadre()
    assert planned(cadre, district.enterprise(1), SATURDAY_WORKED).planned_on == SATURDAY_WORKED
    with pytest.raises(NeedsAnswer):
        planned(cadre, district.enterprise(2), date(2024, 9, 15), agreed=[f"off:{FESTIVAL}"])


def test_twice_in_a_week_is_asked_about_and_twice_on_a_day_refused(district: District) -> None:
    cadre, enterprise = district.cadre(), district.enterprise()
    planned(cadre, enterprise, FRIDAY)
    with pytest.raises(NeedsAnswer) as asked:
        planned(cadre, enterprise, SATURDAY_WORKED)
    assert "已经排在周五（9月13日）" in asked.value.questions[0].words
    agreed = [question.key for question in asked.value.questions]
    planned(cadre, enterprise, SATURDAY_WORKED, agreed=agreed)
    with pytest.raises(FieldErrors) as refused:
        planned(cadre, enterprise, FRIDAY, agreed=agreed)
    assert "已经排上了" in refused.value.fields["planned_on"]
    planned(cadre, enterprise, NEXT_WEDNESDAY)  # another week asks nothing


def test_it_is_moved_and_changed_upon_the_version_that_was_seen(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise())
    moved = planned_visit_change(planned_id=row.pk, version=1, planned_on=TODAY, actor=scope_of(cadre))
    assert (moved.planned_on, moved.version, moved.kind) == (TODAY, 2, "routine")
    with pytest.raises(StaleVersion):
        planned_visit_change(planned_id=row.pk, version=1, planned_on=SATURDAY_WORKED, actor=scope_of(cadre))
    with pytest.raises(StaleVersion):
        planned_visit_remove(planned_id=row.pk, version=1, actor=scope_of(cadre))
    row.refresh_from_db()
    assert row.planned_on == TODAY
    with pytest.raises(NeedsAnswer):
        planned_visit_change(planned_id=row.pk, version=2, planned_on=FESTIVAL, actor=scope_of(cadre))
    with pytest.raises(FieldErrors):
        planned_visit_change(planned_id=row.pk, version=2, planned_on=MONDAY, actor=scope_of(cadre))


def test_moving_within_the_week_does_not_ask_about_itself(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise())
    changed = planned_visit_change(
        planned_id=row.pk, version=1, planned_on=TODAY, note="带上台账", actor=scope_of(cadre)
    )
    assert (changed.planned_on, changed.note) == (TODAY, "带上台账")


def test_it_is_taken_off(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise())
    planned_visit_remove(planned_id=row.pk, version=1, actor=scope_of(cadre))
    assert not PlannedVisit.objects.exists()
    with pytest.raises(NotFound):
        planned_visit_remove(planned_id=row.pk, version=1, actor=scope_of(cadre))


def test_a_week_that_is_over_stays_as_it_was_planned(district: District) -> None:
    cadre = district.cadre()
    row = planned_then(cadre, district.enterprise(), date(2024, 9, 4))
    for write in (planned_visit_change, planned_visit_remove):
        day = {"planned_on": FRIDAY} if write is planned_visit_change else {}
        with pytest.raises(Conflict):
            write(planned_id=row.pk, version=1, actor=scope_of(cadre), **day)


def test_nobody_writes_in_another_plan(district: District) -> None:
    cadre, colleague = district.cadre(), district.cadre()
    row = planned(cadre, district.enterprise())
    with pytest.raises(NotFound):
        planned_visit_change(planned_id=row.pk, version=1, planned_on=TODAY, actor=scope_of(colleague))
    for reader in (district.staff(), district.leader(), district.township_clerk()):
        with pytest.raises(Forbidden):
            planned_visit_remove(planned_id=row.pk, version=1, actor=scope_of(reader))


def test_a_substitute_plans_where_they_stand_in_and_under_their_own_name(district: District) -> None:
    absent, substitute = district.cadre(), district.cadre([])
    row = planned(absent, district.enterprise())
    with pytest.raises(FieldErrors):
        planned(substitute, district.enterprise(), FRIDAY)
    Substitution.objects.create(
        cadre=absent, substitute=substitute, start_on=TODAY, end_on=FRIDAY, reason=Substitution.Reason.LEAVE
    )
    assert planned(substitute, district.enterprise(), FRIDAY).cadre == substitute
    with pytest.raises(FieldErrors):
        planned(substitute, district.enterprise(2), SATURDAY_WORKED)  # the other is back by then
    with pytest.raises(Forbidden):  # read, not rewritten
        planned_visit_change(planned_id=row.pk, version=1, planned_on=TODAY, actor=scope_of(substitute))


def test_a_visit_of_that_week_makes_it_done_whatever_the_day(district: District) -> None:
    cadre, colleague = district.cadre(), district.cadre()
    planned(cadre, district.enterprise(1), TODAY)
    planned(cadre, district.enterprise(2), FRIDAY)
    logged(cadre, district.enterprise(1), MONDAY)
    logged(colleague, district.enterprise(2), TODAY)
    logged(cadre, district.enterprise(2), MONDAY - timedelta(days=1))
    assert done_of(cadre) == [True, False]


def test_an_enterprise_planned_twice_needs_two_visits(district: District) -> None:
    cadre, enterprise = district.cadre(), district.enterprise()
    planned(cadre, enterprise, TODAY)
    planned(cadre, enterprise, FRIDAY, agreed=[f"twice:{MONDAY}"])
    logged(cadre, enterprise, MONDAY)
    assert done_of(cadre) == [True, False]
    logged(cadre, enterprise, TODAY)
    assert done_of(cadre) == [True, True]


def test_what_was_left_undone_is_carried_over_once(district: District) -> None:
    cadre = district.cadre()
    done, left, there = (district.enterprise(n) for n in (1, 2, 3))
    planned_then(cadre, done, date(2024, 9, 3))
    planned_then(cadre, left, date(2024, 9, 6), kind="inspection", note="看消防通道")
    planned_then(cadre, there, date(2024, 9, 5))
    logged(cadre, done, date(2024, 9, 4))
    planned(cadre, there, FRIDAY)
    carried = plan_carry(monday=MONDAY, actor=scope_of(cadre))
    assert [(row.enterprise, row.planned_on, row.kind, row.note) for row in carried.made] == [
        (left, FRIDAY, "inspection", "看消防通道")
    ]
    assert carried.left == (there.name,)
    assert plan_carry(monday=MONDAY, actor=scope_of(cadre)).made == ()
    assert PlannedVisit.objects.between(MONDAY, MONDAY + timedelta(days=6)).count() == 2


def test_what_is_carried_to_next_week_keeps_clear_of_its_holidays(district: District) -> None:
    cadre = district.cadre()
    planned_then(cadre, district.enterprise(1), MONDAY)
    planned_then(cadre, district.enterprise(2), SATURDAY_WORKED)
    carried = plan_carry(monday=NEXT_MONDAY, actor=scope_of(cadre))
    assert [row.planned_on for row in carried.made] == [NEXT_WEDNESDAY, date(2024, 9, 20)]


def test_nothing_is_carried_into_a_week_that_is_over(district: District) -> None:
    with pytest.raises(Conflict):
        plan_carry(monday=MONDAY - timedelta(days=7), actor=scope_of(district.cadre()))
