"""Timed inside the portal, without HTTP: `python -m tests.bench.inside`, prints seconds a case as JSON. The environment names the database."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings")

GROUP_BY = "SELECT date_trunc('month', received_on::timestamp), category_id, count(*) FROM casework_issue GROUP BY 1, 2"


def main() -> None:
    """One plain GROUP BY as the floor, a full recompute, a refresh after one move."""
    from django.db import connection

    from unionportal.reporting.rollups.refresh import recompute, refresh

    staff = _staff()
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


def large() -> None:
    """All cells anew beside one hand-written GROUP BY over the same cells; a refresh after a thousand steps of the newest quarter."""
    from django.db import connection

    from unionportal.reporting.rollups.refresh import recompute, refresh

    staff = _staff()
    refresh()

    def same_cells() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET work_mem = '128MB'")  # what the full computation gives itself
            cursor.execute(SAME_CELLS)

    def thousand() -> None:
        from casework.models import Issue

        for code in Issue.objects.filter(state="in_progress").order_by("-id").values_list("code", flat=True)[:1000]:
            move(staff, code)

    found = {
        "same_cells": median(same_cells, 3),
        "full": median(recompute, 3),
        "refresh": median(refresh, 3, before=thousand),
    }
    print(json.dumps(found | reports()))


def reports() -> dict[str, float]:
    """The annual report of the last whole year in Word and Excel, and by how much the process has grown after making each six times more."""
    from unionportal.reporting.models import ReportFormat, ReportKind
    from unionportal.reporting.reports.files import report_file

    def word() -> None:
        report_file(ReportKind.ANNUAL, date(2024, 1, 1), ReportFormat.WORD)

    def excel() -> None:
        report_file(ReportKind.ANNUAL, date(2024, 1, 1), ReportFormat.EXCEL)

    found = {"word": median(word, 3), "excel": median(excel, 3)}
    before = resident()
    for _ in range(6):
        word()
        excel()
    return found | {"before": before, "after": resident()}


def resident() -> float:
    """Megabytes of memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


#: Sixteen counts and the median, as somebody would write it by hand, of month x (township, district) x (category, all). It carries no stock and no
#: closings. `count(cells)`, not `count(*)`: over whole rows, or PostgreSQL sees that nobody reads the counts and computes none of them.
SAME_CELLS = """
SELECT count(cells) FROM (
    SELECT date_trunc('month', received_on::timestamp)::date AS month, township_id, category_id,
        count(*) AS received,
        count(*) FILTER (WHERE outcome = 'resolved') AS resolved,
        count(*) FILTER (WHERE outcome = 'explained') AS explained,
        count(*) FILTER (WHERE outcome = 'unresolved') AS unresolved,
        count(*) FILTER (WHERE outcome = 'out_of_remit') AS out_of_remit,
        count(*) FILTER (WHERE outcome = 'withdrawn') AS withdrawn,
        count(accept_due_on) AS assigned,
        count(*) FILTER (WHERE accepted_on <= accept_due_on) AS accepted_on_time,
        count(*) FILTER (WHERE state = 'closed' AND due_on IS NOT NULL AND answered_on IS NOT NULL) AS closed_with_deadline,
        count(*) FILTER (WHERE state = 'closed' AND answered_on <= due_on) AS closed_on_time,
        count(answered_on) AS answered,
        count(*) FILTER (WHERE answered_on IS NOT NULL AND followed_up_on IS NOT NULL) AS followed_up,
        count(*) FILTER (WHERE satisfaction <> '') AS rated,
        count(*) FILTER (WHERE satisfaction IN ('satisfied', 'basically')) AS satisfied,
        count(*) FILTER (WHERE answered_on IS NOT NULL OR redo_count > 0) AS answered_ever,
        count(*) FILTER (WHERE redo_count > 0) AS redone,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY workdays_to_close) FILTER (WHERE state = 'closed') AS median_workdays
    FROM casework_issue WHERE state NOT IN ('rejected', 'merged', 'voided')
    GROUP BY GROUPING SETS ((1, township_id, category_id), (1, township_id), (1, category_id), (1))
) AS cells"""


def _staff():
    from unionportal.core.access.scopes import build_scope
    from unionportal.core.accounts.models import User

    return build_scope(User.objects.get(username="staff"))


def move(actor, code: str = "") -> None:
    """One step more of an issue in hand (the newest, or the one named), as staff does it: another department gets it."""
    from casework.models import Issue
    from casework.services import issue_move
    from unionportal.core.orgs.models import Unit

    in_hand = Issue.objects.filter(state__in=["assigned", "in_progress"]).order_by("-id")
    issue = (in_hand.filter(code=code) if code else in_hand)[0]
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
    import django

    django.setup()
    large() if "--large" in sys.argv else main()
