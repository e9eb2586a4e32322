"""Background work of visits. Every task may run twice, late or beside itself."""

from celery import shared_task

from visits.services.reminding import remind_of_journals
from visits.services.totals import totals_fold


@shared_task(name="visits.remind_of_journals")
def remind() -> int:
    """Tell cadres on the week's last workday that its journal is still open."""
    return remind_of_journals()


@shared_task(name="visits.fold_totals")
def fold() -> int:
    """Put the totals of the last hour's visits to those before."""
    return totals_fold()
