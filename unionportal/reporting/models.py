"""Kept figures. Leaf cells are recomputed from issues and events; wide rows are sums of leaves (docs/figures.md)."""

from django.db import models
from django.db.models import Q

from casework.models import Category
from unionportal.core.orgs.models import Unit
from unionportal.reporting.querysets import RollupQuerySet


class CohortCounts(models.Model):
    """Counts of the issues received in a period, one column a measure of `measures.COUNTS`."""

    received = models.PositiveIntegerField("收集录入", default=0)
    resolved = models.PositiveIntegerField("已化解", default=0)
    explained = models.PositiveIntegerField("已解释", default=0)
    unresolved = models.PositiveIntegerField("客观原因未化解", default=0)
    out_of_remit = models.PositiveIntegerField("不属工会职责", default=0)
    withdrawn = models.PositiveIntegerField("撤回", default=0)
    assigned = models.PositiveIntegerField("已交办", default=0)
    accepted_on_time = models.PositiveIntegerField("按时签收", default=0)
    closed_with_deadline = models.PositiveIntegerField("有期限的办结", default=0)
    closed_on_time = models.PositiveIntegerField("按时办结", default=0)
    answered = models.PositiveIntegerField("已反馈", default=0)
    followed_up = models.PositiveIntegerField("已回访", default=0)
    rated = models.PositiveIntegerField("有效评价", default=0)
    satisfied = models.PositiveIntegerField("满意和基本满意", default=0)
    answered_ever = models.PositiveIntegerField("曾反馈", default=0)
    redone = models.PositiveIntegerField("发回重办", default=0)

    class Meta:
        abstract = True


class RollupLeaf(CohortCounts):
    """The smallest cell: month × township × category. `open_delta` is what the month added to the stock of open issues."""

    month = models.DateField("月份")
    township = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="镇街")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="类别")
    open_delta = models.IntegerField("未办结净增", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "统计单元"
        constraints = [
            models.UniqueConstraint(fields=["township", "category", "month"], name="leaf_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="leaf_month_is_first_day"),
        ]
        indexes = [models.Index(fields=["month"])]


class RollupHistogram(models.Model):
    """How many closed issues of a leaf cell took how many workdays: medians of wider cells come from here."""

    month = models.DateField("月份")
    township = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="镇街")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name="类别")
    workdays = models.PositiveSmallIntegerField("用时（工作日）")
    issues = models.PositiveIntegerField("件数")

    class Meta:
        verbose_name = verbose_name_plural = "办结用时分布"
        constraints = [
            models.UniqueConstraint(fields=["township", "category", "month", "workdays"], name="histogram_once"),
        ]
        indexes = [models.Index(fields=["month"])]


class Rollup(CohortCounts):
    """The figures of one period for the district or a township, all categories (`category` null) or one.

    There is one live row for every period, unit and category from the first issue to the current month, zero or not.
    `as_of` is when the row last changed: whatever was recorded since does not touch it, or waits in the outbox.
    `revision` and `status` leave room for frozen rows beside the live one.
    """

    class Period(models.TextChoices):
        MONTH = "month", "月"
        QUARTER = "quarter", "季"
        YEAR = "year", "年"

    class Status(models.TextChoices):
        LIVE = "live", "实时"

    period = models.CharField("周期", max_length=7, choices=Period)
    start = models.DateField("起始日")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", verbose_name="类别")
    open_at_end = models.IntegerField("期末未办结", default=0)
    median_workdays = models.DecimalField("办结用时中位数（工作日）", max_digits=6, decimal_places=1, null=True)
    as_of = models.DateTimeField("统计时间")
    revision = models.PositiveSmallIntegerField("修订号", default=0)
    status = models.CharField("状态", max_length=6, choices=Status, default=Status.LIVE)

    objects = RollupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统计数据"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "start", "unit", "category"],
                condition=Q(status="live"),
                nulls_distinct=False,
                name="rollup_one_live_row",
            ),
            models.CheckConstraint(condition=~Q(status="live") | Q(revision=0), name="rollup_live_is_revision_0"),
        ]
        indexes = [models.Index(fields=["unit", "period", "start"])]

    @property
    def closed(self) -> int:
        """已办结, whatever the outcome."""
        return self.resolved + self.explained + self.unresolved + self.out_of_remit + self.withdrawn
