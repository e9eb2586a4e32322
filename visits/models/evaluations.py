"""A year's evaluation (年评议): its phases, the weights of its indicators, the criteria and people it is judged by, and the figures it was locked with."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from unionportal.core.orgs.models import Unit
from visits.evaluation_querysets import EvaluationRoundQuerySet
from visits.evaluation_workflow import KINDS, LOCKED, NOMINATING, PHASES, PREPARING, PUBLISHED, REVIEWING, SUBJECTS

CRITERION_LENGTH = 30


class EvaluationRound(models.Model):
    """One a year. A phase lasts until the next move, and takes nothing more after its last day."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    state = models.CharField("阶段", max_length=10, choices=list(PHASES.items()), default=PREPARING)
    nominate_from = models.DateField("提名开始")
    nominate_until = models.DateField("提名截止")
    review_until = models.DateField("评审截止")
    publish_on = models.DateField("计划公布")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    opened_at = models.DateTimeField("建立时间")
    locked_at = models.DateTimeField("锁定时间", null=True)
    last_step = models.PositiveBigIntegerField("锁定时计入的最后一步", null=True)  # of the issues' log
    published_at = models.DateTimeField("公布时间", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = EvaluationRoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年评议"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2200), name="evaluation_year"),
            models.CheckConstraint(
                condition=Q(nominate_until__gte=F("nominate_from"))
                & Q(review_until__gte=F("nominate_until"))
                & Q(publish_on__gte=F("review_until")),
                name="evaluation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[PREPARING, NOMINATING, REVIEWING], locked_at__isnull=True, published_at__isnull=True
                )
                | Q(state=LOCKED, locked_at__isnull=False, published_at__isnull=True)
                | Q(state=PUBLISHED, locked_at__isnull=False, published_at__gte=F("locked_at")),
                name="evaluation_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, last_step__isnull=True)
                | Q(locked_at__isnull=False, last_step__isnull=False),
                name="evaluation_locked_at_a_step",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="evaluation_published_by",
            ),
        ]

    @property
    def is_settled(self) -> bool:
        """Whether scores and figures are locked."""
        return self.state in (LOCKED, PUBLISHED)

    @property
    def is_published(self) -> bool:
        return self.state == PUBLISHED

    def __str__(self) -> str:
        return f"{self.year}年度评议"


class IndicatorWeight(models.Model):
    """How much an indicator counts for cadres or for townships; together 100 once nominations begin."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="weights", verbose_name="年评议")
    subject = models.CharField("对象", max_length=8, choices=list(SUBJECTS.items()))
    indicator = models.CharField("指标", max_length=12)
    weight = models.PositiveSmallIntegerField("权重")

    class Meta:
        verbose_name = verbose_name_plural = "指标权重"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "subject", "indicator"], name="indicator_weight_once"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="indicator_weight_range"),
        ]


class Criterion(models.Model):
    """What nominations of a kind are scored on, with its weight and the most points it gives."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="criteria", verbose_name="年评议")
    kind = models.CharField("类别", max_length=8, choices=list(KINDS.items()))
    position = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("标准", max_length=CRITERION_LENGTH)
    weight = models.PositiveSmallIntegerField("权重")
    most = models.PositiveSmallIntegerField("满分")

    class Meta:
        verbose_name = verbose_name_plural = "评审标准"
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind", "position"], name="criterion_position"),
            models.UniqueConstraint(fields=["round", "kind", "name"], name="criterion_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="criterion_named"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100, most__gte=1, most__lte=100), name="criterion_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Reviewer(models.Model):
    """A person with the right to review in one round."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="reviewers", verbose_name="年评议")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评审人")
    named_at = models.DateTimeField("指定时间")

    class Meta:
        verbose_name = verbose_name_plural = "评审人"
        ordering = ["user__pinyin_key", "id"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="reviewer_once")]

    def __str__(self) -> str:
        return str(self.user)


class KeptIndicator(models.Model):
    """One indicator of one cadre or township as the round was locked. Never changed, so that a result stays provable."""

    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="kept", verbose_name="年评议")
    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="驻联干部"
    )
    township = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="镇街")
    indicator = models.CharField("指标", max_length=12)
    numerator = models.DecimalField("分子", max_digits=10, decimal_places=2)
    denominator = models.PositiveIntegerField("分母")
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    weight = models.PositiveSmallIntegerField("权重")
    few = models.BooleanField("基数小")

    class Meta:
        verbose_name = verbose_name_plural = "锁定的指标"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False, township__isnull=True) | Q(cadre__isnull=True, township__isnull=False),
                name="kept_indicator_cadre_or_township",
            ),
            models.UniqueConstraint(
                fields=["round", "cadre", "indicator"],
                condition=Q(cadre__isnull=False),
                name="kept_indicator_cadre_once",
            ),
            models.UniqueConstraint(
                fields=["round", "township", "indicator"],
                condition=Q(township__isnull=False),
                name="kept_indicator_township_once",
            ),
        ]
