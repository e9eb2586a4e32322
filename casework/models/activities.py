"""Service activities (服务活动): one measure that answers many issues at once and keeps its own figures."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.activity_flow import (
    ACTIVITY_KIND_LABELS,
    ACTIVITY_STATE_LABELS,
    CHANGING,
    TAKEN_PLACE,
    ActivityState,
)
from casework.models.issues import Issue, IssueEvent, _choices
from casework.querysets import ActivityQuerySet, SessionQuerySet
from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Enterprise, Unit

TITLE_LENGTH, TEXT_LENGTH, PLACE_LENGTH, NOTE_LENGTH = 80, 4000, 80, 500


class ActivityCounter(models.Model):
    """The last number given out in a year (FW-2024-0001)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class ServiceActivity(models.Model):
    """A measure for many, from its plan to what came of it. What took place stands in its sessions."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=16, unique=True)
    kind = models.CharField("类型", max_length=16, choices=_choices(ACTIVITY_KIND_LABELS))
    title = models.CharField("名称", max_length=TITLE_LENGTH)
    plan = models.TextField("活动方案", max_length=TEXT_LENGTH, blank=True)
    organiser = models.ForeignKey(Unit, models.PROTECT, related_name="activities", verbose_name="主办单位")
    township = models.ForeignKey(  # null: for the whole district
        Unit, models.PROTECT, null=True, blank=True, related_name="township_activities", verbose_name="镇街"
    )
    planned_on = models.DateField("计划日期")
    budget = models.DecimalField("预算（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=_choices(ACTIVITY_STATE_LABELS), default=ActivityState.PLANNED.value
    )
    summary = models.TextField("活动小结", max_length=TEXT_LENGTH, blank=True)
    cancel_reason = models.TextField("取消原因", max_length=TEXT_LENGTH, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    created_at = models.DateTimeField("建立时间")
    payload_hash = models.CharField(
        max_length=64, editable=False
    )  # of the first payload: same id, other content is refused
    version = models.PositiveIntegerField("版本", default=1)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务活动"
        ordering = ["-planned_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^FW-\d{4}-\d{4,}$"), name="activity_code_shape"),
            models.CheckConstraint(condition=~Q(title=""), name="activity_titled"),
            models.CheckConstraint(condition=Q(kind__in=[str(k) for k in ACTIVITY_KIND_LABELS]), name="activity_kind"),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="activity_budget_not_negative"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["planned", "held"], summary="", cancel_reason=""))
                | (Q(state="done", cancel_reason="") & ~Q(summary=""))
                | (Q(state="cancelled", summary="") & ~Q(cancel_reason="")),
                name="activity_state_with_its_words",
            ),
        ]
        indexes = [
            models.Index(fields=["-planned_on", "-id"], name="activity_list"),
            models.Index(fields=["township", "-planned_on"], name="activity_of_township"),
        ]

    @property
    def may_change(self) -> bool:
        """Whether facts, sessions, enterprises and photos may change."""
        return self.state in CHANGING

    @property
    def took_place(self) -> bool:
        """Whether it is on record that it took place."""
        return self.state in TAKEN_PLACE

    @property
    def place_label(self) -> str:
        """The township, or 全区."""
        return str(self.township) if self.township is not None else "全区"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ActivitySession(models.Model):
    """One time an activity takes place (场次). A session to come has its day and place only."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(ServiceActivity, models.PROTECT, related_name="sessions", verbose_name="服务活动")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=PLACE_LENGTH)
    attendance = models.PositiveIntegerField("参加人次", default=0)
    cost = models.DecimalField("经费（元）", max_digits=12, decimal_places=2, default=Decimal(0))
    leaflets = models.PositiveIntegerField("发放资料（份）", default=0)
    note = models.CharField("说明", max_length=NOTE_LENGTH, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "活动场次"
        ordering = ["held_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="session_cost_not_negative"),
            models.CheckConstraint(condition=~Q(place=""), name="session_has_a_place"),
        ]
        indexes = [
            models.Index(fields=["activity", "held_on"], name="session_of_activity"),
            models.Index(fields=["held_on"], name="session_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.place}"


class ActivityEnterprise(models.Model):
    """An enterprise invited to an activity, and whether it came."""

    activity = models.ForeignKey(ServiceActivity, models.PROTECT, related_name="invited", verbose_name="服务活动")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name="企业")
    attended = models.BooleanField("到场", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "受邀企业"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["activity", "enterprise"], name="invited_once")]


class ActivityPhoto(models.Model):
    """A photo of an activity; read only through its page, by whoever sees the activity then."""

    activity = models.ForeignKey(ServiceActivity, models.PROTECT, related_name="photos", verbose_name="服务活动")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")

    class Meta:
        verbose_name = verbose_name_plural = "活动照片"
        ordering = ["id"]


class ActivityIssue(models.Model):
    """An issue an activity is meant to answer. `answer`: the issue's own step by which it did."""

    activity = models.ForeignKey(ServiceActivity, models.PROTECT, related_name="links", verbose_name="服务活动")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="activity_links", verbose_name="诉求")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="关联人")
    linked_at = models.DateTimeField("关联时间")
    answer = models.OneToOneField(
        IssueEvent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="反馈"
    )

    class Meta:
        verbose_name = verbose_name_plural = "关联诉求"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["activity", "issue"], name="activity_issue_once")]


class ActivityStep(models.Model):
    """What was done with an activity, by whom; append-only (trigger in the migration). Codes and numbers only, no free text."""

    activity = models.ForeignKey(ServiceActivity, models.PROTECT, related_name="steps", verbose_name="服务活动")
    action = models.CharField("步骤", max_length=16)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")
    data = models.JSONField("事实", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "活动过程"
        ordering = ["-id"]
