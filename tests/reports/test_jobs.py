"""Reports as jobs: asked for, made, cancelled, kept with who took them; and the brief that every freeze gets by itself, once."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from docx import Document

from casework.models import Issue
from tests.chaos.faults import SECONDS, held, kill_group
from tests.people import District, client_for, scope_of
from tests.queries import queries_of
from tests.reports.conftest import at, moved
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.notify.models import Notification
from unionportal.embedded.process import wait_until
from unionportal.reporting import freezing
from unionportal.reporting.models import Report, ReportDownload, ReportTemplate
from unionportal.reporting.reports import jobs
from unionportal.reporting.rollups.refresh import refresh
from unionportal.reporting.tasks import make_briefs, make_report

pytestmark = pytest.mark.django_db
JUNE = date(2024, 6, 1)
NOW = at(7, 5)


def ask(client: Any, report: str = "annual:2024", file_format: str = "docx") -> Any:
    with clock.at(NOW):
        return client.post("/reports/", {"report": report, "format": file_format})


def make() -> Report:
    """What the worker does with what was asked for last."""
    report = Report.objects.latest("asked_at", "id")
    with clock.at(NOW):
        make_report(str(report.pk))
    report.refresh_from_db()
    return report


def test_a_report_is_asked_for_made_and_taken_by_name(year: District) -> None:
    staff, leader = year.staff(name="王文书"), year.leader(name="李主席")
    client = client_for(staff)
    assert ask(client).status_code == 302
    assert ask(client).status_code == 302
    waiting = Report.objects.get()  # asked twice, made once
    page = client.get("/reports/").content.decode()
    assert "排队中" in page
    assert f'hx-get="/reports/kept/{waiting.pk}/row/"' in page
    report = make()
    assert (report.state, report.progress, report.template_version) == ("done", 100, 0)
    assert report.revisions["2024-06"] == 0
    row = client.get(f"/reports/kept/{report.pk}/row/").content.decode()
    assert "hx-get" not in row, "a finished report asks no more"
    assert Notification.objects.filter(user=staff, text="2024年年度报告（Word）已生成").count() == 1
    answer = client_for(leader).get(f"/reports/kept/{report.pk}/file/")
    content = b"".join(answer.streaming_content)
    assert any("收集录入问题诉求4件" in p.text for p in Document(BytesIO(content)).paragraphs)
    assert [one.user for one in report.downloads.all()] == [leader]
    assert AuditEntry.objects.filter(action="report.download", actor=leader).count() == 1
    page = client.get(f"/reports/kept/{report.pk}/").content.decode()
    for said in ("李主席", "王文书", "内置模板", "2024-06：实时数据", report.attachment.sha256[:32]):
        assert said in page


def test_downloads_cannot_be_unsaid(year: District) -> None:
    staff = year.staff()
    ask(client_for(staff))
    jobs.report_take(report_id=make().pk, actor=scope_of(staff))
    for change in (ReportDownload.objects.all().delete, lambda: ReportDownload.objects.update(user=year.leader())):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            change()


def test_what_cannot_be_made_is_said_at_the_field(year: District) -> None:
    client = client_for(year.staff())
    for report, file_format, message in (
        ("annual:1990", "docx", "没有这一期的统计数据"),
        ("monthly:2024-06", "odt", "请选择格式"),
        ("monthly:2024-06", "", "请选择格式"),
    ):
        answer = ask(client, report, file_format)
        assert answer.status_code == 422
        assert message in answer.content.decode()
    assert not Report.objects.exists()


def test_a_waiting_report_is_cancelled_and_never_made(year: District) -> None:
    client = client_for(year.staff())
    ask(client)
    report = Report.objects.get()
    assert client.post(f"/reports/kept/{report.pk}/cancel/").status_code == 302
    assert make().state == "cancelled"
    assert client.get(f"/reports/kept/{report.pk}/file/").status_code == 404
    assert client.post(f"/reports/kept/{report.pk}/cancel/").status_code == 409
    assert client.post(f"/reports/kept/{uuid4()}/cancel/").status_code == 404


@pytest.mark.worker
@pytest.mark.usefixtures("committed_db")
def test_a_report_whose_worker_was_killed_is_made_by_the_sweep(year: District, celery_worker_process: Any) -> None:
    client = client_for(year.staff())
    with held("files_attachment", mode="SHARE") as watch:  # made, but not yet kept
        report = jobs.report_ask(
            kind="annual", start=date(2024, 1, 1), file_format="docx", actor=scope_of(year.staff())
        )
        watch.until_waiting()
        report.refresh_from_db()
        assert report.state == Report.State.RUNNING
        kill_group(celery_worker_process)
    # The dead worker's session ends with its statement; until then the report is still in its hands.
    assert wait_until(make_briefs, seconds=SECONDS, interval=0.1)
    report.refresh_from_db()
    assert (report.state, report.progress) == (Report.State.DONE, 100)
    answer = client.get(f"/reports/kept/{report.pk}/file/")
    assert any(
        "收集录入问题诉求4件" in p.text for p in Document(BytesIO(b"".join(answer.streaming_content))).paragraphs
    )
    assert make_briefs() == 0


def test_a_template_that_fails_in_a_period_fails_the_report_in_words(year: District) -> None:
    document = Document(BytesIO(client_for(year.staff()).get("/reports/templates/monthly/0.docx").content))
    document.add_paragraph("{{ 各类别[2].名称 }}")
    buffer = BytesIO()
    document.save(buffer)
    client = client_for(year.staff())
    with clock.at(NOW):
        answer = client.post("/reports/templates/monthly/", {"file": SimpleUploadedFile("t.docx", buffer.getvalue())})
    assert answer.status_code == 302, "June has three categories"
    assert ReportTemplate.objects.get().is_in_force
    ask(client, "monthly:2024-04")
    report = make()
    assert (report.state, report.attachment) == ("failed", None)
    assert "自定义模板第1版在这一期用不了" in client.get("/reports/").content.decode()


def test_a_freeze_gets_its_brief_once_and_leaders_are_told(year: District) -> None:
    leader, staff = year.leader(), scope_of(year.staff())
    with clock.at(at(7, 8)):
        freezing.month_freeze(month=JUNE, actor=staff)
        assert make_briefs() == 2
        assert make_briefs() == 0, "again, late or beside itself: nothing new"
    briefs = Report.objects.all()
    assert {(one.format, one.state, one.freeze.revision) for one in briefs} == {("docx", "done", 1), ("pdf", "done", 1)}
    assert all(one.revisions == {"2024-06": 1} and one.asked_by is None for one in briefs)
    (told,) = Notification.objects.filter(user=leader)
    assert told.text == "2024年6月月报已生成（数据第1版）"
    assert client_for(leader).get(told.url).status_code == 200


def test_a_revision_gets_a_brief_of_its_own_and_months_long_over_none(year: District) -> None:
    staff = scope_of(year.staff())
    with clock.at(at(7, 8)):
        freezing.month_freeze(month=JUNE, actor=staff)
        make_briefs()
    moved(Issue.objects.get(state="registered"), at(9, 1), staff, "close", outcome="explained", note="已说明")
    with clock.at(at(9, 2)):
        refresh()
        freezing.month_freeze(month=date(2024, 3, 1), actor=staff)
        freezing.month_revise(month=JUNE, reason="补录办结", actor=staff)
        assert make_briefs() == 2, "March was over long ago: its brief is asked for by hand"
    assert sorted(Report.objects.values_list("freeze__revision", flat=True)) == [1, 1, 2, 2]


def test_who_may_not(year: District) -> None:
    ask(client_for(year.staff()))
    report = make()
    for outsider in (year.cadre(), year.township_clerk(), year.handler(), year.sysadmin(), year.auditor()):
        client = client_for(outsider)
        for address in ("", "row/", "file/"):
            assert client.get(f"/reports/kept/{report.pk}/{address}").status_code == 403
        assert client.post(f"/reports/kept/{report.pk}/cancel/").status_code == 403
        assert ask(client).status_code == 403


def test_the_list_costs_the_same_with_many(year: District) -> None:
    client = client_for(year.staff())
    ask(client)
    make()
    with clock.at(NOW):
        one = queries_of(client, "/reports/")
    for file_format in ("pdf", "xlsx"):
        ask(client, file_format=file_format)
        make()
    with clock.at(NOW):
        assert queries_of(client, "/reports/") == one
