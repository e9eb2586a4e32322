"""`opening.is_open` as a condition of the database, for lists that show only what is open; the two are tested against each other."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from stations.models import OpeningHours, Station, StationClosure
from unionportal.core.common import clock


def open_at(moment: datetime) -> Q:
    """Stations workers can walk into at a moment."""
    local = moment.astimezone(clock.SHANGHAI)
    today, hour = local.date(), local.time()
    yesterday = today - timedelta(days=1)
    before_closing = Q(closes__gt=hour)
    began_today = _hours(today).filter(before_closing | Q(closes__lt=F("opens")), opens__lte=hour)
    still_open = _hours(yesterday).filter(before_closing, closes__lt=F("opens"))
    within_hours = Exists(began_today) | (Exists(still_open) & ~Exists(_closures(yesterday)))
    return (
        Q(state=Station.State.OPEN, opened_on__lte=today)
        & ~Exists(_closures(today))
        & (Q(open_all_day=True) | within_hours)
    )


def _hours(day: date) -> QuerySet[OpeningHours]:
    """Rows of the station at hand that hold on a day."""
    number = day.month * 100 + day.day
    begun, not_over = Q(season_from__lte=number), Q(season_until__gte=number)
    within_year = Q(season_from__lte=F("season_until"))
    in_season = Q(season_from__isnull=True) | (within_year & begun & not_over) | (~within_year & (begun | not_over))
    return OpeningHours.objects.filter(in_season, station=OuterRef("pk"), weekdays__contains=[day.isoweekday()])


def _closures(day: date) -> QuerySet[StationClosure]:
    not_over = Q(end_on__isnull=True) | Q(end_on__gte=day)
    return StationClosure.objects.filter(not_over, station=OuterRef("pk"), start_on__lte=day)
