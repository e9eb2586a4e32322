"""Special trackers (专项台账): typed fields of a category, by version, and what was filled in for an issue."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models.issues import Category, Issue


class Tracker(models.Model):
    """One version of a category's fields. Changing the fields makes a new version; the old one stays with what was filled in by it."""

    category = models.ForeignKey(Category, models.PROTECT, related_name="trackers", verbose_name="类别")
    version = models.PositiveSmallIntegerField("版本")
    name = models.CharField("名称", max_length=30)
    is_current = models.BooleanField("现行", default=True)
    made_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = verbose_name_plural = "专项台账"
        ordering = ["category", "version"]
        constraints = [
            models.UniqueConstraint(fields=["category", "version"], name="tracker_version_once"),
            models.UniqueConstraint(fields=["category"], condition=Q(is_current=True), name="tracker_one_current"),
        ]


class TrackerField(models.Model):
    """A field of a tracker. Its code is the same from version to version, so that sums go on."""

    class Kind(models.TextChoices):
        MONEY = "money", "金额（元）"
        WHOLE = "whole", "整数"
        DAY = "day", "日期"
        TEXT = "text", "文字"
        CHOICE = "choice", "选项"
        STEPS = "steps", "步骤（各有完成日期）"

    tracker = models.ForeignKey(Tracker, models.CASCADE, related_name="fields")
    code = models.CharField("代码", max_length=30)
    label = models.CharField("名称", max_length=20)
    kind = models.CharField("类型", max_length=8, choices=Kind)
    unit = models.CharField("单位", max_length=6, blank=True)
    options = ArrayField(models.CharField(max_length=20), verbose_name="选项或步骤", default=list, blank=True)
    position = models.PositiveSmallIntegerField("排序")

    class Meta:
        verbose_name = verbose_name_plural = "台账栏目"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tracker", "code"], name="tracker_field_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="tracker_field_code_plain"),
            models.CheckConstraint(
                condition=~Q(kind__in=["choice", "steps"]) | ~Q(options=[]), name="tracker_field_has_options"
            ),
        ]

    @property
    def adds_up(self) -> bool:
        return self.kind in (self.Kind.MONEY, self.Kind.WHOLE)


class TrackerValues(models.Model):
    """What was filled in for an issue: code -> value. Counts while the issue has that category.

    Money is text with two decimals, a day YYYY-MM-DD, steps {step: day}.
    """

    issue = models.OneToOneField(Issue, models.PROTECT, primary_key=True, related_name="tracker_values")
    tracker = models.ForeignKey(Tracker, models.PROTECT, related_name="+")
    values = models.JSONField("内容", default=dict)
    version = models.PositiveIntegerField("版本", default=1)
    filled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    filled_at = models.DateTimeField("填写时间")

    class Meta:
        verbose_name = verbose_name_plural = "台账内容"
        indexes = [models.Index(fields=["tracker"], name="tracker_values_of")]
