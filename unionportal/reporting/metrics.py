"""`/metrics`: how the portal is doing, as Prometheus text. For this machine itself, or whoever holds METRICS_TOKEN."""

import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from casework.models import RollupOutbox

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
HEARTBEAT = "heartbeat"
QUEUE = "celery"


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measured value; names are stable, units stand in the name."""

    name: str
    help: str
    value: float

    def __str__(self) -> str:
        return f"# HELP {self.name} {self.help}\n# TYPE {self.name} gauge\n{self.name} {self.value:g}\n"


@transaction.non_atomic_requests
def metrics(request: HttpRequest) -> HttpResponse:
    """200 with every gauge that can be read now; what is away is 0 in its `_up` and has no other samples. 403 for anybody else."""
    if not _may_read(request):
        return HttpResponse("只对本机或持有监控令牌者开放。\n", status=403, content_type="text/plain; charset=utf-8")
    gauges = (Gauge("unionportal_up", "The web process answers.", 1), *_database(), *_broker())
    return HttpResponse("".join(map(str, gauges)), content_type=CONTENT_TYPE)


def beat() -> None:
    """Note that beat and a worker both live: beat sends this, a worker does it."""
    cache.set(HEARTBEAT, time.time(), timeout=None)


def _may_read(request: HttpRequest) -> bool:
    keyword, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and keyword.lower() == "bearer":
        return hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    # A proxy on this machine makes the whole world look like loopback, but says for whom it asks.
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers


def _database() -> Iterator[Gauge]:
    up = ("unionportal_database_up", "PostgreSQL answers.")
    try:
        waiting = RollupOutbox.objects.aggregate(rows=Count("pk"), oldest=Min("queued_at"))
    except DatabaseError:
        yield Gauge(*up, 0)
        return
    lag = (timezone.now() - waiting["oldest"]).total_seconds() if waiting["oldest"] else 0
    yield Gauge(*up, 1)
    yield Gauge("unionportal_outbox_rows", "Changes of issues that the figures do not hold yet.", waiting["rows"])
    yield Gauge("unionportal_rollup_lag_seconds", "How long the oldest of them has waited.", max(0.0, lag))


def _broker() -> Iterator[Gauge]:
    up = ("unionportal_broker_up", "Valkey answers.")
    try:
        server = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
        queued = server.llen(QUEUE)
        heartbeat = cache.get(HEARTBEAT)
    except redis.RedisError:
        yield Gauge(*up, 0)
        return
    yield Gauge(*up, 1)
    yield Gauge("unionportal_queue_tasks", "Tasks that no worker has taken yet.", int(queued))
    if heartbeat is not None:
        age = max(0.0, time.time() - heartbeat)
        yield Gauge("unionportal_heartbeat_age_seconds", "Since a worker last did what beat sent.", age)
