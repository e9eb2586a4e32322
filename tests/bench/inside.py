"""Timed inside the portal, without HTTP: `python -m tests.bench.inside`, prints seconds a case as JSON. The environment names the database."""

import json
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings")

GROUP_BY = "SELECT date_trunc('month', received_on::timestamp), category_id, count(*) FROM casework_issue GROUP BY 1, 2"


def main() -> None:
    """One plain GROUP BY as the floor, a full recompute, a refresh after one move."""
    import django

    django.setup()
    from django.db import connection

    from unionportal.core.access.scopes import build_scope
    from unionportal.core.accounts.models import User
    from unionportal.reporting.rollups.refresh import recompute, refresh

    staff = build_scope(User.objects.get(username="staff"))
    refresh()

    def group_by() -> None:
        with connection.cursor() as cursor:
            cursor.execute(GROUP_BY)
            cursor.fetchall()

    def one_insert() -> None:
        move(staff)

    found = {
        "group_by": median(group_by, 5),
        "full": median(recompute, 3),
        "move": median(one_insert, 15),
        "refresh": median(refresh, 15, before=one_insert),
    }
    print(json.dumps(found))


def move(actor) -> None:
    """One issue more on its way, as staff does it: assign what is registered, else hand an assigned one on."""
    from casework.models import Issue
    from casework.services import issue_move
    from unionportal.core.orgs.models import Unit

    issue = Issue.objects.filter(state__in=["assigned", "in_progress"]).order_by("-id").first()
    unit = Unit.objects.handling().filter(kind="department").exclude(pk=issue.holder_id).order_by("code").first()
    issue_move(code=issue.code, action="transfer", version=issue.version, actor=actor, unit=unit, note="转办。")


def median(work: Callable[[], object], times: int, before: Callable[[], object] | None = None) -> float:
    """Seconds of the middle run."""
    taken = []
    for _ in range(times):
        if before:
            before()
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
