"""What the portal notes of files month by month, so that "six months running" can be counted and checked."""

from django.db import models

from hardship.models.files import HardshipFile
from hardship.querysets import OfFileQuerySet


class MonthReading(models.Model):
    """A household's income per head in a month against the line that held then. Written by the timetable while the file is in force."""

    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="month_readings", verbose_name="档案")
    month = models.DateField("月份")  # its first day
    per_head = models.DecimalField("月人均收入（扣减后）", max_digits=12, decimal_places=2)
    line = models.DecimalField("低保标准", max_digits=9, decimal_places=2)
    is_above = models.BooleanField("高于低保标准")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月度收入记录"
        ordering = ["file", "month"]
        constraints = [
            models.UniqueConstraint(fields=["file", "month"], name="month_reading_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="month_reading_first_day"),
        ]
