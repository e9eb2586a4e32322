"""What leaves the portal about people and what is deleted: protected workbooks that expire, a person's own export, retention, keys."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import msoffcrypto
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from hardship.lead_personal import lead_reveal
from hardship.models import ErasureCertificate, FileLook, FileMember, FilePaper, HardshipFile, Lead, ProtectedBook
from hardship.parts import PARTS, Part
from hardship.personal import file_reveal
from hardship.services import paper_add
from hardship.services.batches import batch_return, batch_submit
from hardship.services.books import books_expire
from hardship.services.erasing import due_records, records_erase
from hardship.services.lead_decisions import lead_dismiss
from hardship.services.leads import LeadInput, lead_raise
from hardship.services.publicity import publicity_stop
from tests.core.test_field_keys import key
from tests.hardship import money
from tests.hardship.cast import CARD, PHONE, Cast, id_number
from tests.hardship.going import Going
from tests.hardship.sheets import opened
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import Conflict, Forbidden
from unionportal.core.common.scope import SYSTEM
from unionportal.core.files.models import Attachment
from unionportal.reporting.field_keys import field_keys_rotate


def asked(cast: Cast, who: str, url: str = "/hardship/books/", **sent: Any) -> tuple[HttpResponse, str]:
    """The answer to asking for a workbook, and the password it shows."""
    answer = cast.client(who).post(url, {"reason": "报送市总工会复核", **sent})
    found = re.search(r"data-password>([^<]+)<", answer.content.decode())
    return answer, found.group(1) if found else ""


def fetched(cast: Cast, who: str) -> HttpResponse:
    return cast.client(who).get(f"/hardship/books/{ProtectedBook.objects.latest('expires_at').pk}/file/")


def test_the_register_leaves_encrypted_and_every_household_notes_it(cast: Cast) -> None:
    file = cast.file(holder=cast.person(name="王示例", phone=PHONE))
    cast.member(file, name="李示例")
    cast.file(township=cast.fusheng, holder=cast.person(name="张别处"))
    answer, password = asked(cast, "aid_jishan")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    got = fetched(cast, "aid_jishan")
    content = b"".join(got.streaming_content)
    rows = opened(content, password)
    assert [row[6] for row in rows] == ["姓名", "王示例", "李示例"]
    assert rows[1][7] == file.holder.opened("id")
    assert not any(CARD in str(cell) for row in rows for cell in row)
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(content, "wrong-password")
    look = FileLook.objects.get(way="export")
    assert (look.file, look.reason) == (file, "报送市总工会复核")
    trail = AuditEntry.objects.filter(action__startswith="hardship.book").order_by("pk")
    assert [entry.action for entry in trail] == ["hardship.book", "hardship.book_fetch"]
    book = ProtectedBook.objects.get()
    stored = [str(value) for value in vars(book).values()] + [str(entry.data) for entry in trail]
    assert not any(password in text for text in stored)
    assert cast.client("aid").get(f"/hardship/books/{book.pk}/file/").status_code == 404  # another's


def test_it_needs_a_purpose_and_something_to_take_out(cast: Cast) -> None:
    answer, password = asked(cast, "aid")
    assert (answer.status_code, password) == (422, "")
    assert "没有您负责的档案" in answer.content.decode()
    cast.file()
    answer, _ = asked(cast, "aid", reason="  ")
    assert "请写明用途" in answer.content.decode()
    assert not ProtectedBook.objects.exists()
    assert asked(cast, "aid", url="/hardship/books/?state=in_force")[1] == ""
    assert asked(cast, "aid", url="/hardship/books/?colour=red")[0].status_code == 400
    for who in ("leader", "staff", "clerk", "auditor"):
        assert cast.client(who).post("/hardship/books/", {"reason": "看看"}).status_code == 403


def test_a_workbook_expires(cast: Cast) -> None:
    cast.file()
    asked(cast, "aid")
    book = ProtectedBook.objects.get()
    name = str(book.file.name)
    assert books_expire(now=timezone.now() + timedelta(hours=23)) == 0
    ProtectedBook.objects.update(expires_at=timezone.now())
    assert fetched(cast, "aid").status_code == 409
    assert books_expire() == 1
    assert books_expire() == 0
    assert not default_storage.exists(name)
    book.refresh_from_db()
    assert (book.file.name, book.removed_at is not None, book.reason) == ("", True, "（已删除）")
    assert FileLook.objects.get(way="export").reason == "报送市总工会复核"
    assert "已到期删除" in cast.client("aid").get("/hardship/books/").content.decode()


def test_whoever_lost_the_area_gets_the_workbook_no_more(cast: Cast) -> None:
    cast.file()
    asked(cast, "aid_jishan")
    cast.users["aid_jishan"].grants.update(unit=cast.fusheng)
    assert fetched(cast, "aid_jishan").status_code == 403


def test_a_person_gets_everything_kept_of_them_and_nothing_of_others(cast: Cast) -> None:
    file = cast.file(holder=cast.person(name="王示例", phone=PHONE, illness="示例病", health="30"))
    wife = cast.member(file, name="李示例", workplace="示例小学")
    url = f"/hardship/{file.code}/subject/"
    _, password = asked(cast, "aid", url, member=file.holder.pk, reason="本人到窗口申请查阅")
    about = {row[1]: row[2] for row in opened(b"".join(fetched(cast, "aid").streaming_content), password)}
    assert about["姓名"] == "王示例"
    assert about["身份证号"] == file.holder.opened("id")
    assert (about["电话"], about["疾病"], about["健康状况"]) == (PHONE, "示例病", "有慢性病")
    assert (about["银行卡号"], about["主要致困原因"]) == (CARD, "重特大疾病")
    assert "李示例" not in str(about)
    _, password = asked(cast, "aid", url, member=wife.pk, reason="本人申请")
    hers = str(opened(b"".join(fetched(cast, "aid").streaming_content), password))
    assert "示例小学" in hers
    assert CARD not in hers
    assert list(FileLook.objects.filter(way="subject").values_list("member", flat=True)) == [wife.pk, file.holder.pk]
    assert AuditEntry.objects.filter(action="hardship.subject").count() == 2
    assert cast.client("aid_fusheng").get(url).status_code == 404
    assert cast.client("leader").get(url).status_code == 403


def closed(cast: Cast, state: str, closed_on: date, **changes: Any) -> HardshipFile:
    file = cast.file(opened_on=date(2017, 1, 4), **changes)
    HardshipFile.objects.filter(pk=file.pk).update(state=state, category="deep", closed_on=closed_on)
    file.refresh_from_db()
    return file


def test_what_is_due_is_previewed_by_the_rule_of_its_outcome(cast: Cast) -> None:
    today = cast.now.date()
    due = closed(cast, "rejected", date(2023, 9, 4))
    closed(cast, "rejected", date(2023, 9, 5))
    cleared = closed(cast, "cleared", date(2021, 1, 1), township=cast.fusheng)
    closed(cast, "lifted", date(2021, 1, 1))
    cast.file_in("in_force")
    found = [(row.subject, row.years, row.since) for row in due_records(cast.scope("aid"), today)]
    assert found == [(cleared, 3, date(2024, 1, 1)), (due, 1, today)]
    assert [row.subject for row in due_records(cast.scope("aid_jishan"), today)] == [due]
    text = cast.client("aid").get("/hardship/retention/").content.decode()
    assert due.code in text
    assert cleared.code in text
    for who in ("leader", "staff", "clerk"):
        assert cast.client(who).get("/hardship/retention/").status_code == 403


def test_deleting_leaves_figures_and_a_certificate(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    number = id_number(601)
    file = closed(cast, "rejected", date(2020, 1, 1))
    member = FileMember(file=file, relation="2", in_live_file=False, health="30", ethnicity="01")
    for name, text in (("name", "王小例"), ("id", number), ("born", "1980-05-06")):
        member.seal(name, text)
    member.save()
    HardshipFile.objects.filter(pk=file.pk).update(state="draft", closed_on=None)
    scan = SimpleUploadedFile("授权书.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        paper_add(
            code=file.code,
            version=file.version,
            uuid=member.uuid,
            kind="authorisation",
            signed_on=cast.now.date(),
            upload=scan,
            actor=cast.scope("aid"),
        )
    stored = str(Attachment.objects.get().file.name)
    HardshipFile.objects.filter(pk=file.pk).update(state="rejected", closed_on=date(2020, 1, 1))
    file_reveal(code=file.code, reason="王小例来电核对", actor=cast.scope("aid"))
    aid = cast.client("aid")
    answer = aid.post("/hardship/retention/", {"codes": [file.code]})
    assert "请先核对并勾选" in answer.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = aid.post("/hardship/retention/", {"codes": [file.code], "sure": "on"})
    assert answer.url == "/erasures/SC-2024-0001/"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(row_to_json(f)::text, ''), (SELECT string_agg(row_to_json(m)::text, '') FROM hardship_filemember m) "
            "FROM hardship_hardshipfile f"
        )
        left = "".join(cursor.fetchone())
    assert "aes-gcm" not in left
    assert not FilePaper.objects.exists()
    assert not Attachment.objects.exists()
    assert not default_storage.exists(stored)
    file.refresh_from_db()
    assert (file.main_cause, file.state, file.unit_name, file.erased_at is not None) == ("6", "rejected", "", True)
    assert 'data-dialog="reapply"' not in aid.get(f"/hardship/{file.code}/process/").content.decode()
    certificate = ErasureCertificate.objects.get()
    assert certificate.counts == {"files": 1, "members": 2, "papers": 1, "scans": 1, "texts": 1}
    look = FileLook.objects.get(way="reveal")  # who and when stays, what they typed goes
    assert (look.actor, look.reason) == (cast.users["aid"], "（已删除）")
    for change in ({"reason": "别的"}, {"actor": cast.users["leader"]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FileLook.objects.update(**change)
    for who in ("auditor", "leader", "aid_jishan"):
        assert file.code in cast.client(who).get("/erasures/SC-2024-0001/").content.decode()
    assert cast.client("aid_fusheng").get("/erasures/SC-2024-0001/").status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        ErasureCertificate.objects.update(codes=[])
    page = aid.get(f"/hardship/{file.code}/").content.decode()
    assert "（已删除）" in page
    with pytest.raises(Conflict):
        records_erase(codes=[file.code], actor=cast.scope("aid"))  # once is enough


def test_words_about_several_households_go_with_the_first_of_them(cast: Cast) -> None:
    going = Going(cast)
    listed = going.publicise(*(going.bring("appraised")[0] for _ in range(2)))
    publicity_stop(uuid=listed.uuid, reason="王小例的单位写错", actor=cast.scope("aid_jishan"), now=cast.now)
    paid = [cast.file_in("in_force") for _ in range(2)]
    batch = money.batch(cast, money.fund(cast), paid)
    batch_submit(code=batch.code, actor=cast.scope("aid"))
    batch_return(code=batch.code, reason="王小例的金额有误", actor=cast.scope("staff"))
    other = money.batch(cast, money.fund(cast), [cast.file_in("in_force")])

    due = [listed.entries.order_by("number")[0].file, paid[0]]
    for file in due:
        days = {"opened_on": date(2019, 1, 1), "closed_on": date(2020, 1, 1)}
        HardshipFile.objects.filter(pk=file.pk).update(state="rejected", **days)
    records_erase(codes=[file.code for file in due], actor=cast.scope("aid"))
    for row in (listed, batch, other):
        row.refresh_from_db()
    assert listed.stop_reason == batch.returned_reason == "（已删除）"
    assert (batch.state, other.returned_reason) == ("draft", ""), "nothing else of it changes"
    left = [entry.masked_name for entry in listed.entries.order_by("number")]
    assert sorted(name == "**" for name in left) == [False, True], "the other household stays as it is"


def dismissed(cast: Cast, decided_on: date, number: str, **changes: Any) -> Lead:
    """A lead that came to nothing, whose number somebody had read."""
    given = LeadInput(name="王线索", cause="6", words="家中有病人。", id_number=number, phone=PHONE, unit_name="某厂")
    aid = cast.scope("aid")
    lead = lead_raise(uuid=uuid4(), given=given, **{"township": cast.jishan, **changes}, actor=aid)
    lead_reveal(code=lead.code, reason="约王线索上门", actor=aid)
    lead_dismiss(code=lead.code, dismissal="not_hard", note="王线索收入高。", actor=aid)
    Lead.objects.filter(pk=lead.pk).update(decided_on=decided_on)
    return lead


def test_dismissed_leads_fall_due_and_go_with_what_was_typed(cast: Cast) -> None:
    due = dismissed(cast, date(2023, 9, 4), id_number(701))
    early = dismissed(cast, date(2023, 9, 5), id_number(703))
    file = closed(cast, "rejected", date(2023, 1, 1))
    aid = cast.client("aid_jishan")
    preview = aid.get("/hardship/retention/").content.decode()
    assert f'value="{due.code}"' in preview
    assert early.code not in preview
    assert due.code not in cast.client("aid_fusheng").get("/hardship/retention/").content.decode()
    for codes in ([early.code], [due.code, early.code]):
        with pytest.raises(Conflict):
            records_erase(codes=codes, actor=cast.scope("aid"))
    answer = aid.post("/hardship/retention/", {"codes": [due.code, file.code], "sure": "on"})
    certificate = ErasureCertificate.objects.get()
    assert answer.url == f"/erasures/{certificate.number}/"
    assert (certificate.codes, certificate.counts["dismissed"]) == ([file.code, due.code], 1)
    page = aid.get(answer.url).content.decode()
    for words in ("线索已排除 1 年", "已排除的线索（条）", due.code):
        assert words in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM hardship_lead l WHERE code = %s", [due.code])
        (left,) = cursor.fetchone()
    assert "aes-gcm" not in left
    assert "某厂" not in left
    due.refresh_from_db()
    assert (due.cause, due.dismissal, due.looks.get(way="reveal").reason) == ("6", "not_hard", "（已删除）")
    assert "（已删除）" in aid.get(f"/hardship/leads/{due.code}/").content.decode()
    early.refresh_from_db()
    assert early.opened("name") == "王线索"
    with pytest.raises(IntegrityError, match="lead_erased_names_nobody"), transaction.atomic():
        Lead.objects.filter(pk=early.pk).update(erased_at=timezone.now())


def test_nothing_is_deleted_early_or_by_others(cast: Cast) -> None:
    due, early = closed(cast, "cleared", date(2020, 1, 1)), closed(cast, "cleared", date(2024, 1, 1))
    with pytest.raises(Conflict):
        records_erase(codes=[due.code, early.code], actor=cast.scope("aid"))
    with pytest.raises(Conflict):
        records_erase(codes=[due.code], actor=cast.scope("aid_fusheng"))
    with pytest.raises(Forbidden):
        records_erase(codes=[due.code], actor=cast.scope("leader"))
    assert due.holder.opened("name").startswith("王示例")


def test_other_parts_tell_and_delete_what_they_hold(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[str] = []

    def erase(file: HardshipFile) -> int:
        erased.append(file.code)
        return 3

    monkeypatch.setitem(PARTS, "surveys", Part("surveys", "入户调查", lambda file: [("次数", "两次")], erase))
    file = closed(cast, "cleared", date(2020, 1, 1))
    _, password = asked(cast, "aid", f"/hardship/{file.code}/subject/", member=file.holder.pk)
    assert ["入户调查", "次数", "两次"] in opened(b"".join(fetched(cast, "aid").streaming_content), password)
    assert records_erase(codes=[file.code], actor=cast.scope("aid")).counts["surveys"] == 3
    assert erased == [file.code]


def test_keys_rotate_over_the_new_columns_and_people_are_still_found(cast: Cast, settings: Any) -> None:
    old, new = key(1), key(2)
    settings.FIELD_KEYS = old
    file = cast.file(holder=cast.person(name="王示例", phone=PHONE))
    number = file.holder.opened("id")
    settings.FIELD_KEYS = f"{old},{new}"
    twin = cast.client("aid_jishan").post("/hardship/find/", {"text": number})  # found while its row is of the old key
    assert file.code in twin.content.decode()
    done = {row.column: row.resealed for row in field_keys_rotate(actor=SYSTEM)}
    for column in (
        "FileMember.name_sealed",
        "FileMember.id_sealed",
        "FileMember.phone_sealed",
        "FileMember.born_sealed",
    ):
        assert done[f"hardship.{column}"] == 1
    assert done["hardship.HardshipFile.card_sealed"] == done["hardship.HardshipFile.address_sealed"] == 1
    settings.FIELD_KEYS = new
    file = HardshipFile.objects.get()
    assert (file.holder.opened("id"), file.opened("card")) == (number, CARD)
    assert file.code in cast.client("aid").post("/hardship/find/", {"text": number}).content.decode()


def test_a_lost_key_is_told_and_breaks_no_page(cast: Cast, settings: Any) -> None:
    settings.FIELD_KEYS = key(1)
    file = cast.file()
    settings.FIELD_KEYS = key(2)
    for url in ("/hardship/", f"/hardship/{file.code}/"):
        text = cast.client("aid").get(url).content.decode()
        assert "密钥已更换，无法读取" in text
    sent = [
        (f"/hardship/{file.code}/reveal/", {"reason": "核对"}),
        ("/hardship/books/", {"reason": "报送"}),
        (f"/hardship/{file.code}/subject/", {"reason": "本人申请", "member": file.holder.pk}),
    ]
    for url, data in sent:
        answer = cast.client("aid").post(url, data)
        assert "密钥已更换，无法读取，请联系系统管理员" in answer.content.decode(), url
    assert cast.client("aid").get(f"/hardship/{file.code}/members/{file.holder.pk}/").status_code == 200
