"""Repairs (维修): what was found broken at a station, from the day it is reported to the day somebody has seen it mended."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from stations.care_querysets import RepairQuerySet
from stations.models.checks import StationCheck
from stations.models.registry import Station
from stations.repair_workflow import OPEN_STATES, STATE_LABELS, RepairState
from unionportal.core.files.models import Attachment
from visits.models import ChecklistItem

WHAT_LENGTH, NOTE_LENGTH = 84, 300
_STATES = [(str(state), label) for state, label in STATE_LABELS.items()]
_OPEN = sorted(str(state) for state in OPEN_STATES)


class Repair(models.Model):
    """Something to be mended. A failed item of a check opens one; while it is open the same item opens no second one.

    `item_code` is the item's code, the same from version to version of the checklist; "" for what somebody reported in words.
    """

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="repairs", verbose_name="驿站")
    found_by = models.ForeignKey(StationCheck, models.PROTECT, null=True, related_name="repairs", verbose_name="检查")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, related_name="+", verbose_name="检查项目")
    item_code = models.CharField("项目代码", max_length=30, blank=True)
    what = models.CharField("要修什么", max_length=WHAT_LENGTH)
    detail = models.CharField("情况", max_length=NOTE_LENGTH, blank=True)
    state = models.CharField("状态", max_length=10, choices=_STATES, default=RepairState.OPENED.value)
    opened_on = models.DateField("登记日期")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    due_on = models.DateField("期限")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="维修负责人"
    )
    mended_on = models.DateField("修好日期", null=True)
    mended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="修好登记人"
    )
    ended_on = models.DateField("了结日期", null=True)  # verified or dropped
    version = models.PositiveIntegerField("版本", default=1)

    objects = RepairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "维修"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="repair_says_what"),
            models.CheckConstraint(
                condition=Q(state="opened", assignee__isnull=True)
                | Q(state="assigned", assignee__isnull=False)
                | Q(state__in=["mended", "verified", "dropped"]),
                name="repair_assigned_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["mended", "verified"], mended_on__isnull=False, mended_by__isnull=False)
                | Q(state__in=["opened", "assigned", "dropped"], mended_on__isnull=True, mended_by__isnull=True),
                name="repair_mended_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["verified", "dropped"], ended_on__isnull=False)
                | Q(state__in=["opened", "assigned", "mended"], ended_on__isnull=True),
                name="repair_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(mended_on__isnull=True) | Q(mended_on__gte=F("opened_on")), name="repair_days_in_order"
            ),
            models.UniqueConstraint(
                fields=["station", "item_code"],
                condition=Q(state__in=_OPEN) & ~Q(item_code=""),
                name="repair_one_open_an_item",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(state__in=_OPEN), name="repair_open"),
            models.Index(fields=["station", "-opened_on"], name="repair_of_station"),
        ]

    def __str__(self) -> str:
        return f"{self.station.name}：{self.what}"


class RepairStep(models.Model):
    """One step of a repair. Words stand here and not in the audit trail, so that they can be redacted."""

    repair = models.ForeignKey(Repair, models.PROTECT, related_name="steps", verbose_name="维修")
    action = models.CharField("操作", max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=NOTE_LENGTH, blank=True)
    found_by = models.ForeignKey(StationCheck, models.PROTECT, null=True, related_name="+", verbose_name="检查")

    class Meta:
        verbose_name = verbose_name_plural = "维修过程"
        ordering = ["id"]


class RepairPhoto(models.Model):
    """A photo of the broken thing, or of the mended one."""

    class Stage(models.TextChoices):
        BROKEN = "broken", "修前"
        MENDED = "mended", "修后"

    repair = models.ForeignKey(Repair, models.PROTECT, related_name="photos", verbose_name="维修")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")
    stage = models.CharField("阶段", max_length=8, choices=Stage)

    class Meta:
        verbose_name = verbose_name_plural = "维修照片"
        ordering = ["stage", "id"]
