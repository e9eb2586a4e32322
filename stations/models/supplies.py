"""Supplies (物资) of a station: what lies there, how much, until when it is good, and every change of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from stations.care_querysets import SupplyQuerySet
from stations.models.registry import Station

NAME_LENGTH, UNIT_LENGTH = 30, 6


class Supply(models.Model):
    """One thing in stock. Medicine has a day of expiry; the same thing with another day is another row."""

    class Kind(models.TextChoices):
        MEDICINE = "medicine", "药品"
        DRINK = "drink", "饮水食品"
        RAIN = "rain", "雨具"
        COOLING = "cooling", "防暑保暖"
        TOOL = "tool", "工具"
        OTHER = "other", "其他"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="supplies", verbose_name="驿站")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    unit = models.CharField("单位", max_length=UNIT_LENGTH)
    quantity = models.PositiveIntegerField("数量")
    least = models.PositiveIntegerField("最低数量", default=0)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    removed_at = models.DateTimeField("移出时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SupplyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "物资"
        ordering = ["kind", "name", "expires_on"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(unit=""), name="supply_named"),
            models.CheckConstraint(
                condition=~Q(kind="medicine") | Q(expires_on__isnull=False), name="supply_medicine_expires"
            ),
            models.UniqueConstraint(
                fields=["station", "name", "expires_on"],
                condition=Q(removed_at__isnull=True),
                nulls_distinct=False,
                name="supply_once",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], condition=Q(removed_at__isnull=True), name="supply_expiring"),
        ]

    def __str__(self) -> str:
        return self.name


class SupplyChange(models.Model):
    """How a quantity changed: what was there, what is there now, and why."""

    class Reason(models.TextChoices):
        STOCKED = "stocked", "补充"
        USED = "used", "领用"
        COUNTED = "counted", "盘点"
        DISCARDED = "discarded", "过期或损坏清理"

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="changes", verbose_name="物资")
    reason = models.CharField("原因", max_length=10, choices=Reason)
    before = models.PositiveIntegerField("原来")
    after = models.PositiveIntegerField("现在")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "物资变动"
        ordering = ["-id"]
