"""Visits (走访) and the week's journal (周记) that closes them."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Enterprise, Unit
from visits.querysets import JournalQuerySet, VisitQuerySet


def field_of(model: type[models.Model], name: str) -> models.Field:
    """A column of a model, for its length and its words."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column")
    return field


class Journal(models.Model):
    """One journal a cadre a week (ISO week-year): its visits, reflections, next week's plan. Submitting it closes its visits."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        SUBMITTED = "submitted", "待审阅"
        APPROVED = "approved", "已审阅"

    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="journals", verbose_name="驻联干部"
    )
    iso_year = models.PositiveSmallIntegerField("年")
    iso_week = models.PositiveSmallIntegerField("周")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    reflections = models.TextField("体会", max_length=4000, blank=True)
    next_plan = models.TextField("下周打算", max_length=2000, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)  # open again since; empty once handed in anew
    version = models.PositiveIntegerField("版本", default=1)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "周记"
        ordering = ["-iso_year", "-iso_week", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "iso_year", "iso_week"], name="journal_once_a_week"),
            models.CheckConstraint(condition=Q(iso_week__gte=1, iso_week__lte=53), name="journal_week"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at__isnull=True)
                | Q(state__in=["submitted", "approved"], submitted_at__isnull=False),
                name="journal_submitted_at",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(state="draft"), name="journal_returned_is_open"
            ),
        ]
        indexes = [models.Index(fields=["-iso_year", "-iso_week", "id"])]

    @property
    def is_open(self) -> bool:
        """Whether visits of its week may still be added and changed."""
        return self.state == self.State.DRAFT

    def __str__(self) -> str:
        return f"{self.iso_year}年第{self.iso_week}周"


class JournalRemark(models.Model):
    """What a reader (or the cadre) said of a journal, with what was done by it. Kept as said: nothing here is changed."""

    class Act(models.TextChoices):
        COMMENT = "comment", "批注"
        RETURN = "return", "退回修改"
        APPROVE = "approve", "审阅通过"

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="remarks", verbose_name="周记")
    act = models.CharField("动作", max_length=8, choices=Act)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批注人")
    text = models.TextField("批注", max_length=1000, blank=True)
    made_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "周记批注"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(act="approve") | ~Q(text=""), name="journal_remark_says_something"),
        ]


class JournalReader(models.Model):
    """Who has read a journal as it was handed in, and when first."""

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="readers", verbose_name="周记")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="读者")
    read_at = models.DateTimeField("阅读时间")

    class Meta:
        verbose_name = verbose_name_plural = "周记阅读"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["journal", "reader"], name="journal_reader_once")]


class Visit(models.Model):
    """One call on an enterprise, household, village or station. The id is made by the phone, so a retry is the same row."""

    class Kind(models.TextChoices):
        ROUTINE = "routine", "日常走访"
        FOLLOW_UP = "follow_up", "回访"
        STAY = "stay", "蹲点"
        INSPECTION = "inspection", "专项排查"
        BRIEFING = "briefing", "政策解读会"
        CONDOLENCE = "condolence", "慰问"

    class Mode(models.TextChoices):
        ON_SITE = "on_site", "上门"
        PHONE = "phone", "电话"
        MEETING = "meeting", "座谈"

    class Target(models.TextChoices):
        ENTERPRISE = "enterprise", "企业"
        HOUSEHOLD = "household", "职工家庭"
        VILLAGE = "village", "村（社区）"
        STATION = "station", "驿站"
        OTHER = "other", "其他"

    class Check(models.TextChoices):
        GOOD = "good", "好"
        PROBLEM = "problem", "有问题"
        NOT_SEEN = "not_seen", "未看"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Without indexes of their own: those of the lists begin with them.
    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="visits", verbose_name="驻联干部"
    )
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="visits", verbose_name="周记")
    visited_on = models.DateField("走访日期")
    ends_on = models.DateField(
        "蹲点结束日期", null=True, blank=True
    )  # of a stay, its last day; visited_on is its first
    began_at = models.TimeField("到达时间", null=True, blank=True)
    ended_at = models.TimeField("离开时间", null=True, blank=True)
    kind = models.CharField("走访类型", max_length=12, choices=Kind, default=Kind.ROUTINE)
    mode = models.CharField("方式", max_length=10, choices=Mode, default=Mode.ON_SITE)
    target_kind = models.CharField("走访对象", max_length=12, choices=Target, default=Target.ENTERPRISE)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, db_index=False, null=True, blank=True, related_name="visits", verbose_name="企业"
    )
    target_name = models.CharField("对象名称", max_length=60, blank=True)
    township = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="visits", verbose_name="镇街")
    met = models.CharField("见到的人", max_length=80, blank=True)
    headcount = models.PositiveSmallIntegerField("走访人次", default=1)  # visitors; 人次 is their sum
    morale = models.CharField("职工状态是否在线", max_length=10, choices=Check, default=Check.NOT_SEEN)
    vitality = models.CharField("基层工会是否有活力", max_length=10, choices=Check, default=Check.NOT_SEEN)
    employment = models.CharField("劳动用工是否规范", max_length=10, choices=Check, default=Check.NOT_SEEN)
    assistance = models.CharField("帮扶举措是否到位", max_length=10, choices=Check, default=Check.NOT_SEEN)
    rights = models.CharField("权益保障是否落实", max_length=10, choices=Check, default=Check.NOT_SEEN)
    narrative = models.TextField("走访情况", max_length=4000, blank=True)
    payload_hash = models.CharField(
        max_length=64, editable=False
    )  # of the first payload: same id, other content is refused
    created_at = models.DateTimeField("录入时间")
    version = models.PositiveIntegerField("版本", default=1)
    search_tokens = ArrayField(models.CharField(max_length=80), editable=False, default=list)

    objects = VisitQuerySet.as_manager()

    CHECKS = ("morale", "vitality", "employment", "assistance", "rights")

    class Meta:
        verbose_name = verbose_name_plural = "走访"
        ordering = ["-visited_on", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(target_kind="enterprise") & Q(enterprise__isnull=False))
                | (~Q(target_kind="enterprise") & Q(enterprise__isnull=True) & ~Q(target_name="")),
                name="visit_has_its_target",
            ),
            models.CheckConstraint(condition=Q(headcount__gte=1), name="visit_headcount_positive"),
            models.CheckConstraint(
                condition=Q(kind="stay", ends_on__isnull=False, ends_on__gte=F("visited_on"))
                | (~Q(kind="stay") & Q(ends_on__isnull=True)),
                name="visit_stay_has_its_days",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(began_at__isnull=False, ended_at__gt=F("began_at")),
                name="visit_hours_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["-visited_on", "-created_at", "-id"]),
            models.Index(fields=["cadre", "-visited_on", "-created_at", "-id"]),
            models.Index(fields=["township", "-visited_on", "-created_at", "-id"]),
            models.Index(fields=["enterprise", "-visited_on"]),
            GinIndex(fields=["search_tokens"], name="visit_search"),
        ]

    @property
    def target_label(self) -> str:
        """Whom or what was visited, in words."""
        return self.enterprise.name if self.enterprise else self.target_name

    @property
    def problems(self) -> list[str]:
        """The names of the checks that found a problem, in their order."""
        return checks_answered(self, self.Check.PROBLEM)

    @property
    def problem_words(self) -> str:
        """有问题 2 项, for lists."""
        return problem_words(self)

    @property
    def seen_words(self) -> str:
        """How many of the checks were made, where none found a problem."""
        return seen_words(self)

    def __str__(self) -> str:
        return f"{self.visited_on} {self.target_label}"


def checks_answered(checked: Any, answer: str) -> list[str]:
    """The names of the checks with an answer; `checked` is a visit, or a row that has its five answers."""
    return [name for name in Visit.CHECKS if getattr(checked, name) == answer]


def problem_words(checked: Any) -> str:
    """有问题 2 项; "" where no check found a problem."""
    problems = len(checks_answered(checked, Visit.Check.PROBLEM))
    return f"有问题 {problems} 项" if problems else ""


def seen_words(checked: Any) -> str:
    """都好, 看了 3 项 or 未看, where no check found a problem."""
    seen = len(checks_answered(checked, Visit.Check.GOOD))
    return "都好" if seen == len(Visit.CHECKS) else f"看了 {seen} 项" if seen else "未看"


class VisitPhoto(models.Model):
    """A photo of a visit. One that came by itself has the phone's id, so a retry is the same row; time and place are there only where the cadre agreed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", verbose_name="走访")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")
    client_id = models.UUIDField(null=True, unique=True, editable=False)  # null: sent together with the form
    sent_hash = models.CharField(
        max_length=64, blank=True, editable=False
    )  # of the bytes sent; what is kept is cleaned
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=7, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "走访照片"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="visit_photo_place_on_earth",
            ),
        ]

    @property
    def has_facts(self) -> bool:
        """Whether time or place of it is kept."""
        return self.taken_at is not None or self.latitude is not None
