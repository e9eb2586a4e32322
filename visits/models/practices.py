"""Practices (经验): what proved good, tagged, reviewed by staff and searchable in the library (经验库)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from casework.models import Category, Issue
from casework.models.issues import TOKEN_LENGTH
from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Unit
from visits.models.quarterly import Analysis, Reflection
from visits.models.visits import Journal
from visits.quarterly_querysets import PracticeQuerySet

TITLE_LENGTH, SUMMARY_LENGTH, TEXT_LENGTH, REASON_LENGTH = 80, 300, 8000, 300
TAG_LENGTH, MOST_TAGS = 12, 8

_SOURCES = ("reflection", "analysis", "journal")


def _from_one_source() -> Q:
    """At most one of the texts it may be drawn from."""
    none = Q(**{f"{name}__isnull": True for name in _SOURCES})
    for name in _SOURCES:
        none |= Q(**{f"{other}__isnull": other != name for other in _SOURCES})
    return none


class Practice(models.Model):
    """One way of doing something that others can take up. Proposed, published, withdrawn; published ones only are found by all."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审核"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤下"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField("标题", max_length=TITLE_LENGTH)
    summary = models.CharField("摘要", max_length=SUMMARY_LENGTH)
    text = models.TextField("做法", max_length=TEXT_LENGTH)
    tags = ArrayField(models.CharField(max_length=TAG_LENGTH), verbose_name="标签", default=list, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="诉求类别"
    )
    township = models.ForeignKey(  # null: of the whole district
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇街"
    )
    quarter = models.DateField("季度", null=True, blank=True)
    reflection = models.ForeignKey(
        Reflection, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name="心得"
    )
    analysis = models.ForeignKey(
        Analysis, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name="季分析"
    )
    journal = models.ForeignKey(
        Journal, models.PROTECT, null=True, blank=True, related_name="practices", verbose_name="周记"
    )
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="诉求")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="做法来自")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="推荐人")
    proposed_at = models.DateTimeField("推荐时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    withdraw_reason = models.CharField("撤下原因", max_length=REASON_LENGTH, blank=True)
    payload_hash = models.CharField(
        max_length=64, editable=False
    )  # of the first payload: same id, other content is refused
    version = models.PositiveIntegerField("版本", default=1)
    search_tokens = ArrayField(models.CharField(max_length=TOKEN_LENGTH), editable=False, default=list)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "经验"
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(summary="") & ~Q(text=""), name="practice_says_something"
            ),
            models.CheckConstraint(condition=_from_one_source(), name="practice_from_one_source"),
            models.CheckConstraint(
                condition=Q(state="proposed", published_at__isnull=True, withdraw_reason="")
                | Q(state="published", published_at__isnull=False, withdraw_reason="")
                | (Q(state="withdrawn") & ~Q(withdraw_reason="")),
                name="practice_state_with_its_facts",
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="practice_quarter",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name], condition=~Q(state="withdrawn"), name=f"practice_once_of_a_{name}"
                )
                for name in _SOURCES
            ),
        ]
        indexes = [
            models.Index(fields=["-proposed_at", "-id"], name="practice_list"),
            GinIndex(fields=["search_tokens"], name="practice_search"),
            GinIndex(fields=["tags"], name="practice_tags"),
        ]

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def place_label(self) -> str:
        """The township, or 全区."""
        return str(self.township) if self.township is not None else "全区"

    def __str__(self) -> str:
        return self.title


class PracticeFile(models.Model):
    """A file that goes with a practice."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="files", verbose_name="经验")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="附件")

    class Meta:
        verbose_name = verbose_name_plural = "经验附件"
        ordering = ["id"]


class PracticeMark(models.Model):
    """Somebody found a practice useful (有用)."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="marks", verbose_name="经验")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="读者")
    marked_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "经验有用"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["practice", "user"], name="practice_marked_once")]
