"""一户一策、一人一策: the measures taken for a household or for one of its members, from a list the district keeps."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from hardship.models.files import FileMember, HardshipFile
from hardship.querysets import OfFileQuerySet

WHAT_LENGTH = 200
RESULT_LENGTH = 500


class MeasureKind(models.Model):
    """One of the district's ways to help (钟管镇's eleven to begin with). Never deleted: measures name it; out of use it is offered no more."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=30, unique=True)
    hint = models.CharField("说明", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField("顺序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "帮扶举措"
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="measure_kind_named")]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """One measure for a household, or for one member of it (the database holds that it is one of the file's): who sees to it, by when, and what
    came of it."""

    class State(models.TextChoices):
        OPEN = "open", "进行中"
        DONE = "done", "已完成"
        DROPPED = "dropped", "已取消"

    class Outcome(models.TextChoices):
        HELPED = "helped", "见效"
        PARTLY = "partly", "部分见效"
        NOT_HELPED = "not_helped", "未见效"

    uuid = models.UUIDField("客户端编号", primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="measures")
    member = models.ForeignKey(
        FileMember, models.PROTECT, null=True, related_name="measures", verbose_name="帮扶对象"
    )  # null: the whole household
    kind = models.ForeignKey(MeasureKind, models.PROTECT, related_name="measures", verbose_name="举措")
    what = models.CharField("具体做法", max_length=WHAT_LENGTH, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="责任人")
    partner = models.CharField("协助单位", max_length=60, blank=True)
    due_on = models.DateField("完成期限")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    outcome = models.CharField("成效", max_length=10, choices=Outcome, blank=True)
    result = models.CharField("结果", max_length=RESULT_LENGTH, blank=True)
    ended_on = models.DateField("结束日期", null=True)
    created_at = models.DateTimeField("制定时间")
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶措施"
        ordering = ["due_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True, outcome="", result="")
                | (Q(state="done", ended_on__isnull=False) & ~Q(outcome="") & ~Q(result=""))
                | (Q(state="dropped", ended_on__isnull=False, outcome="") & ~Q(result="")),
                name="measure_ends_with_a_result",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(state="open"), name="measure_due")]

    @property
    def plan(self) -> str:
        """What it is part of, with the relation of whom it is for and no name: this stands where everybody reads it."""
        return f"一人一策（{self.member.get_relation_display()}）" if self.member else "一户一策"

    def __str__(self) -> str:
        return self.kind.name
