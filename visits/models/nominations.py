"""What is nominated in a year's evaluation, how reviewers score it, and the awards."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Issue
from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Unit
from visits.evaluation_querysets import NominationQuerySet
from visits.evaluation_workflow import KINDS
from visits.models.evaluations import Criterion, EvaluationRound, Reviewer

TITLE_LENGTH = 60
ABSTRACT_LENGTH = 500
TEXT_LENGTH = 10_000
REASON_LENGTH = 200
COMMENT_LENGTH = 500


class Nomination(models.Model):
    """A piece of research (优秀调研成果) or a proposal (合理化建议). The id is the client's; reviewers know it by its number alone."""

    class State(models.TextChoices):
        HANDED_IN = "handed_in", "待受理"
        ADMITTED = "admitted", "已受理"
        REFUSED = "refused", "不予受理"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="nominations", verbose_name="年评议")
    number = models.PositiveSmallIntegerField("编号")
    kind = models.CharField("类别", max_length=8, choices=list(KINDS.items()))
    state = models.CharField("状态", max_length=10, choices=State, default=State.HANDED_IN)
    title = models.CharField("题目", max_length=TITLE_LENGTH)
    abstract = models.TextField("摘要", max_length=ABSTRACT_LENGTH)
    text = models.TextField("正文", max_length=TEXT_LENGTH)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇街")
    issues = models.ManyToManyField(Issue, blank=True, related_name="+", verbose_name="相关诉求")
    reason = models.CharField("不予受理的理由", max_length=REASON_LENGTH, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提名人")
    submitted_at = models.DateTimeField("提名时间")
    version = models.PositiveIntegerField("版本", default=1)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评议提名"
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="nomination_number_once"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(abstract="") & ~Q(text=""), name="nomination_has_texts"),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(reason="")) | (~Q(state="refused") & Q(reason="")),
                name="nomination_refused_with_reason",
            ),
        ]

    @property
    def blind_name(self) -> str:
        """What a reviewer calls it: 3号."""
        return f"{self.number}号"

    def __str__(self) -> str:
        return self.title


class NominationAuthor(models.Model):
    """Who wrote it, in the order given."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="authors", verbose_name="提名")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作者")
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        verbose_name = verbose_name_plural = "提名作者"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "user"], name="nomination_author_once"),
            models.UniqueConstraint(fields=["nomination", "position"], name="nomination_author_position"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class NominationFile(models.Model):
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="files", verbose_name="提名")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="附件")

    class Meta:
        verbose_name = verbose_name_plural = "提名附件"
        ordering = ["id"]


class Recusal(models.Model):
    """A reviewer who does not score a nomination (回避), and why."""

    class Ground(models.TextChoices):
        AUTHOR = "author", "本人提名或撰写"
        UNIT = "unit", "同单位或同镇街"
        DECLARED = "declared", "本人申请"
        STAFF = "staff", "组织决定"

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="recusals", verbose_name="提名")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="recusals", verbose_name="评审人")
    ground = models.CharField("依据", max_length=8, choices=Ground)
    reason = models.CharField("理由", max_length=REASON_LENGTH, blank=True)
    made_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "评审回避"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "reviewer"], name="recusal_once"),
            models.CheckConstraint(
                condition=Q(ground__in=["author", "unit"]) | ~Q(reason=""), name="recusal_declared_with_reason"
            ),
        ]


class Review(models.Model):
    """One reviewer's judgement of one nomination: a draft, then handed in. After the lock the database refuses any change."""

    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="reviews", verbose_name="提名")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="reviews", verbose_name="评审人")
    comment = models.TextField("评语", max_length=COMMENT_LENGTH, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "评审"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["nomination", "reviewer"], name="review_once")]


class Score(models.Model):
    """The points a review gives on one criterion."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name="评审")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name="标准")
    points = models.DecimalField("得分", max_digits=4, decimal_places=1)

    class Meta:
        verbose_name = verbose_name_plural = "评分"
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="score_not_negative"),
        ]


class Award(models.Model):
    """What a nomination was awarded; taken back with a reason, never deleted."""

    class Level(models.IntegerChoices):
        FIRST = 1, "一等奖"
        SECOND = 2, "二等奖"
        THIRD = 3, "三等奖"

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="award", verbose_name="提名")
    level = models.PositiveSmallIntegerField("等次", choices=Level)
    number = models.PositiveSmallIntegerField("证书编号", null=True)  # given when the results are published
    revoked_at = models.DateTimeField("撤销时间", null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    revoked_reason = models.CharField("撤销理由", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "评议奖项"
        ordering = ["level", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=[1, 2, 3]), name="award_level"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False, number__isnull=False) & ~Q(revoked_reason="")),
                name="award_revoked_with_reason",
            ),
        ]
