"""What is written once a quarter: a cadre's reflection (心得), and the analysis (季分析) of a township or the district."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from unionportal.core.orgs.models import Unit
from visits.quarterly_querysets import AnalysisQuerySet, ReflectionQuerySet
from visits.quarters import quarter_label

PART_LENGTH, ANALYSIS_LENGTH, REMARK_LENGTH = 4000, 12000, 1000
#: A quarter is named by its first day.
_FIRST_DAY = Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10])


class Reflection(models.Model):
    """One reflection a cadre a quarter, in three parts. Handed in it is closed, until somebody returns it."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "已提交"
        REMARKED = "remarked", "已点评"

    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reflections", verbose_name="驻联干部"
    )
    quarter = models.DateField("季度")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    methods = models.TextField("主要做法", max_length=PART_LENGTH, blank=True)
    insights = models.TextField("问题与体会", max_length=PART_LENGTH, blank=True)
    next_steps = models.TextField("下季打算", max_length=PART_LENGTH, blank=True)
    first_submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)
    is_late = models.BooleanField("逾期提交", default=False)  # by the first submission; a return does not change it
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)  # open again since; empty once handed in anew
    version = models.PositiveIntegerField("版本", default=0)

    PARTS = ("methods", "insights", "next_steps")

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "心得"
        ordering = ["-quarter", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "quarter"], name="reflection_once_a_quarter"),
            models.CheckConstraint(condition=_FIRST_DAY, name="reflection_quarter"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(
                    ~Q(methods=""),
                    ~Q(insights=""),
                    ~Q(next_steps=""),
                    state__in=["submitted", "remarked"],
                    submitted_at__isnull=False,
                    first_submitted_at__isnull=False,
                ),
                name="reflection_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(state="draft"), name="reflection_returned_is_open"
            ),
            models.CheckConstraint(
                condition=Q(is_late=False) | Q(first_submitted_at__isnull=False), name="reflection_late_was_submitted"
            ),
        ]
        indexes = [models.Index(fields=["quarter"], name="reflection_of_quarter")]

    @property
    def is_open(self) -> bool:
        """Whether its cadre may still write."""
        return self.state == self.State.DRAFT

    def __str__(self) -> str:
        return f"{self.cadre}{quarter_label(self.quarter)}心得"


class ReflectionRemark(models.Model):
    """What a leader or staff (or the cadre, in answer) said of a reflection. Kept as said."""

    class Act(models.TextChoices):
        COMMENT = "comment", "点评"
        RETURN = "return", "退回修改"

    reflection = models.ForeignKey(Reflection, models.PROTECT, related_name="remarks", verbose_name="心得")
    act = models.CharField("动作", max_length=8, choices=Act)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="点评人")
    text = models.TextField("点评", max_length=REMARK_LENGTH)
    made_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "心得点评"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reflection_remark_says_something")]


class Analysis(models.Model):
    """The text on a place's quarter; there is no row before the first words. Published, it keeps the figures it was published with.

    `figures` are those figures as plain data, made and read by the floor above; `known_at` is the moment, `last_step` the last step of
    the issues' log that they know.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="analyses", verbose_name="单位")
    quarter = models.DateField("季度")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    text = models.TextField("分析", max_length=ANALYSIS_LENGTH, blank=True)
    figures = models.JSONField("发布时的数据", null=True, blank=True)
    known_at = models.DateTimeField("数据截至", null=True, blank=True)
    last_step = models.PositiveBigIntegerField("计入的最后一步", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人")
    edited_at = models.DateTimeField("修改时间")
    version = models.PositiveIntegerField("版本", default=0)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "季分析"
        ordering = ["-quarter", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "quarter"], name="analysis_once_a_quarter"),
            models.CheckConstraint(condition=_FIRST_DAY, name="analysis_quarter"),
            models.CheckConstraint(
                condition=Q(
                    state="draft",
                    figures__isnull=True,
                    known_at__isnull=True,
                    last_step__isnull=True,
                    published_by__isnull=True,
                )
                | Q(
                    ~Q(text=""),
                    state="published",
                    figures__isnull=False,
                    known_at__isnull=False,
                    last_step__isnull=False,
                    published_by__isnull=False,
                ),
                name="analysis_published_with_its_figures",
            ),
        ]
        indexes = [models.Index(fields=["quarter"], name="analysis_of_quarter")]

    @property
    def is_published(self) -> bool:
        """Whether others than the district may read its text."""
        return self.state == self.State.PUBLISHED

    def __str__(self) -> str:
        return f"{self.unit}{quarter_label(self.quarter)}分析"


class AnalysisVersion(models.Model):
    """An analysis as it was saved once, numbered like the version it made."""

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="versions", verbose_name="季分析")
    number = models.PositiveIntegerField("版本")
    text = models.TextField("分析", max_length=ANALYSIS_LENGTH, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "季分析历次修改"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["analysis", "number"], name="analysis_version_once")]
