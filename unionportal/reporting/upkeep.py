"""How the figures are kept up: when they were last refreshed, what waits, and full computations asked for on a page (docs/figures.md).

A full computation is a row of `Recomputation`, so a lost broker or a killed worker loses nothing: the sweep begins an unfinished one again. Whoever
runs it holds the row's lock to the end. Which stage it is at stands in the cache, because its own transaction shows nothing before it commits.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Count, Min

from casework.models import RollupOutbox
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.reporting.models import Recomputation
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.full import STAGES

RUN_TASK = "reporting.recompute"
_REFRESHED, _STAGE = "figures.refreshed", "figures.stage"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A full computation asked for; `is_new` false where one was waiting or running already."""

    recomputation: Recomputation
    is_new: bool


@transaction.atomic
def recomputation_ask(*, actor: Scope, now: datetime | None = None) -> Asked:
    """Have everything computed anew by a worker. While one is unfinished there is no second: that one is returned. Raises Forbidden."""
    require(actor, "figure.recompute")
    try:
        with transaction.atomic():
            made = Recomputation.objects.create(asked_by_id=actor.user_id or None, asked_at=now or clock.now())
    except IntegrityError:
        return Asked(Recomputation.objects.order_by("-pk")[0], is_new=False)
    record(actor=actor, action="figures.recompute", object_type="figures", object_id=made.pk)
    soon_by_name(RUN_TASK)
    return Asked(made, is_new=True)


@transaction.atomic
def recomputation_run(*, wait: bool = False) -> bool:
    """Do the full computation asked for; false where there is none, or (unless told to wait) somebody is at it."""
    unfinished = Recomputation.objects.filter(finished_at=None)
    run = unfinished.select_for_update(skip_locked=not wait).first()
    if run is None:
        return False
    run.started_at = clock.now()
    run.changed = refresh.recompute(lambda stage: _keep(_STAGE, stage))
    run.finished_at = clock.now()
    run.save()
    return True


def note_refresh() -> None:
    """Remember that the outbox has just been worked off."""
    _keep(_REFRESHED, clock.now())


def _keep(key: str, value: object) -> None:
    """Progress is worth showing and never worth failing for."""
    try:
        cache.set(key, value, timeout=None)
    except redis.RedisError:
        log.warning("could not keep %s; the page will not show it", key)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What the page on the figures' state shows. `refreshed_at` None: not since the cache was emptied."""

    refreshed_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    last: Recomputation | None
    unfinished: Recomputation | None
    stage: int | None  # of the unfinished one, counted from 1; None: no worker has begun it

    @property
    def stages(self) -> int:
        return len(STAGES)

    @property
    def stage_words(self) -> str:
        """What the running one is doing."""
        return STAGES[self.stage - 1] if self.stage else ""


@transaction.atomic
def upkeep() -> Upkeep:
    """How the figures stand now."""
    waiting = RollupOutbox.objects.aggregate(rows=Count("pk"), oldest=Min("queued_at"))
    runs = Recomputation.objects.select_related("asked_by")
    unfinished = runs.filter(finished_at=None).first()
    # Whoever computes holds the row; a stage left behind by a killed worker says nothing.
    at_work = unfinished is not None and not list(
        Recomputation.objects.filter(pk=unfinished.pk).select_for_update(skip_locked=True)
    )
    return Upkeep(
        refreshed_at=_kept(_REFRESHED),
        waiting=waiting["rows"],
        waiting_since=waiting["oldest"],
        last=runs.exclude(finished_at=None).first(),
        unfinished=unfinished,
        stage=(_kept(_STAGE) or 0) + 1 if at_work else None,
    )


def _kept(key: str) -> Any:
    try:
        return cache.get(key)
    except redis.RedisError:
        return None
