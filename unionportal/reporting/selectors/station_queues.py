"""What waits for whom at the stations: self-checks, spot checks, repairs, supplies. Source: docs/domain.md, "Care of the stations"."""

from datetime import date, timedelta

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from stations.care_selectors import next_month, supplies_wanting, unchecked
from stations.models import Keepership, Repair, SpotTask, Supply
from stations.querysets import StationQuerySet
from stations.repair_workflow import BROKEN_STATES, RepairState
from unionportal.core.common.scope import Role, Scope
from unionportal.reporting.selectors.queue import Queue


def self_checks(scope: Scope, today: date) -> StationQuerySet:
    """Stations the reader keeps that have no self-check of this month."""
    kept = Keepership.objects.in_force(today).filter(user_id=scope.user_id).values("station")
    due = Value(next_month(today) - timedelta(days=1), output_field=DateField())
    return unchecked(scope, today).filter(pk__in=kept).select_related("township").annotate(check_due_on=due)


def spot_checks(scope: Scope, today: date) -> QuerySet[SpotTask]:
    """Stations drawn for the reader and not checked yet."""
    return SpotTask.objects.open().filter(inspector_id=scope.user_id).select_related("station__township")


def repairs(scope: Scope, today: date) -> QuerySet[Repair]:
    """For the keeper and whoever it was given to: what is broken. For the township: what it has to give out or to verify, and what is late."""
    waits = Q(assignee_id=scope.user_id, state__in=BROKEN_STATES)
    if scope.has(Role.KEEPER):
        kept = Keepership.objects.in_force(today).filter(user_id=scope.user_id).values("station")
        waits |= Q(station__in=kept, state__in=BROKEN_STATES)
    if scope.has(Role.TOWNSHIP):
        late = Q(state__in=BROKEN_STATES, due_on__lt=today)
        mine = Q(state=RepairState.OPENED) | (Q(state=RepairState.MENDED) & ~Q(mended_by_id=scope.user_id)) | late
        waits |= mine & Q(station__township_id__in=scope.township_ids)
    return Repair.objects.filter(waits).select_related("station__township")


def supplies(scope: Scope, today: date) -> QuerySet[Supply]:
    """What has expired, soon will, or is short at the stations the reader keeps."""
    kept = Keepership.objects.in_force(today).filter(user_id=scope.user_id).values("station")
    day = Coalesce("expires_on", Value(today, output_field=DateField()))
    return supplies_wanting(scope, today).filter(station__in=kept).annotate(warned_on=day)


STATION_QUEUES: tuple[Queue, ...] = (
    Queue(
        "station_checks",
        "驿站自查",
        frozenset({Role.KEEPER}),
        self_checks,
        "check_due_on",
        "本月还没有自查",
        verb="自查",
        empty="您管理的驿站本月都自查过了。",
        rare=True,
        calendar=True,
        ready=True,
    ),
    Queue(
        "spot_checks",
        "驿站抽查",
        frozenset({Role.STAFF, Role.CADRE}),
        spot_checks,
        "due_on",
        "抽中您检查，不打招呼",
        verb="抽查",
        empty="没有抽中您检查的驿站。",
        rare=True,
        calendar=True,
        ready=True,
        place="station__township",
    ),
    Queue(
        "repairs",
        "驿站维修",
        frozenset({Role.KEEPER, Role.TOWNSHIP}),
        repairs,
        "due_on",
        "维修",
        verb="办理",
        empty="没有等您办理的维修。",
        rare=True,
        calendar=True,
        ready=True,
        place="station__township",
    ),
    Queue(
        "supplies",
        "物资提醒",
        frozenset({Role.KEEPER}),
        supplies,
        "warned_on",
        "物资",
        verb="处理",
        empty="没有到期或不足的物资。",
        rare=True,
        calendar=True,
        ready=True,
        place="station__township",
    ),
)
