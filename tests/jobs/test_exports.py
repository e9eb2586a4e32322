"""Exports as jobs: asked for, run with the owner's rights of that moment, fetched by the owner alone, all of it in the trail."""

import csv
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError

from casework.models import Category
from casework.services import issue_register
from tests.jobs.builders import ask_export, cells, content_of, run_all
from tests.people import District, client_for, scope_of
from tests.queries import queries_of
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.jobs.models import Job, JobDownload
from unionportal.core.jobs.services import export_ask
from unionportal.core.jobs.services.running import job_run
from unionportal.core.jobs.services.sweeping import KEPT_FOR, files_expire

pytestmark = pytest.mark.usefixtures("committed_db")


def issue(actor: User, district: District, title: str = "返还款未到账", township: str = "330602006") -> None:
    issue_register(
        uuid=uuid4(),
        title=title,
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=district.township(township),
        received_on=clock.today(),
        actor=scope_of(actor),
    )


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_asked_run_fetched(district: District) -> None:
    staff = district.staff()
    issue(staff, district)
    issue(staff, district, "别处的", "330602108")
    client = client_for(staff)
    asked = client.post(
        "/api/v1/exports/",
        {"kind": "issues", "format": "csv", "params": {"township": "330602006", "state": "open"}},
        content_type="application/json",
    )
    assert asked.status_code == 202
    address = f"/api/v1/exports/{asked.json()['id']}/"
    waiting = client.get(address).json()
    assert (waiting["state"], waiting["progress"], waiting["download"]) == ("queued", 0, None)
    assert client.get(f"{address}download/").status_code == 409
    run_all()
    done = client.get(address).json()
    assert (done["state"], done["progress"], done["rows"], done["error"]) == ("done", 100, 1, "")
    answer = client.get(done["download"])
    assert [row["标题"] for row in rows(content_of(answer))] == ["返还款未到账"]
    assert "%E9%97%AE%E9%A2%98%E8%AF%89%E6%B1%82" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    assert JobDownload.objects.get().user_id == staff.pk
    trail = AuditEntry.objects.filter(object_type="export").order_by("id").values_list("action", "actor_id")
    assert list(trail) == [(f"export.{act}", staff.pk) for act in ("ask", "finish", "download")]
    assert AuditEntry.objects.get(action="export.ask").data["filters"] == ["state", "township"]


def test_a_job_is_nobody_elses(district: District) -> None:
    staff, colleague = district.staff(), district.staff()
    done = ask_export(staff, "enterprises")
    client = client_for(colleague)
    for address in (f"/api/v1/exports/{done['id']}/", done["download"], f"/exports/{done['id']}/file/"):
        assert client.get(address).status_code == 404
    for act in ("cancel", "again"):
        assert client.post(f"/exports/{done['id']}/{act}/").status_code == 404
    assert client.get("/api/v1/exports/").json()["results"] == []
    assert done["id"] not in client.get("/exports/").content.decode()
    assert not JobDownload.objects.exists()


def test_a_job_runs_with_the_rights_of_the_moment_it_runs(district: District) -> None:
    clerk = district.township_clerk()
    staff = district.staff()
    issue(staff, district)
    issue(staff, district, "别处的", "330602108")
    assert ask_export(clerk, "issues")["rows"] == 1
    client = client_for(staff)
    client.post("/api/v1/exports/", {"kind": "issues"}, content_type="application/json")
    RoleGrant.objects.filter(user=staff).delete()
    run_all()
    job = Job.objects.get(owner=staff)
    assert (job.state, job.error, job.result) == ("failed", "您的角色不能进行这项操作。", "")


def test_a_file_is_not_handed_out_once_it_shows_more_than_its_owner_may_see(district: District) -> None:
    clerk = district.township_clerk()
    done = ask_export(clerk, "issues")
    RoleGrant.objects.filter(user=clerk).update(unit=district.township("330602108"))
    answer = client_for(clerk).get(done["download"])
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "您的查看范围已经改变，这份文件不能再下载，请重新导出。",
    )


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"kind": "secrets"}, "kind"),
        ({"kind": "issues", "format": "exe"}, "format"),
        ({"kind": "issues", "params": {"state": "nonsense"}}, "state"),
        ({"kind": "issues", "params": {"sate": "open"}}, "sate"),
    ],
)
def test_what_nobody_can_read_is_refused_at_once(district: District, wanted: dict, field: str) -> None:
    answer = client_for(district.staff()).post("/api/v1/exports/", wanted, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not Job.objects.exists()


def test_who_may_not_take_out_is_refused(district: District) -> None:
    for person in (district.cadre(), district.handler(), district.auditor()):
        client = client_for(person)
        assert client.post("/api/v1/exports/", {"kind": "issues"}, content_type="application/json").status_code == 403
        assert client.get("/exports/").status_code == 403


def test_nothing_there_is_a_file_of_headings(district: District) -> None:
    staff = district.staff()
    for kind in ("issues", "visits", "enterprises"):
        done = ask_export(staff, kind, "xlsx")
        assert (done["state"], done["rows"], done["progress"]) == ("done", 0, 100)
        assert len(cells(content_of(client_for(staff).get(done["download"])))) == 1


def test_text_is_never_a_formula_and_codes_are_text(district: District) -> None:
    staff = district.staff()
    for number, name in enumerate(("=1+1（演示）", "+厂", "-厂", "@厂", "\t厂"), start=1):
        district.enterprise(number, name=name)
    done = ask_export(staff, "enterprises", "xlsx")
    content = content_of(client_for(staff).get(done["download"]))
    assert b"<f>" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    table = cells(content)
    assert {row[1] for row in table[1:]} == {"=1+1（演示）", "+厂", "-厂", "@厂", "\t厂"}
    assert all(isinstance(row[0], str) and len(row[0]) == 18 for row in table[1:])
    done = ask_export(staff, "enterprises", "csv")
    assert all(row["企业名称"].startswith("'") for row in rows(content_of(client_for(staff).get(done["download"]))))


def test_a_repeat_of_the_same_id_is_the_same_job(district: District) -> None:
    client = client_for(district.staff())
    wanted = {"id": str(uuid4()), "kind": "issues", "format": "csv"}
    answers = [client.post("/api/v1/exports/", wanted, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert Job.objects.count() == 1
    other = client.post("/api/v1/exports/", {**wanted, "format": "xlsx"}, content_type="application/json")
    assert other.status_code == 409


def test_a_task_delivered_twice_does_the_job_once(district: District) -> None:
    job = export_ask(kind="issues", file_format="csv", params={}, actor=scope_of(district.staff()))
    assert [job_run(job_id=job.pk), job_run(job_id=job.pk)] == [True, False]
    assert AuditEntry.objects.filter(action="export.finish").count() == 1


def test_nobody_keeps_the_workers_from_the_others(district: District) -> None:
    client = client_for(district.staff())
    answers = [client.post("/api/v1/exports/", {"kind": "issues"}, content_type="application/json") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [409]


def test_a_cancelled_job_is_not_run(district: District) -> None:
    staff = district.staff()
    job = export_ask(kind="issues", file_format="csv", params={}, actor=scope_of(staff))
    client = client_for(staff)
    assert client.post(f"/api/v1/exports/{job.pk}/cancel/").json()["state"] == "cancelled"
    run_all()
    job.refresh_from_db()
    assert (job.state, job.result, job.attempt) == ("cancelled", "", 0)
    again = client.post(f"/exports/{job.pk}/cancel/")
    assert again.status_code == 409
    assert client.post(f"/exports/{job.pk}/again/").status_code == 302
    run_all()
    assert Job.objects.filter(state="done").count() == 1


def test_a_long_list_is_handed_on_to_a_job(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.views.exports.DIRECT_ROWS", 1)
    staff = district.staff()
    issue(staff, district)
    client = client_for(staff)
    assert client.get("/issues/export/?format=xlsx&state=open").status_code == 200
    issue(staff, district)
    answer = client.get("/issues/export/?format=xlsx&state=open")
    assert (answer.status_code, answer.url) == (302, "/exports/new/?of=issues&format=xlsx&state=open")
    page = client.get(answer.url).content.decode()
    assert "未办结" in page
    assert "<dd>2</dd>" in page


def test_files_go_after_their_time_and_the_rows_stay(district: District) -> None:
    staff = district.staff()
    done = ask_export(staff, "issues")
    job = Job.objects.get()
    name = job.result.name
    assert files_expire(now=job.beat_at + KEPT_FOR - timedelta(minutes=1)) == 0
    assert files_expire(now=job.beat_at + KEPT_FOR + timedelta(minutes=1)) == 1
    assert not default_storage.exists(name)
    answer = client_for(staff).get(done["download"])
    assert (answer.status_code, answer.json()["detail"]) == (409, "文件已过保存期，请重新生成。")
    assert client_for(staff).get(f"/api/v1/exports/{done['id']}/").json()["download"] is None


def test_the_record_of_downloads_cannot_be_changed(district: District) -> None:
    staff = district.staff()
    client_for(staff).get(ask_export(staff, "issues")["download"])
    for statement in ("DELETE FROM jobs_jobdownload", "UPDATE jobs_jobdownload SET at = now()"):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_page_costs_the_same_with_one_and_with_many(district: District) -> None:
    staff = district.staff()
    client = client_for(staff)
    ask_export(staff, "issues")
    one = queries_of(client, "/exports/")
    for _ in range(6):
        ask_export(staff, "issues", state="open")
    assert queries_of(client, "/exports/") == one


def test_what_to_take_out_is_chosen_from_what_one_may(district: District) -> None:
    client = client_for(district.staff())
    page = client.get("/exports/new/").content.decode()
    assert [f'value="{kind}"' in page for kind in ("issues", "visits", "enterprises")] == [True] * 3
    form = {"id": str(uuid4()), "kind": "visits", "format": "csv"}
    assert client.post("/exports/new/", form).status_code == 302
    assert client.post("/exports/new/?of=visits&kind=stay", {**form, "id": str(uuid4())}).status_code == 302
    assert [job.params for job in Job.objects.order_by("asked_at")] == [{}, {"kind": "stay"}]
    assert client.post("/exports/new/", {**form, "kind": ""}).status_code == 422
