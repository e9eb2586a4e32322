"""/healthz: the process answers. /readyz: it can serve; a broker or worker away is degraded, not down."""

import redis
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError

#: Seconds a worker has to answer; one that answers does so in a few milliseconds, however busy its children are.
PATIENCE = 1.0


@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> JsonResponse:
    """503 only for the database or missing migrations."""
    try:
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    if pending:
        return JsonResponse({"status": "down", "migrations": "pending"}, status=503)
    degraded = _away()
    return JsonResponse({"status": "degraded" if degraded else "ok", "degraded": degraded})


def _away() -> list[str]:
    """What of broker and worker does not answer. Without a broker no worker can be asked, and none can work."""
    if not _broker_answers():
        return ["broker", "worker"]
    return [] if _a_worker_answers() else ["worker"]


def _broker_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping())
    except redis.RedisError:
        return False


def _a_worker_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=PATIENCE, limit=1))
    except (redis.RedisError, OperationalError):  # it went away since it was asked
        return False
