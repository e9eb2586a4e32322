"""Events at stations (六送, 讲座, 义诊, 理发, 过节): planned, held, recorded with partners, attendance, cost and photos."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from stations.counting import ENTERED_WAYS, WAY_LABELS
from stations.event_flow import EVENT_KIND_LABELS, EVENT_STATE_LABELS, EventState
from stations.models.registry import Station
from stations.service_querysets import EventQuerySet
from unionportal.core.files.models import Attachment

TITLE_LENGTH, TEXT_LENGTH, PARTNER_LENGTH = 80, 2000, 60
ATTENDANCE_WAYS = [(way.value, WAY_LABELS[way]) for way in ENTERED_WAYS]


def _choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    """Plain strings, so that the migration needs nothing of the app."""
    return [(str(code), label) for code, label in labels.items()]


class StationEventCounter(models.Model):
    """The last number given out in a year (HD-2024-0001)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class StationEvent(models.Model):
    """One event at one station. Its record (day, attendance, cost, what happened) is there once it was held."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=16, unique=True)
    station = models.ForeignKey(Station, models.PROTECT, related_name="events", verbose_name="驿站")
    kind = models.CharField("类型", max_length=10, choices=_choices(EVENT_KIND_LABELS))
    title = models.CharField("名称", max_length=TITLE_LENGTH)
    plan = models.TextField("活动安排", max_length=TEXT_LENGTH, blank=True)
    planned_on = models.DateField("计划日期")
    state = models.CharField(
        "状态", max_length=10, choices=_choices(EVENT_STATE_LABELS), default=EventState.PLANNED.value
    )
    held_on = models.DateField("举办日期", null=True, blank=True)
    attendance = models.PositiveIntegerField("参加人次", null=True, blank=True)
    attendance_way = models.CharField("人次怎么来的", max_length=10, choices=ATTENDANCE_WAYS, blank=True)
    cost = models.DecimalField("经费（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    summary = models.TextField("活动情况", max_length=TEXT_LENGTH, blank=True)
    cancel_reason = models.TextField("取消原因", max_length=TEXT_LENGTH, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="安排人")
    created_at = models.DateTimeField("安排时间")
    payload_hash = models.CharField(
        max_length=64, editable=False
    )  # of the first payload: same id, other content is refused
    version = models.PositiveIntegerField("版本", default=1)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "驿站活动"
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^HD-\d{4}-\d{4,}$"), name="station_event_code_shape"),
            models.CheckConstraint(condition=~Q(title=""), name="station_event_titled"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in EVENT_KIND_LABELS]), name="station_event_kind"
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="station_event_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(
                    state="planned",
                    held_on__isnull=True,
                    attendance__isnull=True,
                    attendance_way="",
                    cost__isnull=True,
                    summary="",
                    cancel_reason="",
                )
                | Q(
                    state="held",
                    held_on__isnull=False,
                    attendance__isnull=False,
                    attendance_way__in=[way.value for way in ENTERED_WAYS],
                    cost__isnull=False,
                    cancel_reason="",
                )
                | (
                    Q(state="cancelled", held_on__isnull=True, attendance__isnull=True, attendance_way="")
                    & Q(cost__isnull=True, summary="")
                    & ~Q(cancel_reason="")
                ),
                name="station_event_state_with_its_record",
            ),
        ]
        indexes = [
            models.Index(fields=["-planned_on", "-id"], name="station_event_list"),
            models.Index(fields=["station", "-planned_on"], name="station_event_of_station"),
            models.Index(fields=["held_on"], condition=Q(state="held"), name="station_event_held"),
        ]

    @property
    def is_held(self) -> bool:
        return self.state == EventState.HELD

    @property
    def may_change(self) -> bool:
        """Whether photos may still come and go: not once it is cancelled."""
        return self.state != EventState.CANCELLED

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class EventPartner(models.Model):
    """A unit that takes part in an event, by name."""

    event = models.ForeignKey(StationEvent, models.CASCADE, related_name="partners", verbose_name="活动")
    name = models.CharField("合作单位", max_length=PARTNER_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "活动合作单位"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="event_partner_once"),
            models.CheckConstraint(condition=~Q(name=""), name="event_partner_named"),
        ]

    def __str__(self) -> str:
        return self.name


class EventPhoto(models.Model):
    """A photo of an event; read only through its page, by whoever sees the event then."""

    event = models.ForeignKey(StationEvent, models.PROTECT, related_name="photos", verbose_name="活动")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")

    class Meta:
        verbose_name = verbose_name_plural = "活动照片"
        ordering = ["id"]


class StationEventStep(models.Model):
    """What was done with an event, by whom; append-only (trigger in the migration). Codes and numbers only, no free text."""

    event = models.ForeignKey(StationEvent, models.PROTECT, related_name="steps", verbose_name="活动")
    action = models.CharField("步骤", max_length=16)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")
    data = models.JSONField("事实", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "驿站活动过程"
        ordering = ["-id"]
