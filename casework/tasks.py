"""Background work of casework. Every task may run twice, late or beside itself."""

from celery import shared_task

from casework.services.mediation_sweeps import remind_of_mediations
from casework.services.sweeps import remind_overdue, supervise_overdue


@shared_task(name="casework.remind_overdue")
def remind() -> int:
    """催办: tell whoever let a deadline pass, once for each; of mediations also before the last day."""
    return remind_overdue() + remind_of_mediations()


@shared_task(name="casework.supervise_overdue")
def supervise() -> int:
    """督办: mark what is long overdue."""
    return supervise_overdue()
