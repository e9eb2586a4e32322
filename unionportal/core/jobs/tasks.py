"""Background work of jobs. Every task may run twice, late or beside itself."""

from uuid import UUID

from celery import shared_task

from unionportal.core.jobs.services.running import job_run
from unionportal.core.jobs.services.sweeping import files_expire, jobs_sweep


@shared_task(name="jobs.run")
def run(job_id: str) -> bool:
    """Run one export or import, if it still waits."""
    return job_run(job_id=UUID(job_id))


@shared_task(name="jobs.sweep")
def sweep() -> int:
    """Hand out again what a lost broker or killed worker left."""
    return jobs_sweep()


@shared_task(name="jobs.expire")
def expire() -> int:
    """Remove files past their time."""
    return files_expire()
