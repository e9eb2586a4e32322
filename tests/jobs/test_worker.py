"""Jobs on a real worker: killed, cancelled and overtaken in the middle, and with the broker away. Nothing is lost, half done, or done twice."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from casework.models import Category
from casework.services import issue_register
from tests.chaos.faults import SECONDS, Watch, held, kill_group, other_connection
from tests.jobs.builders import enterprise_rows, run_all, xlsx
from tests.people import District, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.services import export_ask, import_ask
from unionportal.core.jobs.services.running import job_run
from unionportal.core.jobs.services.sweeping import DEAD_AFTER, LOST_AFTER, jobs_sweep
from unionportal.core.orgs.models import Enterprise
from unionportal.embedded.process import wait_until
from unionportal.embedded.valkey import Valkey

pytestmark = pytest.mark.usefixtures("committed_db")
NEW = 150


def long_import(staff: User, district: District) -> Job:
    """New enterprises, and after two thirds of them one that is known already."""
    headings, *rows = enterprise_rows(NEW)
    known = (district.enterprise(1).credit_code, "", "", "77", "", "")
    sheet = xlsx(headings, *rows[: NEW * 2 // 3], known, *rows[NEW * 2 // 3 :])
    return import_ask(kind="enterprises", upload=sheet, dry_run=False, actor=scope_of(staff))


@contextlib.contextmanager
def known_one_held() -> Iterator[Watch]:
    """Whoever changes the known enterprise waits for us."""
    with other_connection() as holder, other_connection() as looker:
        with holder.transaction():
            holder.execute("SELECT 1 FROM orgs_enterprise FOR UPDATE")
            yield Watch(looker)


def in_the_middle(job: Job, watch: Watch) -> None:
    """Return once the job's worker waits, with its progress told."""
    watch.until_waiting("transactionid")
    job.refresh_from_db()
    assert (job.state, job.total) == ("running", NEW + 1)
    assert 0 < job.done < NEW
    assert Enterprise.objects.count() == 1


def others_are_through() -> bool:
    """Whether no other process has a transaction open on this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL "
            "AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone() == (0,)


def all_there_once(job: Job) -> None:
    job.refresh_from_db()
    assert (job.state, job.attempt, job.counts) == ("done", 2, {"created": NEW, "changed": 1, "same": 0})
    assert Enterprise.objects.count() == NEW + 1
    assert AuditEntry.objects.filter(action="enterprise.create").count() == NEW
    assert AuditEntry.objects.filter(action="import.finish").count() == 1


@pytest.mark.worker
def test_a_worker_killed_in_the_middle_of_an_import(district: District, celery_worker_process: Any) -> None:
    district.enterprise(1)
    with known_one_held() as watch:
        job = long_import(district.staff(), district)
        in_the_middle(job, watch)
        kill_group(celery_worker_process)
    assert wait_until(others_are_through, seconds=SECONDS)
    assert Enterprise.objects.count() == 1
    assert jobs_sweep() == 0, "a worker that spoke a moment ago is not taken for dead"
    celery_worker_process.stop()
    celery_worker_process.start()
    assert jobs_sweep(now=timezone.now() + DEAD_AFTER + timedelta(seconds=1)) == 1
    assert wait_until(lambda: Job.objects.get().is_finished, seconds=SECONDS, interval=0.1)
    all_there_once(job)


@pytest.mark.worker
def test_an_import_cancelled_in_the_middle_leaves_nothing(district: District, celery_worker_process: Any) -> None:
    staff = district.staff()
    district.enterprise(1)
    with known_one_held() as watch:
        job = long_import(staff, district)
        in_the_middle(job, watch)
        assert client_for(staff).post(f"/api/v1/imports/{job.pk}/cancel/").json()["state"] == "cancelled"
    assert wait_until(others_are_through, seconds=SECONDS)
    job.refresh_from_db()
    assert (job.state, job.counts, job.result) == ("cancelled", {}, "")
    assert Enterprise.objects.get().employees is None
    assert not AuditEntry.objects.filter(action__in=("enterprise.create", "import.finish")).exists()


def test_an_export_cancelled_in_the_middle_leaves_no_file(district: District) -> None:
    staff, job = exported(district)
    running = threading.Thread(target=lambda: (job_run(job_id=job.pk), connection.close()))
    with held("orgs_enterprise", mode="ACCESS EXCLUSIVE") as watch:  # counted, and about to be read
        running.start()
        watch.until_waiting()
        job.refresh_from_db()
        assert (job.state, job.total) == ("running", 1)
        client = client_for(staff)
        assert client.post(f"/api/v1/exports/{job.pk}/cancel/").json()["state"] == "cancelled"
    running.join(SECONDS)
    job.refresh_from_db()
    assert (job.state, job.result, job.result_name) == ("cancelled", "", "")
    assert files_of(job) == []
    assert client.get(f"/api/v1/exports/{job.pk}/download/").status_code == 409
    assert "已取消" in client.get("/exports/").content.decode()
    assert not AuditEntry.objects.filter(action="export.finish").exists()


def test_a_cancel_that_comes_as_the_export_ends_is_too_late(district: District) -> None:
    staff, job = exported(district)
    answers: list[Any] = []
    client = client_for(staff)
    running = threading.Thread(target=lambda: (job_run(job_id=job.pk), connection.close()))
    cancelling = threading.Thread(
        target=lambda: (answers.append(client.post(f"/api/v1/exports/{job.pk}/cancel/")), connection.close())
    )
    with held("audit_auditentry", mode="SHARE") as watch:  # the file is there, its end not yet committed
        running.start()
        watch.until_waiting()
        assert len(files_of(job)) == 1
        cancelling.start()
        watch.until_waiting("transactionid")
    for thread in (running, cancelling):
        thread.join(SECONDS)
    assert [answer.status_code for answer in answers] == [409]
    job.refresh_from_db()
    assert job.state == "done"
    assert files_of(job) == [job.result.name.removeprefix("jobs/")]
    assert client.get(f"/api/v1/exports/{job.pk}/download/").status_code == 200


def exported(district: District) -> tuple[User, Job]:
    """Who asked for the list of one issue, and the job that waits."""
    staff = district.staff()
    issue_register(
        uuid=uuid4(),
        title="返还款未到账",
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=district.township(),
        received_on=clock.today(),
        actor=scope_of(staff),
    )
    return staff, export_ask(kind="issues", file_format="xlsx", params={}, actor=scope_of(staff))


def files_of(job: Job) -> list[str]:
    """The stored files of a job."""
    storage = job.result.storage
    return [name for name in storage.listdir("jobs")[1] if str(job.pk) in name] if storage.exists("jobs") else []


def test_a_worker_taken_for_dead_does_not_finish_beside_its_heir(district: District) -> None:
    district.enterprise(1)
    job = long_import(district.staff(), district)
    slow = threading.Thread(target=lambda: (job_run(job_id=job.pk), connection.close()))
    with known_one_held() as watch:
        slow.start()
        in_the_middle(job, watch)
        assert jobs_sweep(now=timezone.now() + DEAD_AFTER + timedelta(seconds=1)) == 1
    slow.join(SECONDS)
    assert Enterprise.objects.count() == 1
    run_all()
    all_there_once(job)


def test_a_job_that_takes_every_worker_with_it_is_given_up(district: District) -> None:
    job = export_ask(kind="issues", file_format="csv", params={}, actor=scope_of(district.staff()))
    Job.objects.update(state="running", attempt=3)
    assert jobs_sweep(now=timezone.now() + DEAD_AFTER + timedelta(seconds=1)) == 0
    job.refresh_from_db()
    assert (job.state, job.error[:10]) == ("failed", "试了 3 次都没有完")


@pytest.mark.worker
def test_asked_for_while_the_broker_is_away(district: District, celery_worker_process: Any, valkey: Valkey) -> None:
    staff = district.staff()
    assert valkey.child is not None
    valkey.child.kill()
    valkey.child.wait()
    client = client_for(staff)
    asked = client.post("/api/v1/exports/", {"kind": "issues", "format": "xlsx"}, content_type="application/json")
    assert asked.status_code == 202
    assert jobs_sweep() == 0, "a job just asked for is on its way"
    valkey.start()
    later = timezone.now()

    def picked_up() -> bool:
        """What beat does every half minute, until the worker has found the broker again."""
        nonlocal later
        later += LOST_AFTER + timedelta(seconds=1)
        jobs_sweep(now=later)
        return Job.objects.get().state == "done"

    assert wait_until(picked_up, seconds=2 * SECONDS, interval=0.5)
    assert client.get(f"/api/v1/exports/{asked.json()['id']}/").json()["progress"] == 100
    assert AuditEntry.objects.filter(action="export.finish").count() == 1
