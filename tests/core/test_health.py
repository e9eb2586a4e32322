"""/healthz and /readyz: what is down, what is only degraded."""

import os
import signal

from django.db import connections
from django.test import Client

from unionportal.embedded.process import wait_until


def ready() -> tuple[int, dict]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def test_a_killed_worker_is_told_and_one_that_comes_back_too(celery_worker_process):
    assert ready() == (200, {"status": "ok", "degraded": []})
    os.killpg(celery_worker_process.pid, signal.SIGKILL)
    assert wait_until(lambda: not celery_worker_process.running(), seconds=10, interval=0.05)
    assert ready() == (200, {"status": "degraded", "degraded": ["worker"]})
    celery_worker_process.start()
    assert ready() == (200, {"status": "ok", "degraded": []})


def test_without_a_broker_nobody_works_and_pages_are_still_served(db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert ready() == (200, {"status": "degraded", "degraded": ["broker", "worker"]})
    assert Client().get("/login/").status_code == 200


def test_a_migration_that_is_missing_is_down(committed_db):
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'visits' RETURNING app, name, applied")
        forgotten = cursor.fetchall()
        try:
            assert ready() == (503, {"status": "down", "migrations": "pending"})
            assert Client().get("/healthz").status_code == 200
        finally:
            cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", forgotten)
    assert ready()[0] == 200
