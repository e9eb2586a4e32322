"""Opening hardship files: who sees them, what is checked, and one live file a household."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from hardship.models import FileMember, HardshipFile
from hardship.personal import masked_name, may_see_personal, secret_shown
from hardship.services import FileInput, MemberInput, file_edit, file_open, member_leave, member_save
from tests.hardship.cast import CARD, PHONE, Cast, id_number
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion


def refused(problem: pytest.ExceptionInfo[FieldErrors]) -> dict[str, str]:
    return problem.value.fields


def test_a_file_is_opened_with_everything_personal_sealed(cast: Cast) -> None:
    number = id_number(121)
    file = cast.file(holder=MemberInput(name="王示例", id_number=number.lower(), phone="138 1234 5678"))
    assert (file.code, file.state, file.is_live, file.people) == ("KN-2024-0001", "draft", True, 1)
    holder = file.holder
    assert (holder.opened("name"), holder.opened("id"), holder.opened("phone")) == ("王示例", number, PHONE)
    assert (holder.opened("born"), holder.birth_year, holder.sex) == ("1980-05-06", 1980, "1")
    assert file.opened("card") == CARD
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(f)::text, row_to_json(m)::text FROM hardship_hardshipfile f, hardship_filemember m"
        )
        stored = "".join(cursor.fetchone())
        cursor.execute("SELECT string_agg(row_to_json(a)::text, '') FROM audit_auditentry a")
        stored += cursor.fetchone()[0]
    for secret in (number, PHONE, CARD, "王示例", "1980-05-06", "示例路"):
        assert secret not in stored


def test_who_sees_which_rows_and_whose_names(cast: Cast) -> None:
    here, there = cast.file(), cast.file(township=cast.fusheng)
    rows = {
        name: {f.code for f in HardshipFile.objects.visible_to(cast.scope(name))}
        for name in ("aid", "aid_jishan", "aid_fusheng", "leader", "staff", "clerk", "neighbour", "cadre", "handler")
    }
    both = {here.code, there.code}
    assert rows == {
        "aid": both,
        "aid_jishan": {here.code},
        "aid_fusheng": {there.code},
        "leader": both,
        "staff": both,
        "clerk": {here.code},
        "neighbour": {there.code},
        "cadre": set(),
        "handler": set(),
    }
    assert {name for name in rows if may_see_personal(cast.scope(name), here)} == {"aid", "aid_jishan"}
    assert FileMember.objects.visible_to(cast.scope("clerk")).get().file == here


def test_a_retry_is_the_same_file_and_a_strangers_is_none(cast: Cast) -> None:
    uuid = uuid4()
    first = cast.file(uuid=uuid)
    assert cast.file(uuid=uuid) == first
    assert HardshipFile.objects.count() == 1
    with pytest.raises(Conflict):
        cast.file("aid_fusheng", uuid=uuid, township=cast.fusheng)


@pytest.mark.parametrize("who", ["leader", "staff", "clerk", "cadre", "handler", "auditor"])
def test_only_aid_officers_open_files(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        cast.file(who)


def test_an_aid_officer_stays_in_the_own_area(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        cast.file("aid_fusheng")
    file = cast.file()
    with pytest.raises(NotFound):
        file_edit(code=file.code, version=1, facts=FileInput(main_cause="1"), actor=cast.scope("aid_fusheng"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("330602800506121", "15 位的旧身份证号"),
        ("33060219800506121", "应为 18 位，现在是 17 位"),
        ("330602198005O61214", "只能是 17 位数字"),
        (id_number(121)[:-1] + ("0" if id_number(121)[-1] != "0" else "1"), "校验位不对"),
        ("330602198013061211", "校验位不对"),
        (id_number(121, date(2031, 1, 1)), "出生日期不合理"),
        ("", "请填写户主的身份证号"),
    ],
)
def test_a_wrong_id_number_is_told_at_its_field(cast: Cast, number: str, words: str) -> None:
    with pytest.raises(FieldErrors) as problem:
        cast.file(holder=MemberInput(name="王示例", id_number=number))
    assert words in refused(problem)["holder_id_number"]
    assert not HardshipFile.objects.exists()


def test_number_birth_date_and_sex_agree(cast: Cast) -> None:
    with pytest.raises(FieldErrors) as problem:
        cast.file(holder=MemberInput(name="王示例", id_number=id_number(121), sex="2", born_on=date(1980, 5, 7)))
    assert refused(problem) == {
        "holder_sex": "与身份证号里的性别不一致。",
        "holder_born_on": "与身份证号里的出生日期不一致。",
    }


def test_other_bad_facts(cast: Cast) -> None:
    with pytest.raises(FieldErrors) as problem:
        cast.file(
            facts=FileInput(main_cause="6", secondary_causes=["6"], card="6222020200112233447", housing="castle"),
            holder=cast.person(monthly_income=Decimal("-1"), phone="123"),
        )
    assert set(refused(problem)) == {
        "secondary_causes",
        "card",
        "housing",
        "holder_monthly_income",
        "holder_phone",
    }


def test_a_number_in_another_live_file_is_told_whose_only_to_those_who_may_know(cast: Cast) -> None:
    number = id_number(131)
    file = cast.file(holder=cast.person(name="王示例"))
    cast.member(file, id_number=number, relation="2")
    with pytest.raises(FieldErrors) as problem:
        cast.file(holder=MemberInput(name="王小示", id_number=number))
    # The name in clear is on the file's page, where the look is written down.
    assert f"已在档案 {file.code}（稽山街道，户主王**）中" in refused(problem)["holder_id_number"]
    elsewhere = cast.file(township=cast.fusheng)
    for _ in range(2):  # as holder, then as member
        with pytest.raises(FieldErrors) as problem:
            cast.file("aid_fusheng", township=cast.fusheng, holder=MemberInput(name="王小示", id_number=number))
        with pytest.raises(FieldErrors) as as_member:
            cast.member(elsewhere, "aid_fusheng", id_number=number)
    for words in (refused(problem)["holder_id_number"], refused(as_member)["id_number"]):
        assert "已在另一份档案中" in words
        assert file.code not in words
        assert "王示例" not in words


def test_the_database_holds_one_live_file_a_person(cast: Cast) -> None:
    number = id_number(141)
    first = cast.file(holder=MemberInput(name="王示例", id_number=number))
    second = cast.file()
    twin = FileMember(file=second, relation="2")
    twin.seal("id", number)
    with pytest.raises(IntegrityError, match="hardship_one_live_file_an_id"), transaction.atomic():
        twin.save()
    HardshipFile.objects.filter(pk=first.pk).update(state="lifted", category="deep", closed_on=cast.now.date())
    assert not first.members.get().in_live_file  # the database carried it over
    again = FileMember(file=second, relation="2")
    again.seal("id", number)
    again.save()
    with pytest.raises(IntegrityError, match="hardship_one_live_file_an_id"), transaction.atomic():
        HardshipFile.objects.filter(pk=first.pk).update(state="in_force", closed_on=None)


def test_the_same_number_twice_in_one_household(cast: Cast) -> None:
    file = cast.file()
    with pytest.raises(FieldErrors) as problem:
        cast.member(file, id_number=file.holder.opened("id"))
    assert refused(problem)["id_number"] == "这个身份证号在这户里已经有了。"


def test_members_come_are_mended_and_leave(cast: Cast) -> None:
    file = cast.file()
    child = cast.member(file, relation="3", id_number="", born_on=date(2024, 1, 2), name="王小例")
    file.refresh_from_db()
    assert (file.people, child.opened("id"), child.birth_year) == (2, "", 2024)
    number = id_number(222, date(2024, 1, 2))
    member_save(
        code=file.code,
        version=file.version,
        member_id=child.pk,
        facts=MemberInput(name="王小例", relation="3", id_number=number),
        actor=cast.scope("aid_jishan"),
    )
    child.refresh_from_db()
    assert child.opened("id") == number
    file.refresh_from_db()
    with pytest.raises(StaleVersion):
        member_leave(
            code=file.code,
            version=1,
            member_id=child.pk,
            left_on=cast.now.date(),
            reason="moved_out",
            actor=cast.scope("aid"),
        )
    leave = {"code": file.code, "version": file.version, "left_on": cast.now.date(), "actor": cast.scope("aid")}
    with pytest.raises(FieldErrors):
        member_leave(member_id=file.holder.pk, reason="died", **leave)
    member_leave(member_id=child.pk, reason="moved_out", **leave)
    file.refresh_from_db()
    assert file.people == 1
    cast.file(holder=MemberInput(name="王小例", id_number=number))  # free for another household


def test_a_closed_file_does_not_change(cast: Cast) -> None:
    file = cast.file_in("cleared")
    with pytest.raises(InvalidTransition, match="已清档"):
        file_edit(code=file.code, version=file.version, facts=FileInput(main_cause="1"), actor=cast.scope("aid"))


def test_an_edit_keeps_what_was_left_empty_and_says_what_changed(cast: Cast) -> None:
    file = cast.file()
    file_edit(
        code=file.code, version=1, facts=FileInput(main_cause="9", secondary_causes=["6"]), actor=cast.scope("aid")
    )
    file.refresh_from_db()
    assert (file.main_cause, file.secondary_causes, file.opened("card"), file.version) == ("9", ["6"], CARD, 2)
    assert AuditEntry.objects.get(action="hardship.edit").data["changed"] == [
        "main_cause",
        "secondary_causes",
        "unit_name",
    ]


def test_masks(cast: Cast) -> None:
    file = cast.file()
    assert [masked_name(name) for name in ("王小明", "王明", "欧阳小明")] == ["王**", "王*", "欧**"]
    holder = file.holder
    assert secret_shown(holder, "phone", personal=True) == "138****5678"
    assert secret_shown(holder, "phone", personal=False) == "****"
    assert secret_shown(file, "card", personal=True) == "**** 3446"
    assert secret_shown(file, "address", personal=True) == "****"
    assert secret_shown(holder, "illness", personal=True) == ""


def test_nobody_opens_a_file_for_no_township(cast: Cast) -> None:
    with pytest.raises(FieldErrors) as problem:
        file_open(
            uuid=uuid4(),
            township=cast.district.department,
            facts=FileInput(main_cause="1"),
            holder=cast.person(),
            actor=cast.scope("aid"),
        )
    assert refused(problem) == {"township": "请选择镇街。"}
