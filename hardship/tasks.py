"""Background work of hardship. Every task may run twice, late or beside itself."""

from celery import shared_task

from hardship.services.books import books_expire
from hardship.services.publicity import settle_publicity
from hardship.services.sensing import batches_purge
from hardship.services.watching import months_note
from unionportal.core.common.scope import SYSTEM


@shared_task(name="hardship.expire_books")
def expire_books() -> int:
    """Remove protected workbooks whose time is up."""
    return books_expire()


@shared_task(name="hardship.settle_publicity")
def settle() -> int:
    """Move on the files whose list has run its days. What the public sees does not wait for this: it asks the clock."""
    return settle_publicity()


@shared_task(name="hardship.purge_sheets")
def purge_sheets() -> int:
    """Delete the rows of departments' sheets whose time is over."""
    return batches_purge(actor=SYSTEM)


@shared_task(name="hardship.note_months")
def note_months() -> int:
    """Note the running month of every file in force."""
    return months_note(actor=SYSTEM)
