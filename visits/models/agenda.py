"""What a meeting talks about, what it decided, and the tasks that follow."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models import Issue
from unionportal.core.orgs.models import Enterprise, Unit
from visits.meeting_querysets import MeetingTaskQuerySet
from visits.models.meetings import Meeting

TOPIC_LENGTH = 100
FACTS_LENGTH = 200
DECISION_LENGTH = 2000
MINUTE_LENGTH = 4000
TASK_LENGTH = 400
REPORT_LENGTH = 2000

_NO_ISSUE = Q(issue__isnull=True)
_NO_ENTERPRISE = Q(enterprise__isnull=True)
_NO_CADRE = Q(cadre__isnull=True)
_NO_TASK = Q(task__isnull=True)


class AgendaItem(models.Model):
    """One item (议题). Assembled from rows, or put there by hand; `facts` say how it stood when the agenda was last assembled."""

    class Kind(models.TextChoices):
        TASK = "task", "上次任务"
        OVERDUE = "overdue", "逾期诉求"
        CONSULTATION = "consultation", "提请会诊"
        OPEN = "open", "在办诉求"
        COVERAGE = "coverage", "走访空白"
        RESULT = "result", "办理成果"
        TOPIC = "topic", "其他议题"

    class State(models.TextChoices):
        OPEN = "open", "待议"
        DEALT = "dealt", "已议"
        CARRIED = "carried", "下次再议"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name="会议")
    kind = models.CharField("类型", max_length=12, choices=Kind)
    position = models.PositiveIntegerField("次序")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="agenda_items", verbose_name="诉求")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+", verbose_name="企业")
    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="驻联干部"
    )
    task = models.ForeignKey("MeetingTask", models.PROTECT, null=True, related_name="heard_items", verbose_name="任务")
    topic = models.CharField("议题", max_length=TOPIC_LENGTH, blank=True)
    facts = models.CharField("情况", max_length=FACTS_LENGTH, blank=True)
    by_hand = models.BooleanField("人工列入", default=False)
    dropped = models.BooleanField("不议", default=False)  # stays, so that assembling anew does not bring it back
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    decision = models.TextField("议定事项", max_length=DECISION_LENGTH, blank=True)
    minute = models.TextField("会议记录", max_length=MINUTE_LENGTH, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )
    recorded_at = models.DateTimeField("记录时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "议题"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["overdue", "consultation", "open", "result"], issue__isnull=False, topic="")
                    & _NO_ENTERPRISE
                    & _NO_CADRE
                    & _NO_TASK
                )
                | (
                    Q(kind="coverage", topic="")
                    & (Q(enterprise__isnull=False) & _NO_CADRE | Q(cadre__isnull=False) & _NO_ENTERPRISE)
                    & _NO_ISSUE
                    & _NO_TASK
                )
                | (Q(kind="task", task__isnull=False, topic="") & _NO_ISSUE & _NO_ENTERPRISE & _NO_CADRE)
                | (Q(kind="topic") & ~Q(topic="") & _NO_ISSUE & _NO_ENTERPRISE & _NO_CADRE & _NO_TASK),
                name="agenda_item_one_subject",
            ),
            models.UniqueConstraint(
                fields=["meeting", "issue"], condition=Q(issue__isnull=False), name="agenda_issue_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "enterprise"],
                condition=Q(enterprise__isnull=False),
                name="agenda_enterprise_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "cadre"], condition=Q(cadre__isnull=False), name="agenda_cadre_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "task"], condition=Q(task__isnull=False), name="agenda_task_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", recorded_by__isnull=True, recorded_at__isnull=True, decision="", minute="")
                | Q(state__in=["dealt", "carried"], recorded_by__isnull=False, recorded_at__isnull=False),
                name="agenda_item_recorded",
            ),
            models.CheckConstraint(condition=Q(dropped=False) | Q(state="open"), name="agenda_dropped_not_dealt_with"),
        ]
        indexes = [models.Index(fields=["meeting", "position", "id"])]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"


class MeetingTask(models.Model):
    """What somebody undertook in a meeting (会议任务), heard of at a later one as done or not done. The id is the client's."""

    class State(models.TextChoices):
        OPEN = "open", "未完成"
        DONE = "done", "已完成"
        NOT_DONE = "not_done", "没有完成"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="given_tasks", verbose_name="议题")
    what = models.CharField("任务", max_length=TASK_LENGTH)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="责任人"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="责任单位")
    given_on = models.DateField("交办日期")
    due_on = models.DateField("完成期限")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交办人")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    report = models.TextField("完成情况", max_length=REPORT_LENGTH, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报告人"
    )
    reported_at = models.DateTimeField("报告时间", null=True)
    heard_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, related_name="heard_tasks", verbose_name="通报会议"
    )

    objects = MeetingTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会议任务"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="meeting_task_says_what"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                name="meeting_task_person_or_unit",
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("given_on")), name="meeting_task_due_after_given"),
            models.CheckConstraint(
                condition=Q(
                    state="open",
                    report="",
                    reported_by__isnull=True,
                    reported_at__isnull=True,
                    heard_in__isnull=True,
                )
                | (
                    Q(state__in=["done", "not_done"], reported_by__isnull=False, reported_at__isnull=False)
                    & ~Q(report="")
                ),
                name="meeting_task_ended_has_report",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"]),
            models.Index(
                fields=["person", "due_on"],
                condition=Q(state="open", person__isnull=False),
                name="meeting_task_of_person",
            ),
            models.Index(
                fields=["unit", "due_on"], condition=Q(state="open", unit__isnull=False), name="meeting_task_of_unit"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def owner(self) -> str:
        """Who has to do it, in words."""
        return str(self.person or self.unit)

    def __str__(self) -> str:
        return self.what[:40]
