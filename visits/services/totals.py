"""Keeping the totals of visits short. A run may come twice, late or beside another."""

from django.db import connection

_FOLD = """
WITH parts AS (
    DELETE FROM visits_visittotal WHERE (month, township_id) IN (
        SELECT month, township_id FROM visits_visittotal GROUP BY month, township_id HAVING count(*) > 1
    ) RETURNING month, township_id, number
)
INSERT INTO visits_visittotal (month, township_id, number)
SELECT month, township_id, sum(number) FROM parts GROUP BY month, township_id HAVING sum(number) <> 0"""


def totals_fold() -> int:
    """Make one row of the several of a township and month; how many were written. Whoever counts meanwhile sees the old ones or the new one."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD)
        return cursor.rowcount
