"""Imports: checked first, everything wrong told at its cell, then written whole by the apps' own services, once."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from casework.models import Issue, IssueEvent
from tests.jobs.builders import (
    ENTERPRISE_HEADINGS,
    ISSUE_HEADINGS,
    VISIT_HEADINGS,
    again,
    ask_export,
    ask_import,
    cells,
    content_of,
    csv,
    enterprise_rows,
    run_all,
    sent,
    xlsx,
)
from tests.people import District, client_for, credit_code
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.jobs.models import Job
from unionportal.core.notify.models import Notification
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit

pytestmark = pytest.mark.usefixtures("committed_db")
DAY = date(2024, 9, 12)


def issue_row(title: str = "返还款未到账", **changes: object) -> list[object]:
    row = dict(zip(ISSUE_HEADINGS, (title, "工会经费返还", "2024年9月12日", "", "稽山街道", ""), strict=True))
    return list({**row, **changes}.values())


def test_checked_confirmed_written_once(district: District) -> None:
    staff = district.staff()
    client = client_for(staff)
    upload = xlsx(*enterprise_rows(3))
    page = client.post(
        "/imports/", {"id": "0c0f4c0e-5f53-4f0e-8f6c-000000000001", "kind": "enterprises", "file": upload}
    )
    assert page.status_code == 302
    run_all()
    check = Job.objects.get()
    assert (check.state, check.total, check.counts["created"]) == ("done", 3, 3)
    assert not Enterprise.objects.exists()
    assert "确认导入 3 行" in client.get(page.url).content.decode()
    for _ in range(2):
        confirmed = client.post(f"/imports/{check.pk}/confirm/")
    run_all()
    assert confirmed.status_code == 302
    written = Job.objects.get(dry_run=False)
    assert (written.state, written.counts) == ("done", {"created": 3, "changed": 0, "same": 0})
    first = Enterprise.objects.get(credit_code=credit_code(100))
    assert (first.name, first.township.code, first.employees, first.union_state) == (
        "导入第0纺织有限公司（演示）",
        "330602006",
        80,
        "own",
    )
    assert AuditEntry.objects.filter(action="enterprise.create", actor=staff).count() == 3
    actions = AuditEntry.objects.filter(object_type="import").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["import.ask", "import.finish", "import.ask", "import.finish"]


def test_known_enterprises_get_what_is_filled_in(district: District) -> None:
    staff = district.staff()
    known = district.enterprise(1, employees=50, address="人民路 1 号")
    same = district.enterprise(2)
    sheet = xlsx(
        ("统一社会信用代码", "职工人数", "会员人数", "年缴工会经费（元）"),
        (known.credit_code, 80, 60.0, "12,000.5元"),
        (same.credit_code, "", "", ""),
    )
    done = ask_import(staff, "enterprises", sheet)
    assert done["counts"] == {"created": 0, "changed": 1, "same": 1}
    known.refresh_from_db()
    assert (known.employees, known.union_members, known.address, known.version) == (80, 60, "人民路 1 号", 2)
    assert known.yearly_dues == Decimal("12000.50")
    wrong = ask_import(
        staff, "enterprises", xlsx(("统一社会信用代码", "年缴工会经费（元）"), (known.credit_code, "-5")), dry_run=True
    )
    assert [(p["column"], p["reason"]) for p in wrong["problems"]] == [
        ("年缴工会经费（元）", "请填金额，单位元，最多两位小数，如“12000.00”。")
    ]


def test_everything_wrong_is_told_at_its_cell_and_nothing_is_written(district: District) -> None:
    staff = district.staff()
    there = district.enterprise(1)
    sheet = xlsx(
        ENTERPRISE_HEADINGS,
        (credit_code(5), "好企业（演示）", "330602006", "10", "5", "own"),
        (credit_code(6)[:-1] + "!", "码错了（演示）", "稽山", "许多", "", "建了"),
        (credit_code(7), "", "稽山街道", "10", "20", ""),
        (),
        (there.credit_code, "", "", "10", "20", ""),
        (credit_code(5), "又一家（演示）", "稽山街道", "", "", ""),
    )
    done = ask_import(staff, "enterprises", sheet, dry_run=True)
    assert (done["state"], done["problem_count"], Enterprise.objects.count()) == ("done", 7, 1)
    found = [(problem["row"], problem["column"], problem["value"]) for problem in done["problems"]]
    assert found == [
        (3, "统一社会信用代码", credit_code(6)[:-1] + "!"),
        (3, "镇街", "稽山"),
        (3, "职工人数", "许多"),
        (3, "建会情况", "建了"),
        (4, "企业名称", ""),
        (6, "会员人数", "20"),
        (7, "统一社会信用代码", credit_code(5)),
    ]
    assert done["problems"][5]["reason"] == "会员人数不能多于职工人数。"
    assert done["problems"][6]["reason"] == "与第 2 行重复。"
    client = client_for(staff)
    copy = cells(content_of(client.get(done["report"])))
    assert copy[0][-1] == "问题（系统标注）"
    assert copy[5][-1] == "会员人数：会员人数不能多于职工人数。"
    assert client.post(f"/imports/{done['id']}/confirm/").status_code == 409
    page = client.get(f"/imports/{done['id']}/").content.decode()
    assert "会员人数不能多于职工人数。" in page
    whole = ask_import(staff, "enterprises", again(sheet))
    assert (whole["state"], whole["error"]) == ("failed", "有 7 处问题，一行也没有写入。")
    assert Enterprise.objects.count() == 1


def test_a_marked_copy_can_be_mended_and_sent_again(district: District) -> None:
    staff = district.staff()
    rows = enterprise_rows(2)
    done = ask_import(staff, "enterprises", xlsx(rows[0], rows[1], (credit_code(9), "缺镇街（演示）")), dry_run=True)
    table = cells(content_of(client_for(staff).get(done["report"])))
    table[2][2] = "富盛镇"
    mended = ask_import(staff, "enterprises", xlsx(*table))
    assert (mended["state"], mended["counts"]["created"]) == ("done", 2)


def test_issues_are_registered_by_the_same_service_and_never_doubled(district: District) -> None:
    staff, clerk = district.staff(), district.township_clerk()
    plant = district.enterprise(1)
    sheet = [
        ISSUE_HEADINGS,
        issue_row(收集日期=DAY),
        issue_row("押金不退", 类别="dispute", 收集日期="20240911", 镇街=330602007, 诉求内容="=押金"),
        issue_row("没有电梯", 统一社会信用代码=plant.credit_code.lower(), 镇街=""),
    ]
    done = ask_import(staff, "issues", xlsx(*sheet))
    assert (done["state"], done["counts"]["created"]) == ("done", 3)
    one = Issue.objects.get(title="押金不退")
    assert (one.source_kind, one.source_label, one.received_on, one.township.code, one.description) == (
        "import",
        "表格导入",
        date(2024, 9, 11),
        "330602007",
        "=押金",
    )
    assert Issue.objects.get(title="没有电梯").enterprise == plant
    assert IssueEvent.objects.filter(action="register").count() == 3
    assert not Notification.objects.filter(user=clerk).exists()
    more = [sheet[0], issue_row("新的一条"), *sheet[1:]]
    more_done = ask_import(district.staff(), "issues", csv(*[[str(c) for c in row] for row in more]))
    assert more_done["counts"] == {"created": 1, "changed": 0, "same": 3}
    assert Issue.objects.count() == 4


def test_refusals_of_the_registering_service_stand_at_their_cells(district: District) -> None:
    clerk = district.township_clerk()
    other = district.enterprise(2, township=district.township("330602108"))
    tomorrow = clock.today().replace(year=clock.today().year + 1)
    sheet = xlsx(
        ISSUE_HEADINGS,
        issue_row("别处的", 镇街="富盛镇"),
        issue_row("未来的", 收集日期=tomorrow),
        issue_row("看不见的企业", 统一社会信用代码=other.credit_code),
        issue_row("没有这一天", 收集日期="2024-02-30"),
        issue_row("", 类别="不知道"),
        issue_row("没有地方", 镇街=""),
    )
    done = ask_import(clerk, "issues", sheet, dry_run=True)
    assert [(p["row"], p["column"], p["reason"]) for p in done["problems"]] == [
        (2, "镇街", "只能登记本镇街的诉求。"),
        (3, "收集日期", "收集日期不能晚于今天。"),
        (4, "统一社会信用代码", "企业台账里没有这个代码，或不在您的范围内。请核对，或先导入企业。"),
        (5, "收集日期", "没有这一天，请核对日期。"),
        (6, "标题", "请填写标题。"),
        (6, "类别", "没有“不知道”这个类别，请从下拉列表里选。"),
        (7, "镇街", "请填写镇街，或填写企业的统一社会信用代码。"),
    ]


def test_visits_are_logged_for_the_cadre_they_name(district: District) -> None:
    staff, cadre = district.staff(), district.cadre(name="陈立示例")
    plant = district.enterprise(1)
    elsewhere = district.enterprise(2, township=district.township("330602108"))
    good = [
        VISIT_HEADINGS,
        ("陈立示例", DAY, plant.credit_code, "", "", "", "好", "车间秩序良好。"),
        (cadre.username, "2024/9/13", "", "村（社区）", "城东社区", "稽山街道", "", ""),
    ]
    wrong = ("陈立示例", DAY, elsewhere.credit_code, "", "", "", "很好", "")
    done = ask_import(staff, "visits", xlsx(*good, wrong))
    assert (done["state"], Visit.objects.count()) == ("failed", 0)
    assert done["problems"][0]["reason"] == "请填：好、有问题、未看。"
    wrong = ("陈立示例", DAY, elsewhere.credit_code, "", "", "", "", "")
    done = ask_import(staff, "visits", xlsx(*good, wrong))
    assert [(p["row"], p["column"]) for p in done["problems"]] == [(4, "统一社会信用代码")]
    assert "不在您9月12日的驻联分工内" in done["problems"][0]["reason"]
    done = ask_import(staff, "visits", xlsx(*good))
    assert done["counts"] == {"created": 2, "changed": 0, "same": 0}
    visit = Visit.objects.get(enterprise=plant)
    assert (visit.cadre, visit.morale, visit.rights, visit.journal.iso_week) == (cadre, "good", "not_seen", 37)
    assert AuditEntry.objects.filter(action="visit.create", actor=staff).count() == 2
    assert ask_import(staff, "visits", xlsx(*good))["counts"]["same"] == 2


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: csv(("a",), name="表.xls"), "只能导入 Excel（.xlsx）或 CSV 文件"),
        (lambda: csv(("不是表格",), name="表.xlsx"), "不是Excel 表格，与文件名不符"),
        (lambda: xlsx(("a",), name="表.csv"), "不是 CSV 文本，与文件名不符"),
        (lambda: sent(b"", "空.csv"), "空"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_at_the_field(district: District, upload, words: str) -> None:
    client = client_for(district.staff())
    answer = client.post("/api/v1/imports/", {"kind": "enterprises", "file": upload()})
    assert answer.status_code == 400
    assert words in answer.json()["fields"]["file"]
    page = client.post("/imports/", {"id": "0c0f4c0e-5f53-4f0e-8f6c-000000000001", "kind": "issues", "file": upload()})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Job.objects.exists()


def test_a_file_over_the_limit(district: District, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024
    answer = client_for(district.staff()).post(
        "/api/v1/imports/", {"kind": "issues", "file": csv(("标题",), ("长" * 2000,))}
    )
    assert answer.status_code == 400
    assert "超过 0 MB" in answer.json()["fields"]["file"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("", "")], "第一张工作表是空的"),
        ([ENTERPRISE_HEADINGS], "表里只有标题，没有内容"),
        ([("企业名称", "镇街"), ("甲", "乙")], "缺少标题：统一社会信用代码。"),
        ([(*ENTERPRISE_HEADINGS, "老板"), ("x",)], "不认识的标题：“老板”。"),
        ([(*ENTERPRISE_HEADINGS, "镇街"), ("x",)], "重复的标题：镇街。"),
    ],
)
def test_a_sheet_that_does_not_fit_says_why(district: District, rows: list, words: str) -> None:
    done = ask_import(district.staff(), "enterprises", xlsx(*rows), dry_run=True)
    assert done["state"] == "failed"
    assert words in done["error"]


def test_a_cell_far_out_does_not_cost_the_memory_of_the_machine(district: District) -> None:
    out = BytesIO()
    book = Workbook(out)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "统一社会信用代码")
    sheet.write(1_048_575, 16_383, "远")
    book.close()
    done = ask_import(district.staff(), "enterprises", sent(out.getvalue(), "远.xlsx"), dry_run=True)
    assert (done["state"], "1048576" in done["error"]) == ("failed", True)


def test_more_rows_than_one_transaction_should_hold(district: District) -> None:
    rows = [ISSUE_HEADINGS, *([f"标题{n}"] for n in range(1001))]
    done = ask_import(district.staff(), "issues", xlsx(*rows), dry_run=True)
    assert (done["state"], done["error"]) == ("failed", "一次最多导入 1000 行，这份有 1001 行，请分成几份。")


def test_codes_that_a_spreadsheet_ruined_are_told_as_such(district: District) -> None:
    sheet = xlsx(("统一社会信用代码", "企业名称"), (913306020000000012.0, "数字（演示）"))
    done = ask_import(district.staff(), "enterprises", sheet, dry_run=True)
    assert "末几位已经丢失" in done["problems"][0]["reason"]


def test_an_old_spreadsheets_csv_in_gb_encoding(district: District) -> None:
    done = ask_import(district.staff(), "enterprises", csv(*enterprise_rows(1), encoding="gb18030"))
    assert (done["state"], Enterprise.objects.get().name) == ("done", "导入第0纺织有限公司（演示）")


def test_what_was_taken_out_can_be_brought_in_again(district: District) -> None:
    staff = district.staff()
    district.enterprise(1, name="=1（演示）", industry="C", is_key=True, employees=9, yearly_dues="1234567.80")
    client = client_for(staff)
    for file_format in ("csv", "xlsx"):
        out = content_of(client.get(ask_export(staff, "enterprises", file_format)["download"]))
        assert ask_import(staff, "enterprises", sent(out, f"表.{file_format}"))["counts"] == {
            "created": 0,
            "changed": 0,
            "same": 1,
        }


def test_the_templates_are_what_the_import_takes(district: District) -> None:
    staff = district.staff()
    district.cadre()
    client = client_for(staff)
    for kind in ("enterprises", "visits", "issues"):
        answer = client.get(f"/imports/template/{kind}/")
        content = content_of(answer)
        headings = cells(content)[0]
        row = ["" for _ in headings]
        row[0] = "试"
        done = ask_import(staff, kind, xlsx(headings, row), dry_run=True)
        assert (done["state"], done["rows"]) == ("done", 1), done["error"]
        assert b"<dataValidation " in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert client.get("/imports/template/secrets/").status_code == 404


def test_who_may_bring_what_in(district: District) -> None:
    clerk = client_for(district.township_clerk())
    for kind, status in (("issues", 202), ("enterprises", 403), ("visits", 403)):
        answer = clerk.post("/api/v1/imports/", {"kind": kind, "file": csv(("标题",), ("甲",))})
        assert answer.status_code == status
    assert clerk.get("/imports/template/visits/").status_code == 403
    assert "企业台账" not in clerk.get("/imports/").content.decode().split("<main")[1]
    for person in (district.leader(), district.cadre(), district.handler()):
        client = client_for(person)
        assert client.get("/imports/").status_code == 403
        assert client.post("/api/v1/imports/", {"kind": "issues", "file": csv(("标题",))}).status_code == 403


def test_an_import_is_nobody_elses(district: District) -> None:
    done = ask_import(district.staff(), "enterprises", xlsx(ENTERPRISE_HEADINGS, ("x",)), dry_run=True)
    client = client_for(district.staff())
    for address in (
        f"/imports/{done['id']}/",
        done["report"],
        f"/imports/{done['id']}/file/",
        f"/api/v1/imports/{done['id']}/",
    ):
        assert client.get(address).status_code == 404
    for act in ("confirm", "cancel"):
        assert client.post(f"/imports/{done['id']}/{act}/").status_code == 404


def test_what_is_sent_without_a_word_is_only_checked(district: District) -> None:
    client = client_for(district.staff())
    client.post("/api/v1/imports/", {"kind": "enterprises", "file": xlsx(*enterprise_rows(1))})
    run_all()
    assert (Job.objects.get().dry_run, Enterprise.objects.count()) == (True, 0)


def test_an_upload_that_is_gone_is_asked_for_again(district: District) -> None:
    staff = district.staff()
    done = ask_import(staff, "enterprises", xlsx(*enterprise_rows(1)), dry_run=True)
    source = Job.objects.get().source
    source.storage.delete(source.name)
    client_for(staff).post(f"/imports/{done['id']}/confirm/")
    run_all()
    assert Job.objects.get(dry_run=False).error == "上传的文件已过保存期，请重新上传。"


def test_a_waiting_import_can_be_cancelled(district: District) -> None:
    client = client_for(district.staff())
    asked = client.post(
        "/api/v1/imports/", {"kind": "enterprises", "file": xlsx(*enterprise_rows(1)), "dry_run": False}
    )
    address = f"/imports/{asked.json()['id']}/"
    assert "排队中" in client.get(address).content.decode()
    assert client.post(f"{address}cancel/").status_code == 302
    run_all()
    assert "没有写入任何内容" in client.get(address).content.decode()
    assert not Enterprise.objects.exists()


def test_the_page_costs_the_same_with_one_and_with_many(district: District) -> None:
    staff = district.staff()
    client = client_for(staff)
    ask_import(staff, "enterprises", xlsx(*enterprise_rows(1)), dry_run=True)
    one = queries_of(client, "/imports/")
    for number in range(2, 7):
        ask_import(staff, "enterprises", xlsx(*enterprise_rows(number)), dry_run=True)
    assert queries_of(client, "/imports/") == one


def test_rights_lost_between_asking_and_running(district: District) -> None:
    staff = district.staff()
    client = client_for(staff)
    client.post("/api/v1/imports/", {"kind": "enterprises", "file": xlsx(*enterprise_rows(2)), "dry_run": False})
    staff.grants.all().delete()
    run_all()
    assert Job.objects.get().state == "failed"
    assert not Enterprise.objects.exists()
