"""Handing out a result: to its owner, if the rights of now still cover it, each time written down."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, Forbidden, NotFound
from unionportal.core.common.exchange.kinds import export_kind, import_kind
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.jobs.models import Job, JobDownload
from unionportal.core.jobs.reach import still_reaches
from unionportal.core.jobs.services.asking import unfinished_words


@transaction.atomic
def result_fetch(*, job_id: UUID, way: str, actor: Scope, now: datetime | None = None) -> Job:
    """The job whose result may be sent to the actor now. Raises NotFound, Forbidden, Conflict (no file, or not yet)."""
    job = Job.objects.visible_to(actor).filter(pk=job_id, way=way).first()
    if job is None:
        raise NotFound
    kind = export_kind(job.kind) if way == Job.Way.EXPORT else import_kind(job.kind)
    require(actor, kind.action)
    if not still_reaches(actor, job.reach):
        raise Forbidden("您的查看范围已经改变，这份文件不能再下载，请重新导出。")
    if not job.result_name:
        raise Conflict(unfinished_words(job))
    if not job.result or not job.result.storage.exists(job.result.name):
        raise Conflict("文件已过保存期，请重新生成。")
    JobDownload.objects.create(job=job, user_id=actor.user_id, at=now or clock.now())
    record(actor=actor, action=f"{way}.download", object_type=way, object_id=job.pk, kind=job.kind, format=job.format)
    return job
