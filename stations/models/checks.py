"""Checks of stations (自查, 抽查, 验收): a checklist filled in at a station, and the draw that says who is checked without notice."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from stations.care_querysets import SpotTaskQuerySet, StationCheckQuerySet
from stations.models.building import BuildProject
from stations.models.registry import Station
from unionportal.core.files.models import Attachment
from visits.models import ChecklistVersion, ItemAnswer

NOTE_LENGTH, REMARK_LENGTH, SEED_LENGTH = 500, 200, 60


class StationCheck(models.Model):
    """A checklist filled in at a station; it keeps the version it was judged by, also when the checklist has changed since.

    An acceptance belongs to the project that was built, since a new station may not be registered yet.
    """

    class Use(models.TextChoices):
        SELF = "self", "自查"
        SPOT = "spot", "抽查"
        ACCEPTANCE = "acceptance", "验收"

    id = models.UUIDField("编号", primary_key=True, editable=False)  # made by the phone
    use = models.CharField("用途", max_length=10, choices=Use)
    station = models.ForeignKey(Station, models.PROTECT, null=True, related_name="checks", verbose_name="驿站")
    project = models.ForeignKey(
        BuildProject, models.PROTECT, null=True, related_name="acceptances", verbose_name="建设项目"
    )
    checklist_version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="+", verbose_name="检查表版次")
    checked_on = models.DateField("检查日期")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人")
    filed_at = models.DateTimeField("送达时间")
    note = models.CharField("情况说明", max_length=NOTE_LENGTH, blank=True)
    items_judged = models.PositiveSmallIntegerField("已判断的项目")  # findings and what was found in order
    findings = models.PositiveSmallIntegerField("不符合")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审阅人"
    )
    reviewed_at = models.DateTimeField("审阅时间", null=True)
    review_remark = models.CharField("审阅意见", max_length=REMARK_LENGTH, blank=True)
    payload_hash = models.CharField(max_length=64, editable=False)  # of the first payload: same id, other content
    version = models.PositiveIntegerField("版本", default=1)

    objects = StationCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "驿站检查"
        ordering = ["-checked_on", "-filed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(use__in=["self", "spot"], station__isnull=False, project__isnull=True)
                | Q(use="acceptance", project__isnull=False),
                name="check_of_a_station_or_project",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, review_remark="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="check_reviewed_whole",
            ),
            models.CheckConstraint(
                condition=Q(findings__lte=models.F("items_judged")), name="check_findings_among_judged"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "use", "-checked_on"], name="check_of_station"),
            models.Index(fields=["-checked_on", "-id"], name="check_list"),
        ]

    def __str__(self) -> str:
        return f"{self.get_use_display()} {self.checked_on}"


class CheckAnswer(ItemAnswer):
    """An answer of a check; `remark` says what is wrong."""

    check_of = models.ForeignKey(StationCheck, models.CASCADE, related_name="answers", verbose_name="检查")
    remark = models.CharField("说明", max_length=REMARK_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ["item__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "item"], name="check_answer_once"),
            models.CheckConstraint(condition=~Q(value=""), name="check_answer_says_something"),
        ]


class CheckPhoto(models.Model):
    """A photo of a check, under the id the phone gave it; the same picture hangs on a check once."""

    check_of = models.ForeignKey(StationCheck, models.PROTECT, related_name="photos", verbose_name="检查")
    client_id = models.UUIDField("客户端编号", unique=True)
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")
    sent_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "检查照片"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["check_of", "sent_hash"], name="check_photo_once")]


class SpotDraw(models.Model):
    """The draw of a quarter. Everything it was drawn from is kept, so that anybody can repeat it (`stations/drawing.py`)."""

    quarter = models.DateField("季度", unique=True)  # its first day
    seed = models.CharField("种子", max_length=SEED_LENGTH)
    percent = models.PositiveSmallIntegerField("比例（%）")
    pool = models.JSONField("参加抽签的驿站")  # [[code, township's code, [keepers' user names]], …]
    inspectors = models.JSONField("检查人")  # user names
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽签人")
    drawn_at = models.DateTimeField("抽签时间")

    class Meta:
        verbose_name = verbose_name_plural = "抽查抽签"
        ordering = ["-quarter"]
        constraints = [
            models.CheckConstraint(condition=~Q(seed=""), name="draw_has_a_seed"),
            models.CheckConstraint(condition=Q(percent__range=(1, 100)), name="draw_percent"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]), name="draw_quarter_begins"
            ),
        ]


class SpotTask(models.Model):
    """A station to be checked without notice by somebody within the quarter. Whoever is checked learns of it by the check."""

    draw = models.ForeignKey(SpotDraw, models.PROTECT, related_name="tasks", verbose_name="抽签")
    station = models.ForeignKey(Station, models.PROTECT, related_name="spot_tasks", verbose_name="驿站")
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="spot_tasks", verbose_name="检查人"
    )
    due_on = models.DateField("期限")
    done_by = models.OneToOneField(
        StationCheck, models.PROTECT, null=True, related_name="spot_task", verbose_name="检查"
    )

    objects = SpotTaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查任务"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draw", "station"], name="spot_task_once")]
        indexes = [
            models.Index(fields=["inspector", "due_on"], condition=Q(done_by__isnull=True), name="spot_task_open")
        ]
