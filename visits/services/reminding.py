"""Reminding cadres of the week's journal on its last workday. A run may come twice, late or beside another: a person is told once a week."""

from datetime import date, datetime, timedelta

from django.urls import reverse

from casework.services.sweeps import may_disturb
from unionportal.core.common import clock
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.workcal.days import is_workday, iso_week, week_range
from visits.models import Journal
from visits.selectors import cadres_owing


def remind_of_journals(*, now: datetime | None = None) -> int:
    """On the week's last workday, within the hours for reminders: tell every cadre who owes visits this week and has not handed in its journal.

    Returns how many owe it. A week without workdays owes nothing.
    """
    moment = now or clock.now()
    today = clock.local_date(moment)
    if today != last_workday(today) or not may_disturb(moment):
        return 0
    year, week = iso_week(today)
    done = Journal.objects.filter(iso_year=year, iso_week=week).handed_in().values_list("cadre_id", flat=True)
    owing = cadres_owing(year, week) - set(done)
    tell(
        [Told(cadre, Kind.TODO) for cadre in owing],
        text=f"今天是本周最后一个工作日，请提交第{week}周的周记",
        url=reverse("journal-week", args=[year, week]),
        source=f"journal-week:{year}-W{week:02d}",
        now=moment,
    )
    return len(owing)


def last_workday(day: date) -> date | None:
    """The last workday of the day's week; None for a week of holidays."""
    monday, _ = week_range(*iso_week(day))
    return next((found for back in range(6, -1, -1) if is_workday(found := monday + timedelta(days=back))), None)
