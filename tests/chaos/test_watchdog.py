"""A worker that no longer hears its broker is told from one that does."""

import os
import signal

from kombu import pools

from unionportal.celery import app
from unionportal.core.common import watchdog


def test_a_worker_that_hears_is_left_alone_and_one_that_hangs_is_deaf(celery_worker_process, monkeypatch):
    monkeypatch.setattr(watchdog, "PATIENCE", 1.0)
    pools.reset()  # a test before this one may have killed the broker under this process's connections
    app._after_fork()
    (answer,) = app.control.ping(timeout=5, limit=1)
    (hostname,) = answer
    assert not watchdog.is_deaf(app, hostname)
    os.kill(celery_worker_process.pid, signal.SIGSTOP)
    try:
        assert watchdog.is_deaf(app, hostname)
    finally:
        os.kill(celery_worker_process.pid, signal.SIGCONT)


def test_with_the_broker_away_nobody_is_called_deaf(db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert not watchdog.is_deaf(app, "anybody")
