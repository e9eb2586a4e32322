"""Leads and sensing through the front door: pages and API, what they show to whom, and what they say when something is wrong."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from casework.models import Category
from casework.services import issue_register
from hardship.models import HardshipFile, Lead, SensedBatch, SensedRow, SensingRule
from hardship.tasks import purge_sheets
from tests.hardship.cast import PHONE, Cast, id_number
from tests.hardship.sheets import MEDICAL, sheet, taken, uploaded
from tests.hardship.test_leads import raised, verified
from tests.queries import queries_of

NUMBER = id_number(7)


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(client: Client, **changes: Any) -> Any:
    given = {
        "uuid": str(uuid4()),
        "source": "medical",
        "provider": "区医保局",
        "purpose": "发现困难职工",
        "legal_basis": "数据共享协议",
        "file": sheet(
            MEDICAL, ("王看病", NUMBER, "越城第1机械有限公司（演示）", "32000"), ("李示例", "123", "某厂", "1")
        ),
        **changes,
    }
    return client.post(reverse("sensing-upload"), {name: value for name, value in given.items() if value is not None})


def test_a_sheet_from_upload_to_lead(cast: Cast) -> None:
    cast.district.enterprise()
    staff = cast.client("staff")
    answer = upload(staff)
    batch = SensedBatch.objects.get()
    address = reverse("sensing-batch", args=[batch.uuid])
    assert (answer.status_code, answer.url) == (302, address)
    page = text_of(staff, address)
    assert "可以导入 1 人" in page
    assert "身份证号不对" in page
    assert NUMBER not in page
    assert "王看病" not in page
    columns = {"name": "姓名", "id_number": "身份证号", "employer": "工作单位", "self_paid": "个人自付"}
    refused = staff.post(address, {"step": "take", **columns})
    assert refused.status_code == 422
    assert "有 1 行有问题" in refused.content.decode()
    wrong = staff.post(address, {"step": "check", **columns, "self_paid": "姓名"}).content.decode()
    assert "“姓名”已经对应" in wrong
    done = staff.post(address, {"step": "take", "leave_out": "on", **columns}, follow=True).content.decode()
    assert "产生 1 条线索" in done
    assert staff.post(address, {"step": "take", **columns}).status_code == 409
    lead = Lead.objects.get()
    seen = text_of(cast.client("aid"), reverse("lead", args=[lead.code]))
    assert "个人自负金额 32,000.00 元，达到 20,000.00 元。" in seen
    assert "王看病" in seen
    masked = text_of(cast.client("leader"), reverse("lead", args=[lead.code]))
    assert "32,000.00" not in masked
    assert "王看病" not in masked
    assert "个人自负金额达到 20,000.00 元" in masked


def test_what_is_missing_of_an_upload_is_told_and_nothing_is_kept(cast: Cast) -> None:
    staff = cast.client("staff")
    for changes, words in (
        ({"legal_basis": ""}, "请填写法律依据。"),
        ({"source": ""}, "请选择数据来源。"),
        ({"file": None}, "请选择文件。"),
        ({"file": sheet(("王示例", NUMBER), ("李示例", NUMBER))}, "像是内容"),
    ):
        answer = upload(staff, **changes)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert NUMBER not in answer.content.decode()
    assert not SensedRow.objects.exists()


def test_a_sheet_given_up_is_gone(cast: Cast) -> None:
    batch = uploaded(cast, "medical", MEDICAL, ("王示例", NUMBER, "某厂", "1"))
    answer = cast.client("staff").post(reverse("sensing-batch", args=[batch.uuid]), {"step": "discard"}, follow=True)
    assert "已放弃" in answer.content.decode()
    assert not SensedRow.objects.exists()


def test_the_timetable_deletes_what_is_due(cast: Cast) -> None:
    uploaded(cast, "medical", MEDICAL, ("王示例", NUMBER, "某厂", "1"))
    SensedBatch.objects.update(purge_on=cast.now.date())
    assert purge_sheets() == 1
    assert not SensedRow.objects.exists()


def test_rules_are_set_and_ended_on_their_page(cast: Cast) -> None:
    staff, page = cast.client("staff"), reverse("sensing-rules")
    given = {
        "source": "medical", "fact": "medical.total", "comparison": "at_least", "value": "80000", "weight": "60", "cause": "6",
        "start_on": "2024-09-04",
    }  # fmt: skip
    assert "医疗总费用达到 80,000.00 元" in staff.post(page, given, follow=True).content.decode()
    refused = staff.post(page, {**given, "fact": "disabled.level", "value": "两级"})
    assert refused.status_code == 422
    assert "属于“残联”" in refused.content.decode()
    assert "两级" in refused.content.decode()
    rule = SensingRule.objects.get(fact="total")
    end = reverse("sensing-rule-end", args=[rule.pk])
    assert "不能早于今天" in staff.post(end, {"end_before": "2024-09-03"}).content.decode()
    assert "已停用规则" in staff.post(end, {"end_before": "2024-09-04"}, follow=True).content.decode()
    assert cast.client("leader").post(page, given).status_code == 403


def test_an_issue_about_hardship_offers_to_become_a_lead(cast: Cast) -> None:
    issue = issue_register(
        uuid=uuid4(),
        title="职工家中困难",
        description="",
        category=Category.objects.get(code="hardship"),
        township=cast.jishan,
        enterprise=cast.district.enterprise(),
        received_on=cast.now.date(),
        actor=cast.scope("cadre"),
        now=cast.now,
    )
    cadre, page = cast.client("cadre"), reverse("issue-detail", args=[issue.code])
    form = f"{reverse('lead-create')}?issue={issue.code}"
    assert form in text_of(cadre, page)
    assert "越城第1机械有限公司" in text_of(cadre, form)
    given = {
        "uuid": str(uuid4()),
        "name": "王示例",
        "cause": "6",
        "words": "",
        "unit_name": "越城第1机械有限公司（演示）",
    }
    refused = cadre.post(form, given)
    assert refused.status_code == 422
    assert "请写明有什么困难" in refused.content.decode()
    assert "已登记线索" in cadre.post(form, {**given, "words": "住院。"}, follow=True).content.decode()
    lead = Lead.objects.get()
    assert (lead.issue, lead.enterprise, lead.verifier) == (issue, cast.district.enterprise(), cast.users["cadre"])
    assert lead.code in text_of(cadre, page)
    assert form not in text_of(cadre, page)
    assert "困难线索待核实" in text_of(cadre, "/")
    assert cast.client("neighbour").get(form).status_code == 404


def test_verify_and_file_on_the_leads_page(cast: Cast) -> None:
    lead = raised(cast)
    page = reverse("lead", args=[lead.code])
    aid, clerk = cast.client("aid"), cast.client("clerk")
    verify = {"version": "1", "verified_on": "2024-09-04", "way": "visit", "found": "true", "finding": "家中确有病人。"}
    refused = clerk.post(f"{page}verify/", {**verify, "finding": ""})
    assert refused.status_code == 422
    assert "请写明看到、问到的情况。" in refused.content.decode()
    assert "已登记核实情况" in clerk.post(f"{page}verify/", verify, follow=True).content.decode()
    assert clerk.post(f"{page}verify/", verify).status_code == 409
    assert clerk.post(f"{page}confirm/", {"version": "2"}).status_code == 403
    assert "困难线索待决定" in text_of(aid, "/")
    stale = aid.post(f"{page}confirm/", {"version": "1", "file_uuid": str(uuid4()), "name": "王示例"})
    assert stale.status_code == 409
    done = aid.post(f"{page}confirm/", {"version": "2", "file_uuid": str(uuid4()), "name": "王示例"})
    assert done.url == reverse("hardship-file", args=[HardshipFile.objects.get().code])
    assert HardshipFile.objects.get().code in text_of(aid, page)


def test_numbers_are_shown_once_and_for_a_reason(cast: Cast) -> None:
    lead = raised(cast)
    page, reveal = reverse("lead", args=[lead.code]), reverse("lead-reveal", args=[lead.code])
    aid = cast.client("aid")
    assert NUMBER not in text_of(aid, page)
    assert aid.post(reveal, {"reason": ""}).status_code == 422
    shown = aid.post(reveal, {"reason": "约上门时间"})
    assert NUMBER in shown.content.decode()
    assert PHONE in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert cast.client("clerk").post(reveal, {"reason": "看看"}).status_code == 422
    assert cast.client("neighbour").get(page).status_code == 404


def test_a_list_costs_the_same_with_one_and_with_many(cast: Cast) -> None:
    raised(cast, id_number=id_number(11))
    few = [queries_of(cast.client(who), reverse("leads")) for who in ("aid", "staff")]
    for serial in range(13, 43, 2):
        raised(cast, id_number=id_number(serial))
    assert [queries_of(cast.client(who), reverse("leads")) for who in ("aid", "staff")] == few


def test_the_list_is_narrowed_by_state_and_origin(cast: Cast) -> None:
    first = verified(cast, raised(cast))
    firm = cast.district.enterprise().name
    taken(cast, "medical", MEDICAL, ("李示例", id_number(9), firm, "30000"))
    other = Lead.objects.get(origin="sensing")
    page = text_of(cast.client("aid"), f"{reverse('leads')}?state=verified")
    assert first.code in page
    assert other.code not in page
    assert other.code in text_of(cast.client("aid"), f"{reverse('leads')}?origin=sensing&state=pending")


def test_the_api_lists_brings_and_masks(cast: Cast) -> None:
    aid, address = cast.client("aid"), "/api/v1/hardship/leads/"
    given = {
        "id": str(uuid4()), "name": "王示例", "cause": "6", "words": "住院。", "id_number": NUMBER, "phone": PHONE,
        "township": cast.jishan.code,
    }  # fmt: skip
    made = aid.post(address, given, content_type="application/json")
    assert (made.status_code, made.json()["name"], made.json()["state"]) == (201, "王示例", "open")
    assert NUMBER not in made.content.decode()
    assert aid.post(address, given, content_type="application/json").status_code == 200
    wrong = aid.post(address, {**given, "id": str(uuid4()), "id_number": "123"}, content_type="application/json")
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["id_number"])
    [row] = cast.client("leader").get(address).json()["results"]
    assert (row["name"], row["cause"]) == ("王**", "6")
    detail = cast.client("leader").get(f"{address}{row['code']}/").json()
    assert (detail["words"], detail["phone"]) == ("****", "****")
    assert cast.client("handler").get(address).status_code == 403
    assert cast.client("neighbour").get(f"{address}{row['code']}/").status_code == 404
