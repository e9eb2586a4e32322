"""Kept figures (docs/figures.md)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.models import Category, Issue
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


class FlowCounts(models.Model):
    """Counts of the issues closed in a period, one column a measure of `measures.FLOWS`."""

    resolved_in_period = models.PositiveIntegerField("本期办结：已化解", default=0)
    explained_in_period = models.PositiveIntegerField("本期办结：已解释", default=0)
    unresolved_in_period = models.PositiveIntegerField("本期办结：客观原因未化解", default=0)
    out_of_remit_in_period = models.PositiveIntegerField("本期办结：不属工会职责", default=0)
    withdrawn_in_period = models.PositiveIntegerField("本期办结：撤回", default=0)

    class Meta:
        abstract = True


class CellFigures(CohortCounts):
    """What a row of figures holds: the counts, the stock, and the workdays of closed issues as a histogram."""

    # Derived rows, written by the hundred thousand and only by statements that join the tables they name: no constraint to check each.
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name="单位", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name="类别", db_constraint=False, db_index=False
    )
    open_delta = models.IntegerField("未办结净增", default=0)
    open_at_end = models.IntegerField("期末未办结", default=0)
    # `issues[n]` closed issues took `workdays[n]` workdays; `issues` is empty where every bar is 1.
    workdays = ArrayField(models.SmallIntegerField(), verbose_name="用时（工作日）", default=list)
    issues = ArrayField(models.IntegerField(), verbose_name="件数", default=list)

    class Meta:
        abstract = True


#: A row of a month in which nothing was received, closed or reopened: it is kept for its stock alone, or not at all.
SAYS_NOTHING: dict[str, int] = dict.fromkeys(
    ("received", "open_delta", *(field.name for field in FlowCounts._meta.fields)), 0
)


class Rollup(CellFigures, FlowCounts):
    """The figures of one month for a township or the district, over one category or all (`category` null).

    A township's row of a category is computed from issues and events; the rest are sums of such rows. Quarters, years and runs of months
    are added up when read. A row over all categories is there for every month and unit; one of a category only where it says
    something, and no row means zeros. `as_of` is when the row last changed.
    """

    month = models.DateField("月份")
    as_of = models.DateTimeField("统计时间")

    objects = RollupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统计数据"
        constraints = [
            models.UniqueConstraint(fields=["month", "unit", "category"], nulls_distinct=False, name="rollup_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="rollup_month_is_first_day"),
        ]
        indexes = [
            models.Index(fields=["unit", "category", "month"], name="rollup_by_unit"),
            models.Index(
                fields=["month"],
                condition=Q(category__isnull=False, open_at_end=0, **SAYS_NOTHING),
                name="rollup_empty",
            ),
            models.Index(fields=["month"], condition=Q(category__isnull=True), name="rollup_over_all"),
        ]


class Freeze(models.Model):
    """One numbered state of a month's figures, never changed again: revision 1 is the freeze, later ones are revisions (修订)."""

    month = models.DateField("月份")
    revision = models.PositiveSmallIntegerField("版次")
    frozen_at = models.DateTimeField("冻结时间")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )  # null: by the timetable
    reason = models.CharField("修订原因", max_length=200, blank=True)
    issues = models.ManyToManyField(Issue, through="FreezeCause", related_name="+", verbose_name="引起修订的诉求")

    class Meta:
        verbose_name = verbose_name_plural = "月度数据冻结"
        ordering = ["month", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["month", "revision"], name="freeze_revision_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="freeze_month_is_first_day"),
            models.CheckConstraint(
                condition=Q(revision=1, reason="") | (Q(revision__gt=1) & ~Q(reason="")),
                name="freeze_revision_has_reason",
            ),
        ]


class FrozenRow(CellFigures):
    """A row of `Rollup` as it stood when its month was frozen or revised."""

    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="rows")
    # null: frozen before these were counted
    resolved_in_period = models.PositiveIntegerField("本期办结：已化解", null=True)
    explained_in_period = models.PositiveIntegerField("本期办结：已解释", null=True)
    unresolved_in_period = models.PositiveIntegerField("本期办结：客观原因未化解", null=True)
    out_of_remit_in_period = models.PositiveIntegerField("本期办结：不属工会职责", null=True)
    withdrawn_in_period = models.PositiveIntegerField("本期办结：撤回", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "冻结的统计数据"
        constraints = [
            models.UniqueConstraint(fields=["freeze", "unit", "category"], nulls_distinct=False, name="frozen_row_once")
        ]


class FreezeCause(models.Model):
    """An issue recorded anew or changed after the revision before, and so behind this one."""

    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="causes")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "引起修订的诉求"
        constraints = [models.UniqueConstraint(fields=["freeze", "issue"], name="freeze_cause_once")]


class Recomputation(models.Model):
    """One computation of every figure anew (全部重算): asked for, begun, finished. An unfinished one is begun again by the sweep."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发起人"
    )  # null: by a command
    asked_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    changed = models.PositiveIntegerField("改正的统计行", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "统计数据全部重算"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finished_at"],
                condition=Q(finished_at=None),
                nulls_distinct=False,
                name="recomputation_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(started_at__isnull=False, changed__isnull=False),
                name="recomputation_finished_was_started",
            ),
        ]
