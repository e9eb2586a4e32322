"""Days the State Council's calendar changes, entered or imported a year at a time, and the demo district's clock."""

from django.db import models
from django.db.models import Q


class CalendarYear(models.Model):
    """A year whose holidays and make-up days (调休) are known here, beyond what the library knows."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    source = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历年度"


class CalendarDay(models.Model):
    """A day that differs from plain Monday–Friday in a year entered by hand."""

    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days", verbose_name="年份")
    day = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("说明", max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "特殊日"
        ordering = ["day"]


class DemoClock(models.Model):
    """One row in a demo district: the business clock is this far from real time. No row: a real district."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField("与真实时间之差")

    class Meta:
        verbose_name = verbose_name_plural = "演示时钟"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="demo_clock_single")]
