"""Measures for one member of a household (一人一策): made, read by relation or by name, counted, printed, told."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hardship.models import FileMember, HardshipFile, Measure
from hardship.parts import PARTS
from hardship.services import member_leave
from hardship.services.exporting import _all_about
from tests.hardship.cast import Cast
from tests.hardship.test_process_pages import text_of
from tests.people import client_for


@pytest.fixture
def household(cast: Cast) -> tuple[HardshipFile, FileMember]:
    """A file in force of a worker and a wife."""
    file = cast.file_in("in_force", who="aid_jishan")
    return file, cast.member(file, name="李示例妻", illness="尿毒症")


def send(cast: Cast, file: HardshipFile, member: FileMember | None, **changes: Any) -> Any:
    sent = {"uuid": str(uuid4()), "kind": "training", "owner": "aid_jishan", "due_on": "2024-10-15", **changes}
    if member is not None:
        sent["member"] = str(member.pk)
    return cast.client("aid_jishan").post(f"/hardship/{file.code}/process/measure/", sent)


def test_a_measure_for_one_member_shows_a_name_to_those_who_may_read_it_alone(
    cast: Cast, household: tuple[HardshipFile, FileMember]
) -> None:
    file, wife = household
    assert send(cast, file, wife).status_code == 302
    assert send(cast, file, None, kind="loans").status_code == 302
    measure = Measure.objects.get(member=wife)
    for address in (f"/hardship/{file.code}/process/", f"/hardship/{file.code}/", f"/hardship/measures/{measure.pk}/"):
        own, leader = cast.client("aid_jishan").get(address), cast.client("leader").get(address)
        assert "配偶 李示例妻" in own.content.decode()
        assert "no-store" in own["Cache-Control"]
        assert "配偶" in leader.content.decode()
        assert "李示例妻" not in leader.content.decode()
    for address in ("/todo/hardship_measures/", "/hardship/measures/"):
        page = cast.client("aid_jishan").get(address).content.decode()
        assert "李示例妻" not in page
        assert "配偶" in page
    assert "一人一策（配偶）" in cast.client("aid_jishan").get("/todo/hardship_measures/").content.decode()


def test_how_they_came_out_is_counted_for_households_and_for_people(
    cast: Cast, household: tuple[HardshipFile, FileMember]
) -> None:
    file, wife = household
    for member, kind in ((wife, "training"), (wife, "placement"), (None, "training")):
        send(cast, file, member, kind=kind)
    done = Measure.objects.get(member=wife, kind__code="training")
    given = {"version": 1, "outcome": "helped", "result": "已上岗。", "ended_on": "2024-09-04"}
    assert cast.client("aid_jishan").post(f"/hardship/measures/{done.pk}/finish/", given).status_code == 302
    context = cast.client("leader").get("/hardship/progress/").context
    by_kind = {row["kind__name"]: (row["households"], row["people"], row["open"]) for row in context["outcomes"]}
    assert by_kind == {"技能培训": (1, 1, 1), "职业介绍": (1, 1, 1)}
    by_plan = {row["is_of_one"]: (row["people"], row["open"], row["helped"]) for row in context["plans"]}
    assert by_plan == {False: (0, 1, 0), True: (1, 1, 1)}


def test_only_who_lives_there_is_chosen_and_who_moves_out_keeps_their_measure(
    cast: Cast, household: tuple[HardshipFile, FileMember]
) -> None:
    file, wife = household
    stranger = cast.file().holder
    for member in (stranger, FileMember(pk=0)):
        refused = send(cast, file, member, what="清点岗位")
        assert refused.status_code == 422
        assert "请选择这户家庭现在的成员" in refused.content.decode()
        assert "清点岗位" in refused.content.decode()
    assert not Measure.objects.exists()
    send(cast, file, wife)
    measure = Measure.objects.get()
    file.refresh_from_db()
    member_leave(
        code=file.code,
        version=file.version,
        member_id=wife.pk,
        left_on=cast.now.date(),
        reason="moved_out",
        actor=cast.scope("aid_jishan"),
    )
    assert send(cast, file, wife).status_code == 422
    changed = {"version": 1, "kind": "loans", "owner": "aid_jishan", "due_on": "2024-11-15", "member": wife.pk}
    assert cast.client("aid_jishan").post(f"/hardship/measures/{measure.pk}/edit/", changed).status_code == 302
    measure.refresh_from_db()
    assert (measure.kind.code, measure.member) == ("loans", wife)
    assert "（已离户）" in cast.client("leader").get(f"/hardship/measures/{measure.pk}/").content.decode()
    with pytest.raises(IntegrityError, match="hardship_measure_member_of_file"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(member=stranger)


def test_the_plan_goes_to_word_and_a_member_is_told_of_the_own_measures(
    cast: Cast, household: tuple[HardshipFile, FileMember]
) -> None:
    file, wife = household
    address = f"/hardship/{file.code}/forms/plan/"
    client = client_for(cast.users["aid_jishan"])
    assert client.get(address).status_code == 409
    assert address not in client.get(f"/hardship/{file.code}/process/").content.decode()
    send(cast, file, wife, what="学做面点", partner="越城示例技校")
    send(cast, file, None, kind="loans", what="小额贷款贴息")
    assert address in client.get(f"/hardship/{file.code}/process/").content.decode()
    text = text_of(client.get(address).content)
    for words in ("一户一策", "一人一策", "配偶 李示例妻", "学做面点", "越城示例技校", "小额贷款贴息", "深度困难"):
        assert words in text
    holder, told = "".join(map(str, PARTS["process"].tell(file))), list(_all_about(file, wife))
    assert "小额贷款贴息" in holder
    assert "学做面点" not in holder
    assert ("办理过程", "帮扶措施 技能培训", "学做面点") in told
    assert "小额贷款贴息" not in str(told)
