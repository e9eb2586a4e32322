"""Two people at the same moment: knowing that one waits for the other."""

from django.db import connection


def until_somebody_waits_for_a_lock() -> None:
    """Returns when another session of this database is blocked by ours; fails after many looks."""
    with connection.cursor() as cursor:
        for _ in range(3000):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_locks "
                "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("the rival never came to wait for our transaction")
