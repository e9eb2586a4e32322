"""A meeting of a group and who takes part in it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from unionportal.core.common.formats import zh_month
from unionportal.core.orgs.models import Unit
from visits.meeting_querysets import MeetingQuerySet
from visits.models.groups import MeetingGroup

PLACE_LENGTH = 60
BODY_LENGTH = 60
REASON_LENGTH = 100
SUMMARY_LENGTH = 4000


class Meeting(models.Model):
    """One meeting (月交流): one a group and calendar month. The id is the client's, so a retry is the same row."""

    class State(models.TextChoices):
        PLANNED = "planned", "待召开"
        RUNNING = "running", "进行中"
        CLOSED = "closed", "已结束"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(MeetingGroup, models.PROTECT, related_name="meetings", verbose_name="分组")
    held_on = models.DateField("日期")
    starts_at = models.TimeField("时间")
    place = models.CharField("地点", max_length=PLACE_LENGTH)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="主持人")
    state = models.CharField("状态", max_length=9, choices=State, default=State.PLANNED)
    cancel_reason = models.CharField("取消原因", max_length=REASON_LENGTH, blank=True)
    summary = models.TextField("会议小结", max_length=SUMMARY_LENGTH, blank=True)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="召集人")
    planned_at = models.DateTimeField("安排时间")
    started_at = models.DateTimeField("开始时间", null=True)
    closed_at = models.DateTimeField("结束时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月交流"
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                F("group"),
                ExtractYear("held_on"),
                ExtractMonth("held_on"),
                condition=~Q(state="cancelled"),
                name="meeting_once_a_month",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"], started_at__isnull=True, closed_at__isnull=True)
                | Q(state="running", started_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", started_at__isnull=False, closed_at__gte=F("started_at")),
                name="meeting_state_has_its_times",
            ),
            models.CheckConstraint(condition=Q(summary="") | Q(state="closed"), name="meeting_summary_at_the_end"),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancel_reason="")) | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="meeting_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["-held_on", "-id"])]

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_over(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.is_closed or self.is_cancelled

    def __str__(self) -> str:
        return f"{self.group}{zh_month(self.held_on)}月交流"


class Participant(models.Model):
    """Who is asked to a meeting: a person, a unit, or somebody from outside by name; and whether they came."""

    class Presence(models.TextChoices):
        EXPECTED = "expected", "未签到"
        PRESENT = "present", "到会"
        EXCUSED = "excused", "请假"
        ABSENT = "absent", "缺席"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="participants", verbose_name="会议")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="人员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    body = models.CharField("外部人员", max_length=BODY_LENGTH, blank=True)
    is_member = models.BooleanField("组员", default=False)  # follows the group until the meeting starts
    presence = models.CharField("出勤", max_length=8, choices=Presence, default=Presence.EXPECTED)
    reason = models.CharField("请假事由", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "参会人员"
        ordering = ["-is_member", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True, body="")
                | Q(person__isnull=True, unit__isnull=False, body="")
                | (Q(person__isnull=True, unit__isnull=True) & ~Q(body="")),
                name="participant_one_of_three",
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="participant_person_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "unit"], condition=Q(unit__isnull=False), name="participant_unit_once"
            ),
            models.UniqueConstraint(fields=["meeting", "body"], condition=~Q(body=""), name="participant_body_once"),
            models.CheckConstraint(
                condition=(Q(presence="excused") & ~Q(reason="")) | (~Q(presence="excused") & Q(reason="")),
                name="participant_excused_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "meeting"], condition=Q(person__isnull=False), name="participant_of_person"),
            models.Index(fields=["unit", "meeting"], condition=Q(unit__isnull=False), name="participant_of_unit"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.unit or self.body)
