from celery import shared_task

from unionportal.core.notify.deliver import deliver_due


@shared_task(name="notify.deliver")
def deliver() -> int:
    """Send what is due. Enqueued when something is to be told, and swept by beat every minute."""
    return deliver_due()
