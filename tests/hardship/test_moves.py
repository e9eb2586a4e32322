"""A file's way through the services: who may, in which order, by when, and what stays behind."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import DatabaseError, connections

from hardship.models import FileOpinion, FileProcess, FileStep, HardshipFile, HomeSurvey
from hardship.services.moves import Given, file_move
from hardship.services.papers import consent_withdraw
from hardship.services.publicity import settle_publicity
from tests.hardship.cast import Cast
from tests.hardship.going import Going
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import (
    Conflict,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)
from unionportal.core.common.scope import SYSTEM, Role
from unionportal.core.params.services import parameter_set
from unionportal.core.workcal.days import add_workdays

#: The cast's Wednesday and the days that follow from it.
APPLIED = date(2024, 9, 4)


@pytest.fixture
def going(cast: Cast) -> Going:
    return Going(cast)


def test_from_application_to_in_force_every_step_says_who_when_and_at_which_level(going: Going) -> None:
    file, day = going.bring("in_force")
    steps = list(FileStep.objects.filter(file=file))
    assert [(s.action, s.level, s.actor.username if s.actor else "") for s in steps] == [
        ("apply", "unit", "aid_jishan"),
        ("survey", "unit", "aid_jishan"),
        ("appraise", "unit", "aid_jishan"),
        ("publicise", "unit", ""),
        ("review", "township", "reviewer"),
        ("check", "district", "aid"),
        ("approve", "district", "leader"),
    ]
    assert [s.seq for s in steps] == list(range(1, 8))
    assert all(before.to_state == after.from_state for before, after in pairwise(steps))
    assert steps[2].data == {"present": 5, "agreed": 4}
    assert steps[4].opinion.text == "经复核，情况属实。"
    process = FileProcess.objects.get(file=file)
    assert (process.in_force_on, process.awaits, process.due_on) == (day, "renew", date(2025, 9, 12))
    trail = AuditEntry.objects.filter(object_type="hardship_file", object_id=file.code)
    assert {"hardship.apply", "hardship.publicise", "hardship.approve"} <= set(trail.values_list("action", flat=True))


def test_deadlines_are_workdays_over_a_holiday(going: Going) -> None:
    """2024-09-15 to 17 is the Mid-autumn Festival, Saturday the 14th is worked."""
    file = going.draft()
    going.move(file, "apply")
    process = FileProcess.objects.get(file=file)
    assert (process.awaits, process.due_on) == ("survey", date(2024, 9, 11))
    going.survey(file, day=date(2024, 9, 11))
    process.refresh_from_db()
    assert (process.awaits, process.due_on) == ("appraise", date(2024, 9, 19))


def test_the_order_is_that_of_the_day_of_the_application(going: Going) -> None:
    first = going.draft()
    going.move(first, "apply")
    parameter_set(key="hardship.order", value="公示在联网核查之后", effective_on=APPLIED, actor=SYSTEM)
    second = going.draft()
    going.move(second, "apply")
    for file in (first, second):
        going.survey(file)
        going.move(file, "appraise")
    with pytest.raises(InvalidTransition, match="不能镇街复核"):
        going.move(first, "review")
    going.move(second, "review")
    going.move(second, "check")
    assert FileProcess.objects.get(file=first).awaits == FileProcess.objects.get(file=second).awaits == "publicise"


@pytest.mark.parametrize(
    ("state", "action", "who"),
    [
        ("draft", "apply", "leader"),
        ("publicised", "review", "aid"),
        ("publicised", "review", "leader"),
        ("reviewed", "check", "aid_jishan"),
        ("reviewed", "check", "leader"),
        ("checked", "approve", "aid_jishan"),
        ("in_force", "lift", "aid_jishan"),
        ("in_force", "clear", "aid_jishan"),
        ("surveyed", "appraise", "leader"),
    ],
)
def test_a_step_is_for_its_own_people(going: Going, state: str, action: str, who: str) -> None:
    file, day = going.bring(state)
    with pytest.raises(Forbidden):
        going.move(file, action, who=who, day=day)
    file.refresh_from_db()
    assert file.state == state


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("staff", Forbidden),
        ("clerk", Forbidden),
        ("cadre", Forbidden),
        ("neighbour", Forbidden),
        ("aid_fusheng", NotFound),
    ],
)
def test_who_only_reads_or_works_elsewhere_moves_nothing(going: Going, who: str, error: type[Exception]) -> None:
    file = going.draft()
    with pytest.raises(error):
        going.move(file, "apply", who=who)


def test_nobody_approves_or_reviews_what_they_prepared(going: Going) -> None:
    file, day = going.bring("publicised")
    with pytest.raises(InvalidTransition, match="请由镇街另一位"):
        going.move(file, "review", who="aid_jishan", day=day)
    going.move(file, "review", day=day)
    going.move(file, "check", day=day)
    with pytest.raises(InvalidTransition, match="不能自己审批"):
        going.move(file, "approve", who="aid", day=day)
    opened = going.papers(going.cast.file(who="aid"))
    file, day = going.bring("reviewed", opened, day=day)
    HardshipFile.objects.filter(pk=file.pk).update(state="checked")
    with pytest.raises(InvalidTransition, match="不能自己审批"):
        going.move(file, "approve", who="aid", day=day)
    assert going.move(file, "approve", day=day).state == "in_force"


def test_a_file_without_a_category_or_a_cause_goes_no_further(going: Going) -> None:
    file, day = going.bring("checked")
    HardshipFile.objects.filter(pk=file.pk).update(category="")
    with pytest.raises(InvalidTransition, match="困难类别"):
        going.move(file, "approve", day=day)
    draft = going.draft()
    HardshipFile.objects.filter(pk=draft.pk).update(main_cause="")
    with pytest.raises(InvalidTransition, match="致困原因"):
        going.move(draft, "apply")


def test_an_application_waits_for_everybodys_consent_and_the_authorisation(going: Going) -> None:
    file = going.cast.file(who="aid_jishan")
    with pytest.raises(InvalidTransition, match="个人敏感信息处理同意书、家庭经济状况核对授权书"):
        going.move(file, "apply")
    going.papers(file)
    assert going.move(file, "apply").state == "applied"


def test_sent_back_with_a_reason_it_begins_anew_from_there(going: Going) -> None:
    file, day = going.bring("reviewed")
    with pytest.raises(FieldErrors) as refused:
        going.move(file, "send_back", day=day, opinion=" ")
    assert set(refused.value.fields) == {"opinion"}
    with pytest.raises(FieldErrors) as refused:
        going.move(file, "send_back", day=day, to="checked")
    assert "走过的步骤" in refused.value.fields["to"]
    file = going.move(file, "send_back", day=day)
    assert file.state == "applied"
    assert FileProcess.objects.get(file=file).awaits == "survey"
    step = FileStep.objects.filter(file=file).last()
    assert (step.level, step.opinion.text) == ("district", "收入材料不全，请补充。")
    going.survey(file, day=day)
    assert HomeSurvey.objects.filter(file=file).count() == 2


def test_a_township_officer_who_sends_back_speaks_for_the_township(going: Going) -> None:
    file, day = going.bring("publicised")
    going.move(file, "send_back", who="reviewer", day=day, to="surveyed")
    assert FileStep.objects.filter(file=file).last().level == "township"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": date(2024, 9, 5)}, "day"),
        ({"day": date(2024, 9, 3)}, "day"),
        ({"present": 2, "agreed": 2}, "present"),
        ({"present": 5, "agreed": 6}, "agreed"),
        ({"present": 4, "agreed": 2}, "agreed"),
        ({"opinion": ""}, "opinion"),
        ({"opinion": "长" * 1001}, "opinion"),
    ],
)
def test_what_is_wrong_with_an_appraisal_is_told_at_its_field_and_nothing_changes(
    going: Going, given: dict, field: str
) -> None:
    file, _ = going.bring("surveyed")
    on = given.pop("day", None) or APPLIED
    facts = {"day": on, "present": 5, "agreed": 4, "opinion": "同意。", **given}
    with pytest.raises(FieldErrors) as refused:
        file_move(
            code=file.code,
            action="appraise",
            given=Given(**facts),
            actor=going.scope("aid_jishan"),
            now=going.moment(),
        )
    assert set(refused.value.fields) == {field}
    file.refresh_from_db()
    assert (file.state, file.steps.count()) == ("surveyed", 2)


def test_a_difference_the_registers_found_is_written_down(going: Going) -> None:
    file, day = going.bring("reviewed")
    with pytest.raises(FieldErrors) as refused:
        going.move(file, "check", day=day, check_result="differs")
    assert "出入" in refused.value.fields["opinion"]
    file = going.move(file, "check", day=day, check_result="differs", opinion="另有一处房产，已核实为共有。")
    assert FileStep.objects.filter(file=file).last().data == {"check_result": "differs"}


def test_who_saw_an_older_version_changes_nothing(going: Going) -> None:
    file = going.draft()
    with pytest.raises(StaleVersion):
        file_move(
            code=file.code,
            action="apply",
            given=Given(day=APPLIED),
            actor=going.scope("aid_jishan"),
            version=file.version + 1,
            now=going.moment(),
        )


def test_a_change_brings_the_review_forward_and_a_review_sets_the_next(going: Going) -> None:
    file, day = going.bring("in_force")
    going.move(file, "change", day=day)
    process = FileProcess.objects.get(file=file)
    assert (process.awaits, process.due_on) == ("renew", date(2024, 9, 27))
    going.move(file, "renew", day=day, renewal="change")
    process.refresh_from_db()
    assert (process.renewed_on, process.due_on) == (day, date(2025, 9, 12))


def test_lifted_relapsed_and_in_force_again_is_a_second_round(going: Going) -> None:
    file, day = going.bring("in_force")
    file = going.move(file, "lift", day=day)
    assert (file.state, file.closed_on) == ("lifted", day)
    assert FileProcess.objects.get(file=file).awaits == ""
    going.papers(file, day)
    file = going.move(file, "relapse", day=day)
    assert (file.state, file.closed_on) == ("applied", None)
    process = FileProcess.objects.get(file=file)
    assert (process.round, process.in_force_on, process.awaits) == (2, None, "survey")
    with pytest.raises(InvalidTransition, match="不能返困"):
        going.move(file, "relapse", day=day)


def test_a_relapse_waits_for_consents_in_force_and_an_authorisation_signed_anew(going: Going) -> None:
    file, day = going.bring("in_force")
    going.move(file, "lift", day=day)
    consent = file.papers.get(kind="consent")
    file.refresh_from_db()
    consent_withdraw(
        code=file.code, version=file.version, paper_id=consent.pk, withdrawn_on=APPLIED, actor=going.scope("aid_jishan")
    )
    missing = "同意书、2024年9月12日以后重新签的家庭经济状况核对授权书"
    with pytest.raises(InvalidTransition, match=missing):
        going.move(file, "relapse", day=day)
    page = going.cast.client("aid_jishan").get(f"/hardship/{file.code}/process/").content.decode()
    assert missing in page
    assert f'href="/hardship/{file.code}/#paper"' in page
    assert 'data-dialog="paper"' in going.cast.client("aid_jishan").get(f"/hardship/{file.code}/").content.decode()
    assert missing not in going.cast.client("leader").get(f"/hardship/{file.code}/process/").content.decode()
    going.papers(file, APPLIED)
    with pytest.raises(InvalidTransition, match="还缺2024年9月12日以后重新签的"):
        going.move(file, "relapse", day=day)
    going.papers(file, day)
    assert going.move(file, "relapse", day=day).state == "applied"


@pytest.mark.parametrize("state", ["cleared", "rejected"])
def test_a_file_that_ended_otherwise_takes_papers_once_it_is_a_draft_again(going: Going, state: str) -> None:
    file = going.cast.file_in(state)
    with pytest.raises(InvalidTransition, match="不能再添加材料"):
        going.papers(file)
    going.move(file, "reapply")
    going.papers(file)
    assert going.move(file, "apply").state == "applied"


def test_nobody_stands_in_while_the_township_can_review_itself(going: Going) -> None:
    file, day = going.bring("publicised")
    with pytest.raises(Forbidden):
        going.move(file, "review", who="aid", day=day)
    going.cast.users["reviewer"].grants.all().delete()
    assert file.code in going.cast.client("aid").get("/todo/hardship_steps/").content.decode()
    page = going.cast.client("aid").get(f"/hardship/{file.code}/process/").content.decode()
    assert "由上级帮扶专员代为复核" in page
    assert 'data-dialog="review"' in page
    file = going.move(file, "review", who="aid", day=day)
    step = FileStep.objects.filter(file=file).last()
    assert (step.level, step.data) == ("township", {"stands_in": True})
    page = going.cast.client("leader").get(f"/hardship/{file.code}/process/").content.decode()
    assert "镇街复核（代为复核）" in page
    assert f"上级工会 {going.cast.users['aid'].display_name}" in page
    going.move(file, "check", day=day)
    with pytest.raises(InvalidTransition, match="不能自己审批"):
        going.move(file, "approve", who="aid", day=day)


def test_who_prepared_a_file_does_not_stand_in_either(going: Going) -> None:
    file = going.draft()
    going.move(file, "apply", who="aid")
    going.survey(file)
    going.move(file, "appraise")
    ended = add_workdays(going.publicise(file).ends_on, 1).day
    settle_publicity(now=going.moment(ended))
    going.cast.users["reviewer"].grants.all().delete()
    assert file.code not in going.cast.client("aid").get("/todo/hardship_steps/").content.decode()
    with pytest.raises(InvalidTransition, match="由上级帮扶专员代为复核"):
        going.move(file, "review", who="aid", day=ended)
    going.cast.users["second"] = going.cast.district.person(Role.AID, username="second")
    assert going.move(file, "review", who="second", day=ended).state == "reviewed"


def test_staff_and_who_gives_out_roles_see_which_townships_have_no_officer(going: Going) -> None:
    cast = going.cast
    cast.users["security"] = cast.district.person(Role.SECURITY, username="security")
    words = "没有自己的帮扶专员"
    lacking = cast.district.township("330602007")
    assert (
        words not in cast.client("security").get("/accounts/").content.decode()
    )  # no file yet that somebody must review
    cast.file()
    for who, address in (("staff", "/hardship/"), ("aid", "/hardship/"), ("security", "/accounts/")):
        assert f"1 个镇街{words}：{lacking}。" in cast.client(who).get(address).content.decode()
    assert words not in cast.client("aid_jishan").get("/hardship/").content.decode()
    assert words not in cast.client("clerk").get("/hardship/").content.decode()
    cast.district.person(Role.AID, unit=lacking, username="new")
    assert words not in cast.client("staff").get("/hardship/").content.decode()


def test_a_household_with_another_file_by_now_does_not_come_back_on_the_old_one(going: Going) -> None:
    holder = going.cast.person()
    old, day = going.bring("in_force", going.draft(holder=holder))
    going.move(old, "lift", day=day)
    going.papers(old, day)
    going.cast.file(who="aid_jishan", holder=holder)
    with pytest.raises(Conflict, match="一户只能有一份"):
        going.move(old, "relapse", day=day)
    old.refresh_from_db()
    assert old.state == "lifted"


def test_turned_down_it_is_over_and_may_be_applied_for_again(going: Going) -> None:
    file, day = going.bring("appraised")
    file = going.move(file, "reject", day=day)
    assert (file.state, file.closed_on) == ("rejected", day)
    file = going.move(file, "reapply", day=day)
    assert (file.state, file.closed_on) == ("draft", None)
    going.move(file, "apply", day=day)
    assert FileProcess.objects.get(file=file).round == 2


def test_two_surveyors_and_words_that_only_the_portal_reads(going: Going) -> None:
    file = going.draft()
    going.move(file, "apply")
    own = going.cast.users["aid_jishan"].display_name
    for second, words in ((" ", "两人"), (own, "不能是您自己")):
        with pytest.raises(FieldErrors) as refused:
            going.survey(file, second_surveyor=second)
        assert words in refused.value.fields["second_surveyor"]
    survey = going.survey(file)
    assert "透析" not in survey.findings_sealed
    assert survey.step.data == {"income_match": "same", "housing_match": "same", "photos": 0}
    assert not FileOpinion.objects.filter(text__contains="透析").exists()


def test_nothing_moves_a_publicity_on_but_the_portal(going: Going) -> None:
    file, day = going.bring("appraised")
    with pytest.raises(Forbidden):
        file_move(
            code=file.code,
            action="publicise",
            given=Given(day=day),
            actor=going.scope("aid_jishan"),
            now=going.moment(),
        )
    assert settle_publicity(now=going.moment()) == 0


@pytest.mark.parametrize("statement", ["UPDATE hardship_filestep SET action = 'lift'", "DELETE FROM hardship_filestep"])
@pytest.mark.django_db(databases=["default", "owner"])
def test_the_log_is_neither_changed_nor_deleted(going: Going, statement: str) -> None:
    going.move(going.draft(), "apply")
    with (
        pytest.raises(DatabaseError, match=r"append-only|permission denied"),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)
