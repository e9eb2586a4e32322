"""What the timetable does for jobs: those nobody has heard of are handed out again, files past their time go."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionportal.core.common import clock
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.exchange.kinds import import_kinds
from unionportal.core.common.scope import Scope
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.services.asking import RUN
from unionportal.core.jobs.services.running import job_failed

#: A job still waiting after this was lost on its way to a worker.
LOST_AFTER = timedelta(seconds=30)
#: A worker that says nothing for so long is dead; one that is not finds out at its next word.
DEAD_AFTER = timedelta(seconds=90)
#: A job that took so many workers with it is not given to another.
MOST_ATTEMPTS = 3
#: How long files are kept; the rows stay.
KEPT_FOR = timedelta(days=30)
#: Uploads that name people in need of protection.
PERSONAL_KEPT_FOR = timedelta(days=1)
MOST = 200


def jobs_sweep(*, now: datetime | None = None) -> int:
    """Hand out again what is lost or whose worker died; returns how many. `now` is real time. May run twice, or beside itself."""
    moment = now or timezone.now()
    lost = Job.objects.filter(state=Job.State.QUEUED, beat_at__lt=moment - LOST_AFTER)
    dead = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=moment - DEAD_AFTER)
    return sum(_hand_out(job, moment) for job in [*lost[:MOST], *dead[:MOST]])


@transaction.atomic
def _hand_out(job: Job, moment: datetime) -> bool:
    """Compare and swap: only if nobody has touched the job since it was looked at."""
    same = Job.objects.filter(pk=job.pk, state=job.state, attempt=job.attempt, beat_at=job.beat_at)
    if job.state == Job.State.RUNNING and job.attempt >= MOST_ATTEMPTS:
        why = f"试了 {MOST_ATTEMPTS} 次都没有完成，没有留下任何改动。请缩小范围重试，或联系系统管理员。"
        if same.update(state=Job.State.FAILED, error=why, finished_at=clock.now()):
            job_failed(job, Scope(user_id=job.owner_id))
        return False
    if not same.update(state=Job.State.QUEUED, beat_at=moment):
        return False
    soon_by_name(RUN, str(job.pk))
    return True


def files_expire(*, now: datetime | None = None) -> int:
    """Remove the files of jobs long finished, and the rows of sheets quoted in their problems; returns how many jobs."""
    moment = now or timezone.now()
    personal = [kind.code for kind in import_kinds() if kind.personal]
    due = Q(beat_at__lt=moment - KEPT_FOR) | Q(
        beat_at__lt=moment - PERSONAL_KEPT_FOR, way=Job.Way.IMPORT, kind__in=personal
    )
    old = Job.objects.filter(due).exclude(result="", source="")
    jobs = list(old.exclude(state__in=(Job.State.QUEUED, Job.State.RUNNING))[:MOST])
    for job in jobs:
        for stored in (job.result, job.source):
            name = str(stored.name)
            if stored and not _needed(name, job):
                stored.storage.delete(name)
        Job.objects.filter(pk=job.pk).update(result="", source="", problems=[])
    return len(jobs)


def _needed(name: str, but: Job) -> bool:
    """A check and the import it allowed share one source."""
    return Job.objects.filter(source=name).exclude(pk=but.pk).exists()
