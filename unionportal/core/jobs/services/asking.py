"""What people do with jobs: ask for one, confirm a checked import, cancel."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.exchange.kinds import export_kind, import_kind
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.jobs.models import FINISHED, Job
from unionportal.core.jobs.uploads import keep_source

RUN = "jobs.run"
#: Jobs of one person that may wait or run at a time: nobody keeps the workers from the others.
MOST_UNFINISHED = 5


@transaction.atomic
def export_ask(
    *,
    kind: str,
    file_format: str,
    params: Mapping[str, str],
    actor: Scope,
    id: UUID | None = None,
    now: datetime | None = None,
) -> Job:
    """Ask for a list as a file. A repeat of `id` with the same content is the first job.

    Raises Forbidden, Conflict (too many at work, or the id is taken) and FieldErrors for a kind, format or filter that does not exist.
    """
    wanted = export_kind(kind)
    require(actor, wanted.action)
    if file_format not in Job.Format.values:
        raise FieldErrors({"format": f"没有这种格式，可以选：{'、'.join(Job.Format.values)}。"})
    chosen = wanted.select(params, actor)
    job = Job(id=id or uuid4(), way=Job.Way.EXPORT, kind=kind, format=file_format, params=dict(params))
    job.conditions = [list(condition) for condition in chosen.conditions]
    facts = {"kind": kind, "format": file_format, "filters": list(chosen.names)}
    return _ask(job, actor=actor, now=now, facts=facts)


def export_ask_again(*, job_id: UUID, actor: Scope, now: datetime | None = None) -> Job:
    """The same list as it is now. Raises NotFound, and what `export_ask` raises."""
    job = Job.objects.visible_to(actor).filter(pk=job_id, way=Job.Way.EXPORT).first()
    if job is None:
        raise NotFound
    return export_ask(kind=job.kind, file_format=job.format, params=job.params, actor=actor, now=now)


@transaction.atomic
def import_ask(
    *,
    kind: str,
    upload: UploadedFile | None,
    dry_run: bool,
    actor: Scope,
    id: UUID | None = None,
    now: datetime | None = None,
) -> Job:
    """Ask for a workbook to be checked (`dry_run`) or brought in whole. Raises Forbidden, Conflict and FieldErrors at kind or file."""
    wanted = import_kind(kind)
    require(actor, wanted.action)
    if upload is None:
        raise FieldErrors({"file": "请选择要导入的文件。"})
    job = Job(id=id or uuid4(), way=Job.Way.IMPORT, kind=kind, dry_run=dry_run)
    keep_source(job, upload, personal=wanted.personal)
    facts = {"kind": kind, "format": job.format, "dry_run": dry_run, "sha256": job.source_sha256}
    return _ask(job, actor=actor, now=now, facts=facts)


@transaction.atomic
def import_confirm(*, job_id: UUID, actor: Scope, now: datetime | None = None) -> Job:
    """Bring in a workbook whose check found nothing wrong; confirming twice is one job. Raises NotFound, Forbidden, InvalidTransition."""
    check = (
        Job.objects.visible_to(actor).select_for_update().filter(pk=job_id, way=Job.Way.IMPORT, dry_run=True).first()
    )
    if check is None:
        raise NotFound
    require(actor, import_kind(check.kind).action)
    if (written := Job.objects.filter(check_of=check).first()) is not None:
        return written
    if check.state != Job.State.DONE or check.problem_count:
        raise InvalidTransition("检查没有通过，改好文件后请重新上传。")
    if not check.source:
        raise InvalidTransition("上传的文件已过保存期，请重新上传。")
    job = Job(
        way=Job.Way.IMPORT,
        kind=check.kind,
        format=check.format,
        check_of=check,
        source=check.source.name,
        source_name=check.source_name,
        source_sha256=check.source_sha256,
    )
    facts = {"kind": job.kind, "format": job.format, "dry_run": False, "sha256": job.source_sha256}
    return _ask(job, actor=actor, now=now, facts=facts)


@transaction.atomic
def job_cancel(*, job_id: UUID, way: str, actor: Scope, now: datetime | None = None) -> Job:
    """Stop a job that waits or runs; whoever runs it finds out at its next step and leaves nothing behind. Raises NotFound, InvalidTransition."""
    mine = Job.objects.visible_to(actor).filter(pk=job_id, way=way)
    stopped = mine.unfinished().update(state=Job.State.CANCELLED, finished_at=now or clock.now())
    job = mine.first()
    if job is None:
        raise NotFound
    if not stopped:
        raise InvalidTransition("这个任务已经结束，不用取消。")
    record(actor=actor, action=f"{way}.cancel", object_type=way, object_id=job.pk, kind=job.kind)
    return job


def _ask(job: Job, *, actor: Scope, now: datetime | None, facts: Mapping[str, object]) -> Job:
    first = Job.objects.filter(pk=job.pk).first()
    if first is not None:
        return _repeat(first, job, actor)
    if Job.objects.visible_to(actor).unfinished().count() >= MOST_UNFINISHED:
        raise Conflict(f"您已有 {MOST_UNFINISHED} 个任务在排队或进行，请等它们完成，或取消其中一个。")
    job.owner_id, job.asked_at = actor.user_id, now or clock.now()
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # The other half of a double tap committed first.
        first = Job.objects.filter(pk=job.pk).first()
        if first is None:
            raise
        return _repeat(first, job, actor)
    record(actor=actor, action=f"{job.way}.ask", object_type=job.way, object_id=job.pk, **facts)
    soon_by_name(RUN, str(job.pk))
    return job


def _repeat(first: Job, wanted: Job, actor: Scope) -> Job:
    names = ("way", "kind", "format", "params", "dry_run", "source_sha256")
    if first.owner_id != actor.user_id or any(getattr(first, name) != getattr(wanted, name) for name in names):
        raise Conflict("这个编号已用于另一个任务，请刷新页面后重试。")
    return first


def unfinished_words(job: Job) -> str:
    """Why a result is not there, for a page that was asked for it."""
    if job.state not in FINISHED:
        return "文件还没有生成好，请稍候。"
    return job.error or "这个任务没有生成文件。"
