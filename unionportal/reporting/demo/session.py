"""How the loader's one database session differs from a page's: same services, same rows, less ceremony around each statement."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

#: A statement seen this often is planned once and kept by the server.
PREPARE_AFTER = 3


@contextmanager
def long_session() -> Iterator[None]:
    """For tens of thousands of calls in one transaction that is kept whole or not at all.

    Services set a savepoint so that a refusal undoes them alone; here any refusal ends the load, so there is nothing to go back to. Their
    statements are the same few hundred again and again, so the server keeps their plans. What the plan holds lives to the end, so
    the garbage collector need not look through it over and over.
    """
    connection.ensure_connection()
    raw, features = connection.connection, connection.features
    before = raw.cursor_factory, raw.prepare_threshold, features.uses_savepoints
    raw.cursor_factory, raw.prepare_threshold, features.uses_savepoints = ServerBindingCursor, PREPARE_AFTER, False
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        raw.cursor_factory, raw.prepare_threshold, features.uses_savepoints = before
