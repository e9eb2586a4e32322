"""Background work of reporting. Every task may run twice, late or beside itself."""

from uuid import UUID

from celery import shared_task

from unionportal.core.common.scope import SYSTEM
from unionportal.reporting import freezing, metrics, upkeep
from unionportal.reporting.reports import jobs
from unionportal.reporting.rollups import refresh


@shared_task(name="reporting.refresh_rollups")
def refresh_rollups() -> int:
    """Work off the outbox. Enqueued after every step of an issue and swept by beat."""
    taken = refresh.refresh()
    upkeep.note_refresh()
    return taken


@shared_task(name="reporting.recompute")
def recompute() -> bool:
    """Do the full computation staff asked for, if there is one and nobody is at it. Swept by beat."""
    return upkeep.recomputation_run()


@shared_task(name="reporting.open_periods")
def open_periods() -> int:
    """Give a new month, quarter or year its rows, though nothing happened in it yet."""
    return refresh.refresh()


@shared_task(name="reporting.heartbeat")
def heartbeat() -> None:
    """Tell /metrics that beat and a worker live."""
    metrics.beat()


@shared_task(name="reporting.freeze_months")
def freeze_months() -> int:
    """Freeze every month whose day has come; how many were frozen."""
    return len(freezing.due_months_freeze(actor=SYSTEM))


@shared_task(name=jobs.MAKE)
def make_report(report_id: str) -> bool:
    """Make a report somebody asked for."""
    return jobs.report_make(UUID(report_id))


@shared_task(name=jobs.BRIEFS)
def make_briefs() -> int:
    """Ask for the briefs of fresh freezes, and make whatever waits. Enqueued by a freeze and swept by beat."""
    jobs.due_briefs_ask()
    return sum(jobs.report_make(report_id) for report_id in jobs.left_behind())
