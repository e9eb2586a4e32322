"""Long work a person asked for: a list to be written to a file, a workbook to be brought in. The row is the queue's truth; the broker only nudges."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from unionportal.core.jobs.querysets import JobQuerySet

FINISHED = ("done", "failed", "cancelled")


class Job(models.Model):
    """One export or import. Runs with its owner's rights as they are when it runs.

    `attempt` counts the times a worker took it in hand, and tells the worker that has it now from one that lost it. `beat_at` is its last sign of
    life in real time: when it was enqueued, or when the worker last said how far it is.
    """

    class Way(models.TextChoices):
        EXPORT = "export", "导出"
        IMPORT = "import", "导入"

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未成功"
        CANCELLED = "cancelled", "已取消"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField("方向", max_length=6, choices=Way)
    kind = models.CharField("种类", max_length=20)
    format = models.CharField("格式", max_length=4, choices=Format)
    params = models.JSONField("筛选", default=dict)
    conditions = models.JSONField("筛选条件", default=list)  # the same in words: [[label, value]]
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    state = models.CharField("状态", max_length=9, choices=State, default=State.QUEUED)
    asked_at = models.DateTimeField("申请时间")
    finished_at = models.DateTimeField("结束时间", null=True)
    beat_at = models.DateTimeField("最近活动", default=timezone.now)
    attempt = models.PositiveSmallIntegerField("第几次执行", default=0)
    total = models.PositiveIntegerField("总行数", default=0)
    done = models.PositiveIntegerField("已处理行数", default=0)
    error = models.CharField("原因", max_length=300, blank=True)
    result = models.FileField("结果文件", blank=True)
    result_name = models.CharField("结果文件名", max_length=120, blank=True)
    result_size = models.PositiveBigIntegerField("结果大小（字节）", default=0)
    reach = models.JSONField("执行时的查看范围", default=dict)
    # Of imports alone.
    dry_run = models.BooleanField("只检查", default=False)
    check_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="written_by", verbose_name="先前的检查"
    )
    source = models.FileField("上传的文件", blank=True)
    source_name = models.CharField("文件名", max_length=120, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField("结果", default=dict)
    problems = models.JSONField("问题", default=list)
    problem_count = models.PositiveIntegerField("问题数", default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入导出任务"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=FINISHED, finished_at__isnull=False),
                name="job_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(way="export", dry_run=False, check_of__isnull=True, source_name="")
                | (Q(way="import") & ~Q(source_name="")),
                name="job_import_has_source",
            ),
            models.CheckConstraint(
                condition=Q(check_of__isnull=True) | Q(dry_run=False), name="job_check_is_not_checked"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(error=""), name="job_failure_says_why"),
        ]
        indexes = [
            models.Index(fields=["owner", "way", "-asked_at", "-id"]),
            models.Index(fields=["beat_at"], condition=Q(state__in=["queued", "running"]), name="job_unfinished"),
            models.Index(fields=["beat_at"], condition=~Q(result="") | ~Q(source=""), name="job_with_files"),
        ]

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def progress(self) -> int:
        """0 to 100; 100 only when it is done."""
        if self.state == self.State.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.kind}"


class JobDownload(models.Model):
    """Who fetched a result and when. Append-only."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="downloads", verbose_name="任务")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下载人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "下载记录"
        ordering = ["-at", "-id"]
