"""Running a job: by whichever worker takes it first, with its owner's rights of this moment, to an end that is whole or nothing."""

import logging
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.exchange.kinds import ImportKind, export_kind, import_kind
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.tables import csv_lines, workbook
from unionportal.core.jobs.importing import Result, bring_in
from unionportal.core.jobs.line import Line, Stopped
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.reach import reach_of
from unionportal.core.jobs.sheets import Sheet, read_sheet
from unionportal.core.jobs.uploads import source_content
from unionportal.core.jobs.workbooks import marked_copy

log = logging.getLogger(__name__)
XLSX_ROWS = 1_048_575  # a worksheet's, without the heading
#: Problems kept with a job; the marked-up copy has them all.
MOST_PROBLEMS = 500


def job_run(*, job_id: UUID) -> bool:
    """Run a job that waits; False where it does not (any more). Errors of the database's connection are raised: the sweep gives the job out again."""
    job = _take(job_id)
    if job is None:
        return False
    owner = build_scope(User.objects.get(pk=job.owner_id))
    with Line(job) as line:
        try:
            if job.way == Job.Way.EXPORT:
                _export(job, owner, line)
            else:
                _import(job, owner, line)
        except Stopped:
            log.info("job %s stopped: cancelled, or given to another worker", job.pk)
        except DomainError as error:
            _fail(job, owner, "；".join(error.fields.values()) or error.detail)
        except OperationalError:
            raise
        except Exception:
            log.exception("job %s failed", job.pk)
            _fail(job, owner, "出了意外，没有完成，也没有留下任何改动。请重试；仍不行请联系系统管理员。")
    return True


def _take(job_id: UUID) -> Job | None:
    """The job, now this worker's; None where somebody else was first or it is over."""
    taken = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, attempt=F("attempt") + 1, beat_at=timezone.now(), done=0
    )
    if not taken:
        return None
    job = Job.objects.get(pk=job_id)
    for attempt in range(1, job.attempt):
        # What a killed worker wrote and nobody will ever fetch.
        job.result.storage.delete(result_path(job, attempt))
    return job


def result_path(job: Job, attempt: int) -> str:
    """Where the file of an attempt is stored."""
    return f"jobs/{job.pk}-{attempt}.{'xlsx' if job.way == Job.Way.IMPORT else job.format}"


def _export(job: Job, owner: Scope, line: Line) -> None:
    kind = export_kind(job.kind)
    require(owner, kind.action)
    rows = kind.select(job.params, owner).rows
    total = rows.order_by().count()
    if job.format == Job.Format.XLSX and total > XLSX_ROWS:
        raise FieldErrors({"format": f"共 {total} 行，超过 Excel 的 {XLSX_ROWS} 行，请缩小范围，或导出 CSV。"})
    line.beat(0, total)

    def counted() -> Any:
        done = 0
        for done, cells in enumerate(kind.cells(rows), start=1):
            yield cells
            line.beat(done, max(done + 1, total))  # rows may have come since they were counted
        line.beat(done, done)

    if job.format == Job.Format.XLSX:
        written = workbook(kind.label, kind.headings, counted())
    else:
        written = _csv(kind.headings, counted())
    name = f"{kind.label}-{clock.today():%Y%m%d}.{job.format}"
    with written:
        _finish(job, owner, file=written, name=name, filters=sorted(job.params), format=job.format)


def _csv(headings: tuple[str, ...], rows: Any) -> IO[bytes]:
    out = TemporaryFile()  # noqa: SIM115  the caller closes it
    for text in csv_lines(headings, rows):
        out.write(text.encode())
    out.seek(0)
    return out


def _import(job: Job, owner: Scope, line: Line) -> None:
    kind = import_kind(job.kind)
    require(owner, kind.action)
    sheet = read_sheet(source_content(job, personal=kind.personal), job.format, most_rows=kind.most_rows)
    line.beat(0, len(sheet.rows))
    with transaction.atomic():
        result = bring_in(kind, sheet, actor=owner, dry_run=job.dry_run, beat=line.beat)
        if not result.problems and not job.dry_run:
            # In the transaction of the rows: a job that is done twice is written once.
            _finish(job, owner, counts=result.counts, dry_run=False)
            if kind.personal:
                forget_source(job)
            return
        transaction.set_rollback(True)
    _report(job, owner, kind, sheet, result)


def _report(job: Job, owner: Scope, kind: ImportKind, sheet: Sheet, result: Result) -> None:
    """The end of a check, or of an import that found something wrong and left nothing behind."""
    count = len(result.problems)
    if not count:
        _finish(job, owner, counts=result.counts, dry_run=True)
        return
    problems = {"problems": result.problems_as_json(MOST_PROBLEMS), "problem_count": count}
    end = {"state": Job.State.DONE} if job.dry_run else {"state": Job.State.FAILED, "error": NOTHING_KEPT.format(count)}
    if kind.personal:
        with transaction.atomic():
            _finish(job, owner, columns={**problems, **end}, counts=result.counts, dry_run=job.dry_run)
            forget_source(job)
        return
    stem = job.source_name.rpartition(".")[0][:90]
    with marked_copy(sheet, result.problems) as copy:
        _finish(
            job,
            owner,
            file=copy,
            name=f"{stem}-标注.xlsx",
            columns={**problems, **end},
            counts=result.counts,
            dry_run=job.dry_run,
        )


def forget_source(job: Job) -> None:
    """Remove an upload that names people as soon as nobody needs it any more."""
    storage, name = job.source.storage, str(job.source.name)
    Job.objects.filter(source=name).update(source="")
    transaction.on_commit(lambda: storage.delete(name))


NOTHING_KEPT = "有 {} 处问题，一行也没有写入。"


def _finish(
    job: Job,
    owner: Scope,
    *,
    file: IO[bytes] | None = None,
    name: str = "",
    columns: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """End the job with its file, if it is still this worker's; raises Stopped, and leaves no file, if it is not."""
    changes: dict[str, Any] = {"state": Job.State.DONE, "reach": reach_of(owner), **(columns or {})}
    if "counts" in facts:
        changes["counts"] = facts["counts"]
    storage = job.result.storage
    path = result_path(job, job.attempt)
    if file is not None:
        path = storage.save(path, File(file))
        changes |= {"result": path, "result_name": name, "result_size": storage.size(path)}
    with transaction.atomic():
        if not _still_ours(job).update(finished_at=clock.now(), beat_at=timezone.now(), **changes):
            if file is not None:
                storage.delete(path)
            raise Stopped
        said = {"kind": job.kind, "state": str(changes["state"]), **facts}
        record(actor=owner, action=f"{job.way}.finish", object_type=job.way, object_id=job.pk, **said)


def _fail(job: Job, owner: Scope, why: str) -> None:
    with transaction.atomic():
        if _still_ours(job).update(state=Job.State.FAILED, error=why[:300], finished_at=clock.now()):
            job_failed(job, owner)


def job_failed(job: Job, owner: Scope) -> None:
    """Write the failure into the trail; the reason, which may quote what was typed, stays with the job."""
    record(
        actor=owner, action=f"{job.way}.finish", object_type=job.way, object_id=job.pk, kind=job.kind, state="failed"
    )


def _still_ours(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, attempt=job.attempt, state=Job.State.RUNNING)
