"""The pages and the API of hardship files: what each role reads, and that every look at a person is written down."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hardship.models import FileLook, FileMember, HardshipFile
from tests.hardship.cast import CARD, PHONE, Cast, id_number
from tests.hardship.going import Going
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock


def household(**changes: Any) -> dict[str, Any]:
    """The form of a new file, as a browser sends it."""
    return {
        "uuid": "7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0007",
        "township": "330602006",
        "scheme": "current",
        "main_cause": "6",
        "model_worker": "none",
        "unit_name": "越城示例纺织厂",
        "holder-name": "王示例",
        "holder-id_number": id_number(301),
        "holder-phone": PHONE,
        **changes,
    }


def read(cast: Cast, who: str, url: str) -> str:
    answer = cast.client(who).get(url)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_a_file_is_opened_on_one_page(cast: Cast) -> None:
    answer = cast.client("aid_jishan").post("/hardship/new/", household())
    file = HardshipFile.objects.get()
    assert answer.url == f"/hardship/{file.code}/"
    assert (file.holder.opened("id"), file.unit_name) == (id_number(301), "越城示例纺织厂")
    cast.client("aid_jishan").post("/hardship/new/", household())  # a double tap
    assert HardshipFile.objects.count() == 1


def test_what_was_wrong_stands_at_its_field_and_what_was_typed_stays(cast: Cast) -> None:
    number = id_number(301)
    sent = household(**{"holder-id_number": number[:-1] + ("1" if number[-1] != "1" else "2"), "main_cause": ""})
    answer = cast.client("aid").post("/hardship/new/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择主要致困原因" in text
    assert "越城示例纺织厂" in text
    answer = cast.client("aid").post("/hardship/new/", {**sent, "main_cause": "6"})
    assert "校验位不对" in answer.content.decode()
    assert not HardshipFile.objects.exists()
    cast.file("aid_fusheng", township=cast.fusheng, holder=cast.person(name="张别家", id_number=number))
    answer = cast.client("aid_jishan").post("/hardship/new/", household())
    assert "已在另一份档案中" in answer.content.decode()
    assert "张别家" not in answer.content.decode()


def test_names_are_read_by_those_who_work_with_them_alone(cast: Cast) -> None:
    file = cast.file(holder=cast.person(name="王示例", phone=PHONE, illness="示例病"))
    number = file.holder.opened("id")
    for url in ("/hardship/", f"/hardship/{file.code}/"):
        for who in ("leader", "staff", "clerk"):
            text = read(cast, who, url)
            assert "王**" in text
            assert "王示例" not in text
        assert "王示例" in read(cast, "aid_jishan", url)
    own = read(cast, "aid", f"/hardship/{file.code}/")
    assert "138****5678" in own
    assert f"330***********{number[-4:]}" in own
    for secret in (number, PHONE, CARD, "示例病", "示例路"):
        assert secret not in own
    for who in ("neighbour", "aid_fusheng"):
        assert cast.client(who).get(f"/hardship/{file.code}/").status_code == 404
    for who in ("cadre", "handler", "auditor"):
        assert cast.client(who).get("/hardship/").status_code == 403


def test_pages_carry_who_reads_them(cast: Cast) -> None:
    file = cast.file()
    for url in ("/hardship/", f"/hardship/{file.code}/"):
        mark = re.search(r'<svg class="watermark".*?</svg>', read(cast, "aid", url), re.S)
        assert mark is not None
        assert "aid 2024-09-04 09:30" in mark.group()


def test_opening_a_file_is_written_down_once_a_person_and_day(cast: Cast) -> None:
    file = cast.file()
    for who in ("aid", "aid", "aid_jishan", "leader"):
        read(cast, who, f"/hardship/{file.code}/")
    cast.client("aid").get(f"/api/v1/hardship/files/{file.code}/")
    looks = FileLook.objects.values_list("actor__username", "way").order_by("id")
    assert list(looks) == [("aid", "page"), ("aid_jishan", "page")]
    assert "谁看过" in read(cast, "aid", f"/hardship/{file.code}/")


def test_every_page_that_shows_a_name_notes_once_a_day_who_saw_it(cast: Cast) -> None:
    going = Going(cast)
    file, _ = going.bring("applied", going.draft(holder=cast.person(name="王看见")))
    order = cast.file_in("in_force", holder=cast.person(name="王看见"))
    number = order.holder.opened("id")
    pages = [
        (file, "/hardship/", "name", {}),
        (file, f"/hardship/{file.code}/survey/", "page", {}),
        (file, f"/hardship/{file.code}/members/{file.holder.pk}/", "page", {}),
        (file, f"/hardship/{file.code}/subject/", "page", {}),
        (file, f"/hardship/{file.code}/reveal/", "page", {}),
        (order, "/hardship/find/", "name", {"text": number}),
        (file, "/api/v1/hardship/files/", "name", {}),
        (order, f"/hardship/services/new/?file={order.code}", "name", {}),
    ]
    for days, (about, url, way, sent) in enumerate(pages):
        with clock.at(cast.now + timedelta(days=days)):
            for _ in range(2):
                client = cast.client("aid")
                answer = client.post(url, sent) if sent else client.get(url)
                assert "王看见" in answer.content.decode(), url
            looks = FileLook.objects.filter(file=about, on=clock.today(), actor=cast.users["aid"])
            assert list(looks.values_list("way", flat=True)) == [way], url
            masked = cast.client("leader").post(url, sent) if sent else cast.client("leader").get(url)
            assert "王看见" not in masked.content.decode(), url
    assert not FileLook.objects.filter(actor=cast.users["leader"]).exists()
    assert "只在名单等处看到姓名" in read(cast, "aid", f"/hardship/{file.code}/")


def test_a_reveal_needs_a_reason_and_stands_on_the_file_and_in_the_trail(cast: Cast) -> None:
    file = cast.file()
    number, url = file.holder.opened("id"), f"/hardship/{file.code}/reveal/{file.holder.pk}/"
    aid = cast.client("aid_jishan")
    assert "请写明为什么要看" in aid.post(url, {"reason": " "}).content.decode()
    assert not FileLook.objects.filter(way="reveal").exists()
    answer = aid.post(url, {"reason": "核对医保报销材料"})
    assert number in answer.content.decode()
    assert PHONE in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert CARD in aid.post(f"/hardship/{file.code}/reveal/", {"reason": "核对银行卡"}).content.decode()
    page = read(cast, "aid", f"/hardship/{file.code}/")
    assert "核对医保报销材料" in page
    leaders = read(cast, "leader", f"/hardship/{file.code}/")  # that somebody looked, not why
    assert "查看完整信息" in leaders
    assert "核对医保报销材料" not in leaders
    trail = AuditEntry.objects.filter(action="hardship.reveal").order_by("pk")
    assert [entry.data["shown"] for entry in trail] == [["id", "phone", "born"], ["address", "card"]]
    assert "核对" not in str([entry.data for entry in trail])
    assert "查看困难职工个人信息" in cast.client("auditor").get("/audit/").content.decode()
    for who in ("leader", "staff", "clerk"):
        assert cast.client(who).post(url, {"reason": "看看"}).status_code == 403
    assert cast.client("aid_fusheng").post(url, {"reason": "看看"}).status_code == 404


def test_people_are_found_by_exact_number_or_name_in_the_own_area(cast: Cast) -> None:
    file = cast.file(holder=cast.person(name="王示例", phone=PHONE))
    child = cast.member(file, relation="2", name="王小例")
    aid = cast.client("aid")
    for text in (child.opened("id"), "王小例", PHONE, "王示例"):
        found = aid.post("/hardship/find/", {"text": text})
        assert f"/hardship/{file.code}/" in found.content.decode(), text
    assert file.code not in aid.post("/hardship/find/", {"text": "王"}).content.decode()
    assert file.code not in cast.client("aid_fusheng").post("/hardship/find/", {"text": "王示例"}).content.decode()
    assert cast.client("clerk").post("/hardship/find/", {"text": "王示例"}).status_code == 403


def test_acts_come_back_in_their_dialog(cast: Cast) -> None:
    file = cast.file()
    aid, url = cast.client("aid"), f"/hardship/{file.code}/"
    sent = {
        "version": file.version,
        "uuid": "7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0008",
        "year": 2024,
        "kind": "wages",
        "amount": "-5",
        "source": "wage_slip",
    }
    answer = aid.post(f"{url}line/", sent)
    assert answer.status_code == 422
    assert "金额不能小于 0。" in answer.content.decode()
    assert aid.post(f"{url}line/", {**sent, "amount": "12000", "version": 99}).status_code == 409
    assert aid.post(f"{url}line/", {**sent, "amount": "12000"}).status_code == 302
    page = read(cast, "aid", url)
    assert "每人每月 1,000.00 元" in page
    assert "深度困难" in page
    assert cast.client("leader").post(f"{url}line/", sent).status_code == 403


def test_a_member_is_added_and_mended_without_retyping_numbers(cast: Cast) -> None:
    file = cast.file()
    aid, url = cast.client("aid"), f"/hardship/{file.code}/members/"
    number = id_number(402)
    sent = {"version": 1, "name": "李示例", "relation": "1", "id_number": number, "monthly_income": "-1"}
    assert "金额不能小于 0。" in aid.post(f"{url}new/", sent).content.decode()
    assert aid.post(f"{url}new/", {**sent, "monthly_income": ""}).status_code == 302
    wife = FileMember.objects.get(relation="1")
    form = read(cast, "aid", f"{url}{wife.pk}/")
    assert number not in form
    answer = aid.post(f"{url}{wife.pk}/", {"version": 2, "name": "李示例", "relation": "1", "health": "30"})
    assert answer.status_code == 302
    wife.refresh_from_db()
    assert (wife.health, wife.opened("id")) == ("30", number)


def test_the_api_masks_like_the_pages(cast: Cast) -> None:
    file = cast.file(holder=cast.person(name="王示例", phone=PHONE))
    url = "/api/v1/hardship/files/"
    rows = {who: cast.client(who).get(url).json()["results"] for who in ("aid", "leader", "clerk", "aid_fusheng")}
    assert rows["aid_fusheng"] == []
    assert [rows[who][0]["holder"] for who in ("aid", "leader", "clerk")] == ["王示例", "王**", "王**"]
    detail = {who: cast.client(who).get(f"{url}{file.code}/").json()["members"][0] for who in ("aid", "leader")}
    assert detail["leader"] == {"relation": "0", "name": "王**", "id_number": "****", "phone": "****", "left_on": None}
    assert (detail["aid"]["name"], detail["aid"]["phone"]) == ("王示例", "138****5678")
    assert cast.client("cadre").get(url).status_code == 403
    assert cast.client("aid_fusheng").get(f"{url}{file.code}/").status_code == 404


@pytest.mark.parametrize("url", ["/hardship/", "/api/v1/hardship/files/"])
def test_a_list_costs_the_same_with_one_row_and_with_many(cast: Cast, url: str) -> None:
    cast.file()
    aid = cast.client("aid")
    one = queries_of(aid, url)
    for _ in range(12):
        cast.file()
    assert queries_of(aid, url) == one


def test_the_page_of_a_large_household_costs_what_a_small_one_does(cast: Cast) -> None:
    file = cast.file()
    aid, url = cast.client("aid"), f"/hardship/{file.code}/"
    one = queries_of(aid, url)
    for _ in range(5):
        cast.member(file, relation="7")
    assert queries_of(aid, url) == one


@pytest.mark.parametrize("page", ["", "process/"])
def test_a_page_with_many_buttons_does_not_ask_for_each_who_may(cast: Cast, page: str) -> None:
    client, address = cast.client("aid"), f"/hardship/{cast.file_in('in_force').code}/{page}"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert sum(query["sql"].startswith('SELECT "orgs_unit"') for query in asked) <= 1
