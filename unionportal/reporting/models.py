"""Kept figures (docs/figures.md), and the reports made of them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casework.models import Category, Issue
from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.reporting.querysets import ReportQuerySet, RollupQuerySet
from unionportal.reporting.rollups.periods import MONTH, QUARTER, YEAR, period_label
from visits.models import Visit


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
            models.Index(  # with what the ranking of townships adds up
                fields=["month"],
                include=["unit", "resolved", "received"],
                condition=Q(category__isnull=True),
                name="rollup_over_all",
            ),
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
    last_step = models.PositiveBigIntegerField("计入的最后一步")  # id of the last event behind these figures
    definitions = models.JSONField("口径版本", default=dict)  # measure -> version; absent: the first
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

    def version_of(self, measure: str) -> int:
        """The version of a definition these figures were counted by."""
        return int(self.definitions.get(measure, 1))


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


class FrozenVisit(models.Model):
    """A visit that a freeze counted, as it counted it: which ones those were is known whatever becomes of them."""

    freeze = models.ForeignKey(Freeze, models.PROTECT, db_index=False, related_name="visits")
    # Facts of then, which nothing that comes later binds or waits for (decision 0043).
    visit = models.ForeignKey(
        Visit, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="走访"
    )
    township = models.ForeignKey(
        Unit, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name="镇街"
    )
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name="企业",
    )
    headcount = models.PositiveSmallIntegerField("走访人次")

    class Meta:
        verbose_name = verbose_name_plural = "冻结时计入的走访"
        constraints = [models.UniqueConstraint(fields=["freeze", "visit"], name="frozen_visit_once")]


class FrozenVisitFigures(models.Model):
    """The visit figures of a unit (measures.VISITS and VISIT_SHARES) as a freeze keeps them. Freezes from before these were kept have none."""

    freeze = models.ForeignKey(Freeze, models.PROTECT, db_index=False, related_name="visit_figures")
    unit = models.ForeignKey(Unit, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    visits = models.PositiveIntegerField("走访（家次）")
    enterprise_visits = models.PositiveIntegerField("走访企业（家次）")
    enterprises = models.PositiveIntegerField("走访企业（家）")
    headcount = models.PositiveIntegerField("走访人次")
    key_covered = models.PositiveIntegerField("覆盖重点企业")
    key_total = models.PositiveIntegerField("在营重点企业")
    quota_met = models.PositiveIntegerField("走访达标周次")
    quota_weeks = models.PositiveIntegerField("应走访周次")

    class Meta:
        verbose_name = verbose_name_plural = "冻结的走访数据"
        constraints = [models.UniqueConstraint(fields=["freeze", "unit"], name="frozen_visit_figures_once")]


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


class ReportKind(models.TextChoices):
    """What is reported on; a kind has one kind of period."""

    MONTHLY = "monthly", "月报"
    QUARTERLY = "quarterly", "季度分析"
    ANNUAL = "annual", "年度报告"


class ReportFormat(models.TextChoices):
    """As what kind of file."""

    WORD = "docx", "Word"
    EXCEL = "xlsx", "Excel"
    PDF = "pdf", "PDF"


class ReportTemplate(models.Model):
    """A Word layout of a kind of report that staff uploaded. None of a kind in force: the built-in one is, which counts as version 0."""

    kind = models.CharField("报告", max_length=10, choices=ReportKind)
    version = models.PositiveSmallIntegerField("版本")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="文件")
    is_in_force = models.BooleanField("启用", default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "报告模板"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="report_template_version_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(is_in_force=True), name="report_template_one_in_force"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="report_template_version_positive"),
        ]


class Report(models.Model):
    """A report somebody asked for, or that the timetable made of a freeze: how far it is, and the file once it is done."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "生成中"
        DONE = "done", "已完成"
        FAILED = "failed", "未能生成"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("报告", max_length=10, choices=ReportKind)
    start = models.DateField("期间")  # first day of its month, quarter or year
    format = models.CharField("格式", max_length=4, choices=ReportFormat)
    freeze = models.ForeignKey(  # the freeze the timetable made it of
        Freeze, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="冻结版次"
    )
    asked_by = models.ForeignKey(  # null: by the timetable
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField("进度", default=0)
    problem = models.CharField("原因", max_length=200, blank=True)  # why it could not be made, in words
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    attachment = models.OneToOneField(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    template_version = models.PositiveSmallIntegerField("模板版本", null=True, blank=True)  # 0: built in; only Word
    as_of = models.DateTimeField("统计时间", null=True, blank=True)
    revisions = models.JSONField("各月版次", default=dict, blank=True)  # month -> revision used, 0 where live

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["freeze", "format"], name="report_of_a_freeze_once"),
            models.UniqueConstraint(
                fields=["kind", "start", "format", "asked_by"],
                condition=Q(state__in=["waiting", "running"], freeze__isnull=True),
                name="report_asked_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(start__day=1), name="report_start_is_first_day"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="report_progress_percent"),
            models.CheckConstraint(
                condition=(
                    Q(state="done", attachment__isnull=False, as_of__isnull=False, progress=100)
                    | (~Q(state="done") & Q(attachment__isnull=True))
                ),
                name="report_done_has_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | (~Q(state__in=["waiting", "running"]) & Q(finished_at__isnull=False)),
                name="report_ended_has_time",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="report_newest")]

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being made."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def label(self) -> str:
        """2024年9月月报（PDF）."""
        return f"{period_label(PERIODS[self.kind], self.start)}{self.get_kind_display()}（{self.get_format_display()}）"


#: Kind -> its kind of period.
PERIODS: dict[str, str] = {ReportKind.MONTHLY: MONTH, ReportKind.QUARTERLY: QUARTER, ReportKind.ANNUAL: YEAR}


class ReportDownload(models.Model):
    """Who took a report away, and when (real time). Append-only."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下载人")
    at = models.DateTimeField("下载时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "报告下载记录"
        ordering = ["-at", "-id"]
