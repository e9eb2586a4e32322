"""Nominations: who hands in what and when, and what staff make of it."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.evaluations.cast import Year
from tests.people import scope_of
from tests.visits.builders import THURSDAY
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from visits.models import Nomination
from visits.services.nominations import (
    NominationInput,
    nomination_admit,
    nomination_edit,
    nomination_refuse,
    nomination_submit,
    nomination_withdraw,
)

pytestmark = pytest.mark.django_db


def given(year: Year, **facts: object) -> NominationInput:
    return NominationInput(
        **{"title": "题目", "abstract": "摘要。", "text": "正文。", "authors": (year.people["cadre"],), **facts}
    )


@pytest.mark.parametrize("who", ["staff", "leader", "review1", "auditor", "sysadmin"])
def test_only_cadres_and_townships_nominate(year: Year, who: str) -> None:
    year.move("open")
    with pytest.raises(Forbidden):
        year.nominate(who=who)


def test_nothing_is_nominated_before_and_after(year: Year) -> None:
    with pytest.raises(InvalidTransition, match="准备"):
        year.nominate()
    year.move("open")
    paper = year.nominate()
    year.admit(paper)
    with clock.at(THURSDAY.replace(month=10, day=1)), pytest.raises(InvalidTransition, match="截止"):
        year.nominate("迟到的")
    year.name_reviewers()
    year.move("review")
    with pytest.raises(InvalidTransition, match="评审"):
        year.nominate("更迟的")
    with pytest.raises(InvalidTransition):
        nomination_edit(nomination_id=paper.pk, version=None, given=given(year), actor=year.scope("cadre"))
    with pytest.raises(InvalidTransition):
        nomination_withdraw(nomination_id=paper.pk, version=None, actor=year.scope("cadre"))
    with pytest.raises(InvalidTransition):
        nomination_refuse(nomination_id=paper.pk, version=None, reason="晚了", actor=year.scope("staff"))


def test_a_retry_is_the_same_row(year: Year) -> None:
    year.move("open")
    number = uuid4()
    for _ in range(2):
        nomination_submit(
            uuid=number, round_id=year.round.pk, kind="research", given=given(year), actor=year.scope("cadre")
        )
    assert Nomination.objects.count() == 1


def test_what_is_missing_or_not_theirs_is_told_at_the_field(year: Year) -> None:
    year.move("open")
    wrong = given(year, title=" ", authors=(), unit=year.fusheng, issues=("YC-2024-000001",))
    with pytest.raises(FieldErrors) as refused:
        nomination_submit(uuid=uuid4(), round_id=year.round.pk, kind="research", given=wrong, actor=year.scope("cadre"))
    assert set(refused.value.fields) == {"title", "authors", "unit", "issues"}
    assert Nomination.objects.count() == 0


def test_an_outsider_neither_sees_nor_changes_it(year: Year) -> None:
    year.move("open")
    paper = year.nominate(unit=year.jishan)
    for who in ("other", "neighbour", "review1", "auditor"):
        with pytest.raises((NotFound, Forbidden)):
            nomination_edit(nomination_id=paper.pk, version=None, given=given(year), actor=year.scope(who))
    assert Nomination.objects.visible_to(year.scope("other")).count() == 0
    assert Nomination.objects.visible_to(year.scope("neighbour")).count() == 0
    assert Nomination.objects.visible_to(year.scope("clerk")).count() == 1


def test_a_change_waits_for_staff_again_and_a_withdrawn_one_is_gone(year: Year) -> None:
    year.move("open")
    paper = year.nominate()
    year.admit(paper)
    mended = nomination_edit(nomination_id=paper.pk, version=None, given=given(year), actor=year.scope("cadre"))
    assert mended.state == "handed_in"
    assert nomination_withdraw(nomination_id=paper.pk, version=None, actor=year.scope("cadre")).state == "withdrawn"
    with pytest.raises(InvalidTransition, match="已经撤回"):
        nomination_edit(nomination_id=paper.pk, version=None, given=given(year), actor=year.scope("cadre"))
    with pytest.raises(InvalidTransition):
        nomination_admit(nomination_id=paper.pk, version=None, actor=year.scope("staff"))


def test_staff_refuse_with_a_reason(year: Year) -> None:
    year.move("open")
    paper = year.nominate()
    with pytest.raises(FieldErrors):
        nomination_refuse(nomination_id=paper.pk, version=None, reason=" ", actor=year.scope("staff"))
    with pytest.raises(Forbidden):
        nomination_refuse(nomination_id=paper.pk, version=None, reason="不合要求", actor=year.scope("leader"))
    refused = nomination_refuse(nomination_id=paper.pk, version=None, reason="与去年重复", actor=year.scope("staff"))
    assert (refused.state, refused.reason) == ("refused", "与去年重复")


def test_files_go_with_it_and_bad_ones_are_refused(year: Year) -> None:
    year.move("open")
    paper = year.nominate(files=(SimpleUploadedFile("陈驻联.pdf", b"%PDF-1.4\n%%EOF\n"),))
    assert paper.files.count() == 1
    with pytest.raises(FieldErrors) as refused:
        year.nominate("另一件", files=(SimpleUploadedFile("病毒.exe", b"MZ"),))
    assert "attachments" in refused.value.fields
    mended = nomination_edit(
        nomination_id=paper.pk,
        version=None,
        given=given(year),
        remove_files=[paper.files.get().pk],
        actor=year.scope("cadre"),
    )
    assert mended.files.count() == 0


def test_an_author_may_mend_what_a_colleague_handed_in(year: Year) -> None:
    year.move("open")
    colleague = year.district.cadre(name="冯同事")
    paper = year.nominate(authors=(year.people["cadre"], colleague), unit=year.jishan)
    mended = nomination_edit(
        nomination_id=paper.pk,
        version=paper.version,
        given=given(year, authors=(colleague, year.people["cadre"]), unit=year.jishan),
        actor=scope_of(colleague),
    )
    assert [author.user.display_name for author in mended.authors.all()] == ["冯同事", "陈驻联"]
