"""How often people without an account may do something, counted in PostgreSQL by the hour. Real time: a demo clock must open no door."""

from datetime import timedelta

from django.utils import timezone

from casework.models import RateWindow
from unionportal.core.common import sealed
from unionportal.core.common.counting import next_number
from unionportal.core.common.errors import TooOften
from unionportal.core.params.values import value

KEPT_HOURS = 48


def count_attempt(what: str, who: str, *, parameter: str) -> None:
    """Count one more of `what` by `who` (an address, a token; kept as keyed hash). Raises TooOften beyond the parameter's number an hour.

    "" as `who` is nobody in particular and is not counted. The count stays only if the request commits: answer the refusal without a rollback.
    """
    if not who:
        return
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    bucket = f"{what}:{sealed.fingerprint(who, purpose='limit')}"[:120]
    count = next_number(RateWindow, counted="count", bucket=bucket, hour=hour)
    if count == 1:
        RateWindow.objects.filter(hour__lt=hour - timedelta(hours=KEPT_HOURS)).delete()
    if count > int(value(parameter)):
        raise TooOften
