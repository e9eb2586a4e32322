"""Ends a worker that no longer hears its broker, so that whoever supervises it starts a new one.

After a broker was killed and came back, a worker now and then goes on without ever consuming again, and answers no control message either: a
known fault between Celery and the Redis protocol (celery issues 8030, 10205, 10302). A worker that answers does so within milliseconds, however
busy its children are.
"""

import logging
import os
import threading

import redis
from celery import Celery
from django.conf import settings

log = logging.getLogger(__name__)
#: Seconds between two looks, seconds an answer may take, and looks in a row without one.
INTERVAL, PATIENCE, MISSES = 10.0, 5.0, 3


def watch(app: Celery, hostname: str) -> None:
    """Look after the worker of this process from a thread of its own, for as long as the process lives."""
    threading.Thread(target=_watch, args=(app, hostname), name="watchdog", daemon=True).start()


def _watch(app: Celery, hostname: str) -> None:
    missed = 0
    while missed < MISSES:
        threading.Event().wait(INTERVAL)
        missed = missed + 1 if is_deaf(app, hostname) else 0
    log.critical("the broker answers and this worker does not hear it; ending, to be started again")
    os._exit(1)  # an orderly end would wait for the consumer that hangs; unfinished tasks are found by the sweeps


def is_deaf(app: Celery, hostname: str) -> bool:
    """Whether the broker answers and the worker does not. With the broker away nobody can hear."""
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
        return not app.control.ping(destination=[hostname], timeout=PATIENCE, limit=1)
    except Exception:
        # kombu, redis and socket errors share no base class; whatever it is, the broker does not answer now.
        return False
