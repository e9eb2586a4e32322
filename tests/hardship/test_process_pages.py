"""The pages of the process: who reads what, the survey from the phone, the forms with everything filled in, the workbench."""

import base64
import secrets
from collections import Counter
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.test import Client
from docx import Document

from hardship.models import (
    FileLook,
    FileProcess,
    HardshipFile,
    HomeSurvey,
    Measure,
    MeasureKind,
    PublicityList,
    SurveyPhoto,
)
from hardship.parts import PARTS
from hardship.process_word import FORMS
from hardship.services.erasing import records_erase
from hardship.services.objections import Objected, objection_submit
from tests.access.sample import photo
from tests.hardship.cast import CARD, PHONE, Cast
from tests.hardship.going import SEEN, Going
from tests.people import PASSWORD, District
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.files.services import attachment_store
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo import hardship, hardship_process
from unionportal.reporting.demo.hardship import HOUSEHOLDS
from unionportal.reporting.demo.loader import DEMO_STARTS_AT
from unionportal.reporting.field_keys import field_keys_rotate


@pytest.fixture
def going(cast: Cast) -> Going:
    return Going(cast)


def text_of(content: bytes) -> str:
    """Every word of a Word document, tables included."""
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def survey_form(client: Any, file: HardshipFile, **changes: Any) -> dict[str, Any]:
    form = client.get(f"/hardship/{file.code}/survey/").context["form"]
    return {
        **SEEN,
        "uuid": str(form.initial["uuid"]),
        "version": form.initial["version"],
        "surveyed_on": "2024-09-04",
        **changes,
    }


def test_a_move_is_made_in_its_dialog_and_a_refused_one_keeps_what_was_typed(going: Going) -> None:
    file = going.draft()
    client = going.cast.client("aid_jishan")
    address = f"/hardship/{file.code}/process/"
    page = client.get(address).content.decode()
    assert 'data-dialog="apply"' in page
    assert 'data-dialog="approve"' not in page
    sent = {"version": file.version, "day": "2024-09-05", "opinion": "妻子患病，收入锐减。"}
    refused = client.post(f"{address}apply/", sent)
    assert refused.status_code == 422
    assert "日期不能晚于今天" in refused.content.decode()
    assert "妻子患病，收入锐减。" in refused.content.decode()
    assert client.post(f"{address}apply/", {**sent, "day": "2024-09-04"}).url == address
    late = client.post(f"{address}apply/", {**sent, "day": "2024-09-04"})
    assert late.status_code == 409
    assert "档案现在是“已申请”" in late.content.decode()
    assert going.cast.client("staff").post(f"{address}reject/", {}).status_code == 403
    assert client.post(f"{address}check/", {"version": file.version + 1}).status_code == 403


def test_leaders_and_townships_read_the_way_but_no_names_findings_or_photos(going: Going) -> None:
    file, _ = going.bring("surveyed")
    name = file.holder.opened("name")
    for who, sees in (("aid_jishan", True), ("leader", False), ("staff", False), ("clerk", False)):
        page = going.cast.client(who).get(f"/hardship/{file.code}/process/")
        text = page.content.decode()
        assert "no-store" in page["Cache-Control"]
        assert (name in text) == sees
        assert ("透析" in text) == sees
        assert ("/forms/application/" in text) == sees
        assert "与申报一致" in text
        assert "data-draft-key" not in text, "browsers keep no draft of a household"
    looks = FileLook.objects.filter(file=file, way=FileLook.Way.PAGE)
    assert [look.actor.username for look in looks] == ["aid_jishan"]
    assert going.cast.client("aid_fusheng").get(f"/hardship/{file.code}/process/").status_code == 404
    assert going.cast.client("cadre").get(f"/hardship/{file.code}/process/").status_code == 403


def test_the_survey_comes_from_the_phone_with_photos_and_a_retry_is_the_same_row(going: Going) -> None:
    file = going.draft()
    going.move(file, "apply")
    client = going.cast.client("aid_jishan")
    sent = survey_form(client, file)
    refused = client.post(f"/hardship/{file.code}/survey/", {**sent, "second_surveyor": ""})
    assert refused.status_code == 422
    assert "须由两人进行" in refused.content.decode()
    assert "妻子长期透析" in refused.content.decode()
    for _ in range(2):
        done = client.post(f"/hardship/{file.code}/survey/", {**sent, "photos": [photo()]})
        assert done.url == f"/hardship/{file.code}/process/"
    survey = HomeSurvey.objects.get()
    picture = survey.photos.get()
    address = f"/hardship/{file.code}/survey/photos/{picture.pk}/"
    assert client.get(address)["Cache-Control"] == "private, no-store"
    assert going.cast.client("leader").get(address).status_code == 403
    assert going.cast.client("aid_fusheng").get(address).status_code == 404
    assert client.get(f"/hardship/{file.code}/survey/").status_code == 409


def test_every_form_is_filled_in_and_who_took_it_out_is_written_down(going: Going) -> None:
    file, _ = going.bring("in_force")
    wife = going.cast.member(file, illness="尿毒症")
    client = going.cast.client("aid_jishan")
    sent = {"uuid": str(uuid4()), "kind": "training", "member": wife.pk, "owner": "aid_jishan", "due_on": "2024-10-15"}
    assert client.post(f"/hardship/{file.code}/process/measure/", sent).status_code == 302
    texts = {}
    for paper in FORMS:
        answer = client.get(f"/hardship/{file.code}/forms/{paper}/")
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert unquote(answer["Content-Disposition"]).endswith(f"{FORMS[paper].label}-{file.code}.docx")
        texts[paper] = text_of(answer.content)
    holder = file.holder
    for paper in FORMS:
        assert holder.opened("name") in texts[paper]
        assert holder.opened("id") in texts[paper]
    for fact in (PHONE, CARD, "示例路", "越城示例纺织厂", "重特大疾病", wife.opened("name"), wife.opened("id")):
        assert fact in texts["application"]
    assert wife.opened("id") in texts["authorisation"]
    assert wife.opened("name") in texts["plan"]
    for fact in ("孙同行", "妻子长期透析", "与申报一致", "3 人"):
        assert fact in texts["survey"]
    for fact in ("5 人参加，4 人同意", "没有收到异议", "经复核，情况属实。", "同意建档。", "深度困难", "与申报一致"):
        assert fact in texts["approval"]
    assert FileLook.objects.filter(way="print").count() == len(FORMS)
    assert AuditEntry.objects.filter(action="hardship.form").count() == len(FORMS)
    for who, status in (("leader", 403), ("clerk", 403), ("aid_fusheng", 404)):
        assert going.cast.client(who).get(f"/hardship/{file.code}/forms/application/").status_code == status
    assert client.get(f"/hardship/{file.code}/forms/diary/").status_code == 404


def test_a_form_that_is_not_due_says_so(going: Going) -> None:
    file = going.draft()
    assert going.cast.client("aid_jishan").get(f"/hardship/{file.code}/forms/survey/").status_code == 409
    assert going.cast.client("aid_jishan").get(f"/hardship/{file.code}/forms/approval/").status_code == 200


def test_a_household_gets_its_measures_and_each_its_result(going: Going) -> None:
    file, day = going.bring("in_force")
    client, address = going.cast.client("aid_jishan"), f"/hardship/{file.code}/process/"
    with clock.at(going.moment(day)):
        form = client.get(address).context["offered"]
        uuid = next(row.form.initial["uuid"] for row in form if row.act.name == "measure")
        sent = {"uuid": uuid, "kind": "caring_post", "what": "清点岗位", "owner": "aid_jishan", "partner": "示例电子厂"}
        refused = client.post(f"{address}measure/", {**sent, "due_on": "2024-09-01"})
        assert refused.status_code == 422
        assert "期限不能早于制定措施的那天" in refused.content.decode()
        for _ in range(2):
            assert client.post(f"{address}measure/", {**sent, "due_on": "2024-10-15"}).url == address
        measure = Measure.objects.get()
        assert (
            client.post(f"{address}measure/", {**sent, "owner": "aid_fusheng", "due_on": "2024-10-15"}).status_code
            == 422
        )
        own = f"/hardship/measures/{measure.pk}/"
        assert client.post(f"{own}finish/", {"version": 1, "result": "已上岗", "ended_on": day}).status_code == 422
        done = {"version": 1, "outcome": "helped", "result": "已上岗，月增收 1800 元。", "ended_on": day}
        assert going.cast.client("leader").post(f"{own}finish/", done).status_code == 403
        assert client.post(f"{own}finish/", done).url == own
        assert client.post(f"{own}drop/", {"version": 2, "result": "不要了"}).status_code == 409
    measure.refresh_from_db()
    assert (measure.state, measure.outcome, measure.version) == ("done", "helped", 2)
    page = going.cast.client("leader").get("/hardship/measures/?state=done").content.decode()
    assert "爱心岗位" in page
    assert "见效" in page
    assert going.cast.client("aid_fusheng").get(own).status_code == 404


def test_the_list_of_measures_begins_with_eleven_and_is_the_districts_own(going: Going) -> None:
    assert MeasureKind.objects.count() == 11
    client = going.cast.client("staff")
    new = {"code": "childcare", "name": "子女托管", "hint": "", "position": "120"}
    assert client.post("/hardship/measures/kinds/new/", new).status_code == 302
    again = client.post("/hardship/measures/kinds/new/", new)
    assert again.status_code == 422
    assert "已有一项举措" in again.content.decode()
    taken = client.post("/hardship/measures/kinds/childcare/", {"name": "技能培训", "position": "1"})
    assert "已有同名的举措" in taken.content.decode()
    client.post("/hardship/measures/kinds/training/", {"name": "技能培训", "hint": "", "position": "10"})
    assert not MeasureKind.objects.get(code="training").is_active
    file, _ = going.bring("in_force")
    page = going.cast.client("aid_jishan").get(f"/hardship/{file.code}/process/").content.decode()
    assert 'value="childcare"' in page
    assert 'value="training"' not in page
    assert going.cast.client("clerk").get("/hardship/measures/kinds/").status_code == 403


@pytest.mark.parametrize(
    ("state", "who", "waits"),
    [
        ("applied", "aid_jishan", "入户调查"),
        ("applied", "aid", "入户调查"),
        ("applied", "aid_fusheng", ""),
        ("appraised", "reviewer", "公示"),
        ("publicised", "reviewer", "镇街复核"),
        ("publicised", "aid_jishan", ""),
        ("publicised", "aid", ""),
        ("reviewed", "aid", "联网核查"),
        ("reviewed", "reviewer", ""),
        ("checked", "leader", "审批"),
        ("checked", "aid", ""),
    ],
)
def test_the_workbench_shows_the_step_that_is_ones_own(going: Going, state: str, who: str, waits: str) -> None:
    file, _ = going.bring(state)
    key = "hardship_approvals" if who == "leader" else "hardship_steps"
    page = going.cast.client(who).get(f"/todo/{key}/").content.decode()
    assert (file.code in page) == bool(waits)
    assert waits in page
    assert file.holder.opened("name") not in page
    if waits:
        assert file.code in going.cast.client(who).get("/").content.decode()


def test_a_listed_file_waits_for_nobody_and_a_yearly_review_for_its_month(going: Going) -> None:
    file, _ = going.bring("appraised")
    going.publicise(file)
    assert file.code not in going.cast.client("aid_jishan").get("/todo/hardship_steps/").content.decode()
    done, _ = going.bring("in_force")
    due = FileProcess.objects.get(file=done).due_on
    client = going.cast.client("aid_jishan")
    for day, shown in ((date(2025, 6, 2), False), (due, True)):
        with clock.at(going.moment(day)):
            assert (done.code in client.get("/todo/hardship_steps/").content.decode()) == shown


def test_due_measures_stand_on_their_owners_workbench(going: Going) -> None:
    file, _ = going.bring("applied")
    client = going.cast.client("aid")
    sent = {
        "uuid": "7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0002",
        "kind": "training",
        "owner": "aid_jishan",
        "due_on": "2024-09-20",
    }
    client.post(f"/hardship/{file.code}/process/measure/", sent)
    assert "技能培训" in going.cast.client("aid_jishan").get("/todo/hardship_measures/").content.decode()
    assert "技能培训" not in client.get("/todo/hardship_measures/").content.decode()


@pytest.mark.parametrize("address", ["/hardship/measures/", "/todo/hardship_steps/"])
def test_lists_cost_the_same_with_one_row_and_with_six(going: Going, address: str) -> None:
    client = going.cast.client("aid")

    def one_more() -> None:
        file, _ = going.bring("applied")
        sent = {"uuid": file.uuid, "kind": "training", "owner": "aid", "due_on": "2024-09-20"}
        client.post(f"/hardship/{file.code}/process/measure/", sent)

    one_more()
    one = queries_of(client, address)
    for _ in range(5):
        one_more()
    assert queries_of(client, address) == one


def test_what_is_kept_is_told_to_the_household_and_goes_when_its_time_is_up(going: Going) -> None:
    file, day = going.bring("in_force")
    survey = HomeSurvey.objects.get()
    SurveyPhoto.objects.create(survey=survey, attachment=attachment_store(upload=photo(), actor=going.scope("aid")))
    told = dict(PARTS["process"].tell(file))
    assert SEEN["findings"] in told["入户调查 2024年9月4日"]
    going.move(file, "lift", day=day)
    with clock.at(going.moment(date(day.year + 6, 1, 8))):
        records_erase(codes=[file.code], actor=going.scope("aid"))
    survey.refresh_from_db()
    assert (survey.findings_sealed, survey.photos.count()) == ("", 0)
    assert set(file.opinions.values_list("text", flat=True)) == {""}
    assert file.publicity.get().masked_name == "**"
    page = going.cast.client("aid_jishan").get(f"/hardship/{file.code}/process/")
    assert page.status_code == 200
    assert "情况属实" not in page.content.decode()


def test_the_demos_households_stand_at_every_step_of_the_way(district: District) -> None:
    for digits in {each.township for each in HOUSEHOLDS} - {"006", "007", "108"}:
        Unit.objects.create(
            code=f"330602{digits}",
            kind="township",
            name=f"示例{digits}",
            short_name=f"示{digits}",
            parent=district.district,
        )
    district.leader(username="leader")
    hardship.play(PASSWORD, {unit.code: unit for unit in Unit.objects.all()})
    hardship_process.play()
    with clock.at(DEMO_STARTS_AT):
        states = Counter(HardshipFile.objects.values_list("state", flat=True))
        assert states == {
            "draft": 5,
            "applied": 1,
            "surveyed": 1,
            "appraised": 1,
            "checked": 1,
            "in_force": 2,
            "lifted": 1,
        }
        waiting = FileProcess.objects.exclude(awaits__in=("", "publicise", "renew"))
        assert not waiting.filter(due_on__lt=DEMO_STARTS_AT.date()).exists()
        listed = PublicityList.objects.get(starts_on__gte=date(2025, 1, 1))
        assert Client().get(f"/p/{listed.token}/").status_code == 200


def test_what_is_sealed_opens_under_the_next_key(going: Going, settings: Any) -> None:
    file, _ = going.bring("appraised")
    listed = going.publicise(file)
    given = Objected(uuid4(), 1, "他家有两套房。", is_anonymous=False, name="李四", phone="13900001111")
    objection = objection_submit(token=listed.token, given=given, now=going.moment())
    settings.FIELD_KEYS = f"{settings.FIELD_KEYS},9:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    field_keys_rotate(actor=SYSTEM)
    settings.FIELD_KEYS = settings.FIELD_KEYS.rpartition(",")[2]
    assert HomeSurvey.objects.get().opened("findings") == SEEN["findings"]
    objection.refresh_from_db()
    assert (objection.opened("words"), objection.opened("phone")) == ("他家有两套房。", "13900001111")
