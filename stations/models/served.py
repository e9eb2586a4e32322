"""People served at stations, kept apart by how they were counted."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from stations.counting import ENTERED_WAYS, WAY_LABELS
from stations.models.registry import Station
from stations.service_querysets import OfStationQuerySet

BASIS_LENGTH = 200

#: The days of a count, both ends included.
_DAYS = Func("start_on", "end_on", Value("[]"), function="daterange", output_field=DateRangeField())


class ServedCount(models.Model):
    """People served as somebody entered them: a tally of one day, or an estimate of days within one month with what it rests on."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="served", verbose_name="驿站")
    way = models.CharField("计数方式", max_length=10, choices=[(way.value, WAY_LABELS[way]) for way in ENTERED_WAYS])
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期")
    number = models.PositiveIntegerField("人次")
    basis = models.CharField("估算依据", max_length=BASIS_LENGTH, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfStationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务人次"
        ordering = ["-start_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="tally", start_on=F("end_on"), basis="") | (Q(way="estimate") & ~Q(basis="")),
                name="served_tally_of_a_day_estimate_with_basis",
            ),
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on"), end_on__month=F("start_on__month"))
                & Q(end_on__year=F("start_on__year")),
                name="served_within_a_month",
            ),
            ExclusionConstraint(
                name="served_counted_once",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    ("way", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["start_on"], name="served_by_day")]

    def __str__(self) -> str:
        return f"{self.station} {self.start_on}"


class CheckInDay(models.Model):
    """How often a station's code of a day was checked in with. A number and nothing else: nobody is named or kept."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="check_in_days", verbose_name="驿站")
    day = models.DateField("日期")
    number = models.PositiveIntegerField("人次", default=0)

    objects = OfStationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "扫码人次"
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["station", "day"], name="check_in_day_once")]
        indexes = [models.Index(fields=["day"], name="check_in_by_day")]


class CheckInMark(models.Model):
    """That a phone has checked in at a station today: the keyed hash of its pass of the day, thrown away afterwards."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="+", verbose_name="驿站")
    day = models.DateField("日期")
    mark = models.CharField("标记", max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = "签到标记"
        constraints = [models.UniqueConstraint(fields=["day", "station", "mark"], name="check_in_phone_once")]
