from datetime import datetime, timedelta

from django.utils import timezone

from unionportal.core.common import clock


def stored_offset() -> timedelta:
    """The demo clock's offset; zero where the district is real."""
    from unionportal.core.workcal.models import DemoClock

    row = DemoClock.objects.first()
    return row.offset if row else timedelta(0)


def start_demo_clock(*, at: datetime) -> None:
    """Make the business clock read `at` now and run on from there."""
    from unionportal.core.workcal.models import DemoClock

    DemoClock.objects.update_or_create(id=1, defaults={"offset": at - timezone.now()})
    clock.forget_offset()


def is_demo() -> bool:
    """Whether this district is a demo (the pages say so)."""
    return clock.offset() != timedelta(0)
