"""The Celery application and its timetable. Beat only nudges: every job can run twice or late."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings")

app = Celery("unionportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def look_after_it(sender: Any, **kwargs: Any) -> None:
    """Celery's own hook: the worker takes tasks from now on."""
    from unionportal.core.common.watchdog import watch  # settings are read by now

    watch(app, sender.hostname)


@beat_init.connect
def say_at_once(sender: Any, **kwargs: Any) -> None:
    """A beat that has just started shows on /metrics now, not after half a minute."""
    app.send_task("reporting.heartbeat", expires=25)


app.conf.beat_schedule = {
    # Heals what a lost broker or killed worker left in the outbox.
    "rollups-refresh": {"task": "reporting.refresh_rollups", "schedule": 30.0, "options": {"expires": 25}},
    # Begins anew what a killed worker left unfinished.
    "rollups-recompute": {"task": "reporting.recompute", "schedule": 60.0, "options": {"expires": 50}},
    "heartbeat": {"task": "reporting.heartbeat", "schedule": 30.0, "options": {"expires": 25}},
    # Sends what a lost broker or killed worker left, what quiet hours held back, and what failed and may be tried again.
    "notify-deliver": {"task": "notify.deliver", "schedule": 60.0, "options": {"expires": 50}},
    # Hands out again the jobs that a lost broker or killed worker left.
    "jobs-sweep": {"task": "jobs.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "jobs-expire": {"task": "jobs.expire", "schedule": crontab(minute=40)},
    "hardship-expire-books": {"task": "hardship.expire_books", "schedule": crontab(minute="*/15")},
    # On the hour: the day a month freezes is a parameter, and a missed hour is made good by the next.
    "rollups-freeze-months": {"task": "reporting.freeze_months", "schedule": crontab(minute=10)},
    # Briefs of fresh freezes, and reports whose worker or message was lost.
    "reports-make": {
        "task": "reporting.make_briefs",
        "schedule": crontab(minute="3-59/5"),
        "options": {"expires": 280},
    },
    # Month and quarter boundaries: opens the new periods' rows even when nothing happened.
    "rollups-close-month": {"task": "reporting.open_periods", "schedule": crontab(minute=5, hour=0)},
    # Overdue issues; the tasks themselves keep to workdays and office hours.
    "casework-remind": {"task": "casework.remind_overdue", "schedule": crontab(minute="*/10")},
    # Lists of the publicity come down by the clock; this moves their files on.
    "hardship-settle-publicity": {"task": "hardship.settle_publicity", "schedule": crontab(minute="*/10")},
    # The last workday's hours for reminders; the task itself knows the day and tells a person once.
    "visits-remind-of-journals": {"task": "visits.remind_of_journals", "schedule": crontab(minute=20)},
    "visits-fold-totals": {"task": "visits.fold_totals", "schedule": crontab(minute=50)},
    # Departments' sheets go on their day; every hour, so that a missed one is made good soon.
    "hardship-purge-sheets": {"task": "hardship.purge_sheets", "schedule": crontab(minute=35)},
    # Over and over within a month, so that a missed day costs nothing.
    "hardship-note-months": {"task": "hardship.note_months", "schedule": crontab(minute=45, hour=4)},
    "casework-supervise": {"task": "casework.supervise_overdue", "schedule": crontab(minute="5-59/10")},
}
