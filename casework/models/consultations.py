"""Consultations (会诊): units and outside bodies joined to one issue, an opinion of each, a decision, and tasks that are followed to their end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models.issues import Issue
from casework.querysets import OfIssueQuerySet
from unionportal.core.orgs.models import Unit

PURPOSE_LENGTH = 4000
BODY_LENGTH = 60
TASK_LENGTH = 400


class Consultation(models.Model):
    """One round of asking others about an issue. At most one is open an issue."""

    class State(models.TextChoices):
        OPEN = "open", "会诊中"
        CONCLUDED = "concluded", "已形成意见"

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="consultations", verbose_name="诉求")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    purpose = models.TextField("会诊事项", max_length=PURPOSE_LENGTH)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    called_at = models.DateTimeField("发起时间")
    due_on = models.DateField("意见期限")
    decision = models.TextField("会诊决定", max_length=PURPOSE_LENGTH, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="结束人"
    )
    concluded_at = models.DateTimeField("结束时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会诊"
        ordering = ["-called_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["issue"], condition=Q(state="open"), name="consultation_one_open"),
            models.CheckConstraint(
                condition=Q(state="open", decision="", concluded_by__isnull=True, concluded_at__isnull=True)
                | (
                    Q(
                        state="concluded",
                        concluded_by__isnull=False,
                        concluded_at__isnull=False,
                        concluded_at__gte=F("called_at"),
                    )
                    & ~Q(decision="")
                ),
                name="consultation_concluded_has_decision",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def __str__(self) -> str:
        return f"{self.issue} 会诊"


class ConsultationParty(models.Model):
    """Who was asked: a unit of the portal, or a body outside it by its name; with its one opinion."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="parties", verbose_name="会诊")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    body = models.CharField("外部单位", max_length=BODY_LENGTH, blank=True)
    opinion = models.TextField("意见", max_length=PURPOSE_LENGTH, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="填写人"
    )
    given_at = models.DateTimeField("填写时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "会诊单位"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, body="") | (Q(unit__isnull=True) & ~Q(body="")),
                name="party_unit_or_body",
            ),
            models.UniqueConstraint(
                fields=["consultation", "unit"], condition=Q(unit__isnull=False), name="party_unit_once"
            ),
            models.UniqueConstraint(fields=["consultation", "body"], condition=~Q(body=""), name="party_body_once"),
            models.CheckConstraint(
                condition=Q(opinion="", given_by__isnull=True, given_at__isnull=True)
                | (~Q(opinion="") & Q(given_by__isnull=False, given_at__isnull=False)),
                name="party_opinion_has_giver",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit) if self.unit_id else self.body


class ConsultationTask(models.Model):
    """What a unit undertook. An issue with open tasks cannot be closed."""

    class State(models.TextChoices):
        OPEN = "open", "未完成"
        DONE = "done", "已完成"
        DROPPED = "dropped", "已取消"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="tasks", verbose_name="会诊")
    what = models.CharField("任务", max_length=TASK_LENGTH)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="责任单位")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="责任人"
    )
    due_on = models.DateField("完成期限")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    result = models.TextField("结果", max_length=PURPOSE_LENGTH, blank=True)  # why it was dropped, if it was
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交办人")
    set_at = models.DateTimeField("交办时间")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="填写人"
    )
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "会诊任务"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="task_says_what"),
            models.CheckConstraint(
                condition=Q(state="open", result="", ended_by__isnull=True, ended_at__isnull=True)
                | (Q(state__in=["done", "dropped"], ended_by__isnull=False, ended_at__isnull=False) & ~Q(result="")),
                name="task_ended_has_result",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_on"], condition=Q(state="open"), name="task_open_of_unit"),
            models.Index(fields=["consultation", "state"]),
        ]

    def __str__(self) -> str:
        return self.what[:30]
