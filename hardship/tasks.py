"""Background work of hardship files. Every task may run twice, late or beside itself."""

from celery import shared_task

from hardship.services.books import books_expire
from hardship.services.publicity import settle_publicity


@shared_task(name="hardship.expire_books")
def expire_books() -> int:
    """Remove protected workbooks whose time is up."""
    return books_expire()


@shared_task(name="hardship.settle_publicity")
def settle() -> int:
    """Move on the files whose list has run its days. What the public sees does not wait for this: it asks the clock."""
    return settle_publicity()
