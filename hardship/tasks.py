"""Background work of hardship files. Every task may run twice, late or beside itself."""

from celery import shared_task

from hardship.services.books import books_expire


@shared_task(name="hardship.expire_books")
def expire_books() -> int:
    """Remove protected workbooks whose time is up."""
    return books_expire()
