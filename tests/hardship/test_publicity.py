"""公示: what the public reads and for how long, and what an objection does."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hardship.models import FileStep, HardshipFile, Objection, ObjectionReveal, PublicityEntry, PublicityList
from hardship.services.objections import Objected, objection_decide, objection_reveal, objection_submit
from hardship.services.publicity import publicity_start, publicity_stop, settle_publicity
from tests.hardship.cast import CARD, PHONE, Cast
from tests.hardship.going import Going
from tests.people import scope_of
from tests.queries import queries_of
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, Gone, InvalidTransition, NotFound

#: A list put up on the cast's Wednesday runs five workdays after it.
FIRST, LAST = date(2024, 9, 4), date(2024, 9, 11)
OBJECTOR_PHONE = "13900001111"


@pytest.fixture
def going(cast: Cast) -> Going:
    return Going(cast)


@pytest.fixture
def listed(going: Going) -> PublicityList:
    file, _ = going.bring("appraised")
    return going.publicise(file)


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def objected(**changes: object) -> Objected:
    given = {"uuid": uuid4(), "number": 1, "words": "他家有两套房。", "is_anonymous": True, **changes}
    return Objected(**given)


def test_the_public_reads_masked_fields_and_nothing_else(going: Going, listed: PublicityList) -> None:
    page = Client().get(f"/p/{listed.token}/")
    text = page.content.decode()
    entry = listed.entries.get()
    assert entry.masked_name == "王**"
    for shown in ("王**", "越城示例纺织厂", "深度困难", "生活救助"):
        assert shown in text
    holder = entry.file.holder
    for hidden in (holder.opened("name"), holder.opened("id"), PHONE, CARD, "示例路", entry.file.code, "重特大疾病"):
        assert hidden not in text
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (at(FIRST - timedelta(days=1), 23), 404),
        (at(FIRST, 0), 200),
        (at(LAST, 23), 200),
        (at(LAST + timedelta(days=1), 0), 410),
    ],
)
def test_it_begins_and_ends_by_the_clock_alone(listed: PublicityList, moment: datetime, status: int) -> None:
    with clock.at(moment):
        for path in ("", "objection/"):
            page = Client().get(f"/p/{listed.token}/{path}")
            assert page.status_code == status
            assert ("王**" in page.content.decode()) == (status == 200)
            assert page["X-Robots-Tag"] == "noindex"
            assert "no-store" in page["Cache-Control"]
    if status == 410:
        assert "公示已结束" in page.content.decode()


def test_the_portal_moves_a_file_on_once_the_days_are_over(listed: PublicityList) -> None:
    assert settle_publicity(now=at(LAST, 23)) == 0
    assert settle_publicity(now=at(LAST + timedelta(days=3))) == 1
    assert settle_publicity(now=at(LAST + timedelta(days=3))) == 0
    step = FileStep.objects.get(action="publicise")
    assert (step.happened_on, step.actor, step.to_state) == (LAST, None, "publicised")
    assert listed.entries.get().outcome == "passed"


def test_the_timetable_knows_the_sweep() -> None:
    from unionportal.celery import app

    assert app.conf.beat_schedule["hardship-settle-publicity"]["task"] == "hardship.settle_publicity"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_on": FIRST - timedelta(days=1)}, "starts_on"),
        ({"ends_on": LAST - timedelta(days=1)}, "ends_on"),
        ({"ends_on": LAST + timedelta(days=90)}, "ends_on"),
        ({"proposed": {}}, "files"),
        ({"proposed": "money"}, "files"),
    ],
)
def test_a_list_runs_its_days_and_says_only_kinds_of_aid(going: Going, given: dict, field: str) -> None:
    file, _ = going.bring("appraised")
    proposed = given.pop("proposed", "living")
    facts = {
        "township": going.cast.jishan,
        "proposed": {file.code: proposed} if proposed else {},
        "starts_on": FIRST,
        "actor": going.scope("aid_jishan"),
        "now": going.moment(),
        **given,
    }
    with pytest.raises(FieldErrors) as refused:
        publicity_start(**facts)
    assert set(refused.value.fields) == {field}
    assert not PublicityList.objects.exists()


def test_a_file_is_listed_in_its_turn_and_once(going: Going, listed: PublicityList) -> None:
    with pytest.raises(InvalidTransition, match="已经在另一份名单上"):
        going.publicise(listed.entries.get().file)
    early, _ = going.bring("surveyed")
    with pytest.raises(InvalidTransition, match="还没有轮到公示"):
        going.publicise(early)
    assert PublicityList.objects.count() == 1
    entry = listed.entries.get()
    with pytest.raises(IntegrityError, match="publicity_name_is_masked"), transaction.atomic():
        PublicityEntry.objects.filter(pk=entry.pk).update(masked_name="王示例")


def test_whoever_reads_no_personal_data_puts_up_no_list(going: Going) -> None:
    file, _ = going.bring("appraised")
    for who, error in (("staff", Forbidden), ("leader", Forbidden), ("clerk", Forbidden), ("aid_fusheng", NotFound)):
        with pytest.raises(error):
            publicity_start(
                township=going.cast.jishan,
                proposed={file.code: "living"},
                starts_on=FIRST,
                actor=going.scope(who),
                now=going.moment(),
            )


def test_an_anonymous_objection_holds_the_file_until_it_is_decided(going: Going, listed: PublicityList) -> None:
    objection = objection_submit(token=listed.token, given=objected(), now=at(LAST))
    assert "两套房" not in objection.words_sealed
    assert settle_publicity(now=at(LAST + timedelta(days=1))) == 0
    decided_on = LAST + timedelta(days=2)
    objection_decide(
        uuid=objection.uuid, upheld=False, decision="查无此事。", actor=going.scope("aid"), now=at(decided_on)
    )
    file = HardshipFile.objects.get()
    assert file.state == "publicised"
    assert FileStep.objects.get(action="publicise").happened_on == decided_on
    with pytest.raises(InvalidTransition, match="已经核实过"):
        objection_decide(
            uuid=objection.uuid, upheld=True, decision="再查", actor=going.scope("aid"), now=at(decided_on)
        )


def test_an_upheld_objection_takes_the_household_down_at_once(going: Going, listed: PublicityList) -> None:
    file = HardshipFile.objects.get()
    with pytest.raises(InvalidTransition, match="正在公示"):
        going.move(file, "reject")
    objection = objection_submit(token=listed.token, given=objected(), now=at(FIRST))
    objection_decide(
        uuid=objection.uuid, upheld=True, decision="确有两套住房。", actor=going.scope("aid_jishan"), now=at(FIRST)
    )
    assert "王**" not in Client().get(f"/p/{listed.token}/").content.decode()
    assert settle_publicity(now=at(LAST + timedelta(days=1))) == 0
    assert going.move(file, "reject", ground="objection").state == "rejected"


def test_a_repeated_send_is_one_objection_and_another_entry_is_another(listed: PublicityList, going: Going) -> None:
    given = objected()
    first = objection_submit(token=listed.token, given=given, now=at(FIRST))
    assert objection_submit(token=listed.token, given=given, now=at(FIRST)) == first
    other = going.publicise(going.bring("appraised")[0])
    with pytest.raises(Conflict):
        objection_submit(token=other.token, given=given, now=at(FIRST))
    assert Objection.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "长" * 1001}, "words"),
        ({"name": "李四"}, "name"),
        ({"phone": OBJECTOR_PHONE}, "phone"),
        ({"is_anonymous": False}, "name"),
        ({"is_anonymous": False, "name": "李四"}, "phone"),
        ({"is_anonymous": False, "name": "李四", "phone": "12"}, "phone"),
        ({"number": 9}, "number"),
    ],
)
def test_what_is_wrong_with_an_objection_is_told_at_its_field(listed: PublicityList, changes: dict, field: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        objection_submit(token=listed.token, given=objected(**changes), now=at(FIRST))
    assert set(refused.value.fields) == {field}
    assert not Objection.objects.exists()


def test_an_objection_comes_too_late_once_the_list_is_gone(listed: PublicityList) -> None:
    with pytest.raises(Gone):
        objection_submit(token=listed.token, given=objected(), now=at(LAST + timedelta(days=1)))


def test_who_objected_is_sealed_and_read_for_a_reason(going: Going, listed: PublicityList) -> None:
    given = objected(is_anonymous=False, name="李四", phone="139-0000-1111")
    objection = objection_submit(token=listed.token, given=given, now=at(FIRST))
    row = str(Objection.objects.filter(pk=objection.pk).values().get())
    assert "李四" not in row
    assert OBJECTOR_PHONE not in row
    page = going.cast.client("aid_jishan").get(f"/hardship/objections/{objection.uuid}/").content.decode()
    assert "两套房" in page
    assert OBJECTOR_PHONE not in page
    with pytest.raises(FieldErrors):
        objection_reveal(uuid=objection.uuid, reason=" ", actor=going.scope("aid_jishan"))
    for who, error in (("leader", Forbidden), ("clerk", Forbidden), ("aid_fusheng", NotFound)):
        with pytest.raises(error):
            objection_reveal(uuid=objection.uuid, reason="核实", actor=going.scope(who))
    shown = going.cast.client("aid_jishan").post(
        f"/hardship/objections/{objection.uuid}/", {"reveal": "1", "reason": "答复异议人"}
    )
    assert f"李四，{OBJECTOR_PHONE}" in shown.content.decode()
    assert ObjectionReveal.objects.get().reason == "答复异议人"
    entry = AuditEntry.objects.get(action="objection.reveal")
    assert "答复异议人" not in str(entry.data)


def test_anonymity_is_a_fact_of_the_database(listed: PublicityList) -> None:
    objection = objection_submit(token=listed.token, given=objected(), now=at(FIRST))
    with pytest.raises(IntegrityError, match="objection_anonymous_is_nameless"):
        Objection.objects.filter(pk=objection.pk).update(name_sealed="1.aes-gcm.x")


def test_taken_down_early_the_files_wait_for_another_list(going: Going, listed: PublicityList) -> None:
    with pytest.raises(FieldErrors):
        publicity_stop(uuid=listed.uuid, reason="", actor=going.scope("aid_jishan"), now=at(FIRST))
    publicity_stop(uuid=listed.uuid, reason="单位写错", actor=going.scope("aid_jishan"), now=at(FIRST))
    assert Client().get(f"/p/{listed.token}/").status_code == 410
    assert settle_publicity(now=at(LAST + timedelta(days=1))) == 0
    file = HardshipFile.objects.get()
    again = going.publicise(file)
    assert again.entries.get().file == file
    with pytest.raises(InvalidTransition, match="已经结束"):
        publicity_stop(uuid=listed.uuid, reason="再撤", actor=going.scope("aid_jishan"), now=at(FIRST))


def test_anybody_objects_through_the_page_and_what_was_typed_stays(listed: PublicityList) -> None:
    client, address = Client(), f"/p/{listed.token}/objection/"
    secret = client.get(address).context["form"].initial["secret"]
    sent = {
        "secret": secret,
        "number": "1",
        "words": "他家有两套房。",
        "manner": "named",
        "name": "李四",
        "phone": "12",
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "电话号码不对" in text
    assert "他家有两套房。" in text
    done = client.post(address, {**sent, "phone": OBJECTOR_PHONE})
    assert done.url == f"/p/{listed.token}/?sent=1"
    assert "异议已收到" in client.get(done.url).content.decode()
    assert client.post(address, {**sent, "phone": OBJECTOR_PHONE, "website": "x"}).status_code == 422
    assert client.post(address, {**sent, "secret": str(uuid4())}).status_code == 422
    assert Objection.objects.count() == 1


def test_a_poster_hangs_only_while_the_list_shows(going: Going, listed: PublicityList) -> None:
    client, address = going.cast.client("aid_jishan"), f"/hardship/publicity/{listed.uuid}/poster/"
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert f"/p/{listed.token}/" in text
    assert "王**" in text
    assert listed.entries.get().file.holder.opened("name") not in text
    with clock.at(at(LAST + timedelta(days=1))):
        assert client.get(address).status_code == 410


def test_lists_cost_the_same_however_many(going: Going, listed: PublicityList) -> None:
    client = going.cast.client("aid_jishan")
    one = queries_of(client, "/hardship/publicity/")
    for _ in range(5):
        going.publicise(going.bring("appraised")[0])
    assert queries_of(client, "/hardship/publicity/") == one


def test_an_aid_officer_of_elsewhere_who_is_clerk_here_reads_the_list_and_no_objection(
    going: Going, listed: PublicityList
) -> None:
    objection = objection_submit(token=listed.token, given=objected(), now=at(FIRST))
    both = going.cast.users["aid_fusheng"]
    RoleGrant.objects.create(user=both, role="township", unit=going.cast.jishan)
    client = going.cast.client("aid_fusheng")
    page = client.get(f"/hardship/publicity/{listed.uuid}/")
    assert page.status_code == 200
    assert "两套房" not in page.content.decode()
    assert 'data-dialog="stop"' not in page.content.decode()
    assert client.get(f"/hardship/objections/{objection.uuid}/").status_code == 404
    with pytest.raises(NotFound):
        publicity_stop(uuid=listed.uuid, reason="误发", actor=scope_of(both))


def test_another_township_does_not_know_of_the_list(going: Going, listed: PublicityList) -> None:
    assert going.cast.client("aid_fusheng").get(f"/hardship/publicity/{listed.uuid}/").status_code == 404
    assert going.cast.client("neighbour").get(f"/hardship/publicity/{listed.uuid}/").status_code == 404
    assert going.cast.client("leader").get(f"/hardship/publicity/{listed.uuid}/").status_code == 200
    assert going.cast.client("cadre").get(f"/hardship/publicity/{listed.uuid}/").status_code == 403
