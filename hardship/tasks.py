"""Background work of hardship. Every task may run twice, late or beside itself."""

from celery import shared_task

from hardship.services.books import books_expire
from hardship.services.sensing import batches_purge
from unionportal.core.common.scope import SYSTEM


@shared_task(name="hardship.expire_books")
def expire_books() -> int:
    """Remove protected workbooks whose time is up."""
    return books_expire()


@shared_task(name="hardship.purge_sheets")
def purge_sheets() -> int:
    """Delete the rows of departments' sheets whose time is over."""
    return batches_purge(actor=SYSTEM)
