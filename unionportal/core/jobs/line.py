"""The worker's word on a job while its work is in a transaction: a connection of its own, so that progress is seen and a cancellation heard at once."""

from types import TracebackType
from typing import Any

from django.db import connections

from unionportal.core.jobs.models import Job

#: Progress is told this often, in rows.
EVERY = 50


class Stopped(Exception):
    """The job is not this worker's any more: cancelled, or taken for dead and given to another."""


class Line:
    """`beat` says how far the job is; it raises Stopped once the job is not this attempt's any more."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._connection: Any = connections.create_connection("default")
        self._told = 0

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def beat(self, done: int, total: int) -> None:
        """Tell how many rows of how many are done; every EVERY rows and at the end."""
        if done < total and self._told and done - self._told < EVERY:
            return
        self._told = done
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET done = %s, total = %s, beat_at = now() "
                "WHERE id = %s AND attempt = %s AND state = 'running'",
                [done, total, self.job.pk, self.job.attempt],
            )
            if cursor.rowcount != 1:
                raise Stopped
