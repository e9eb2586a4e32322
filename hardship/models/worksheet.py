"""The income worksheet of a file, what may rule a household out, and the category a person decided on."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from hardship import codes
from hardship.models.files import HardshipFile
from hardship.querysets import OfFileQuerySet
from unionportal.core.files.models import Attachment


class IncomeLine(models.Model):
    """One amount of a year, in or out, with the paper it was read from."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="income_lines", verbose_name="档案")
    member = models.ForeignKey(
        "hardship.FileMember", models.PROTECT, null=True, blank=True, related_name="income_lines", verbose_name="成员"
    )
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("项目", max_length=16, choices=[*codes.INCOME, *codes.SPENDING])
    amount = models.DecimalField("全年金额（元）", max_digits=12, decimal_places=2)
    source = models.CharField("来源材料", max_length=16, choices=codes.SOURCES)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name="材料")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "收支明细"
        ordering = ["file", "year", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="hardship_line_not_negative")]
        indexes = [models.Index(fields=["file", "year"])]

    @property
    def is_income(self) -> bool:
        return self.kind in dict(codes.INCOME)


class DisqualifierAnswer(models.Model):
    """What was found on one of the grounds that rule a household out."""

    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="disqualifier_answers", verbose_name="档案")
    ground = models.CharField("情形", max_length=14, choices=codes.DISQUALIFIERS)
    answer = models.CharField("核查结果", max_length=8, choices=codes.ANSWERS)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核查人")
    answered_at = models.DateTimeField("核查时间")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不予建档情形"
        ordering = ["file", "id"]
        constraints = [models.UniqueConstraint(fields=["file", "ground"], name="hardship_ground_once")]


class CategoryDecision(models.Model):
    """A person's decision on the category, with what was recommended and by which rules. Append-only."""

    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="category_decisions", verbose_name="档案")
    category = models.CharField("决定类别", max_length=10, choices=codes.CATEGORIES)
    recommended = models.CharField("建议类别", max_length=10, choices=codes.CATEGORIES, blank=True)  # empty: none
    per_head = models.DecimalField("月人均收入", max_digits=12, decimal_places=2, null=True)
    line = models.DecimalField("低保标准", max_digits=9, decimal_places=2)
    factor = models.DecimalField("相对困难倍数", max_digits=5, decimal_places=2)
    inclusive = models.BooleanField("含等于")
    reason = models.CharField("与建议不同的理由", max_length=200, blank=True)
    decided_on = models.DateField("认定日期")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="认定人")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "类别认定"
        ordering = ["-id"]
