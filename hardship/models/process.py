"""Where a file stands on its way, what happened to it, and the words of those who had a say."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from hardship.models.files import HardshipFile
from hardship.models.sealing import Sealing
from hardship.process import LEVEL_LABELS, ORDER_LABELS, ORDER_WORDS, STANDS_IN, Step
from hardship.process_querysets import ProcessQuerySet
from hardship.querysets import OfFileQuerySet
from unionportal.core.common import clock
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.files.models import Attachment
from unionportal.core.params.values import word

OPINION_LENGTH = 1000


class FileProcess(models.Model):
    """The clock of a file. `order` is the one in force on the day of the application; a change of the parameter leaves files under way alone.

    `round`: 1, and one more for every application anew. `awaits`: the step that is due (a code of `process.Step`, "renew" for a file in force).
    """

    file = models.OneToOneField(HardshipFile, models.PROTECT, primary_key=True, related_name="process")
    order = models.CharField(
        "步骤顺序", max_length=14, choices=[(str(code), label) for code, label in ORDER_LABELS.items()]
    )
    round = models.PositiveSmallIntegerField("第几次申请", default=1)
    applied_on = models.DateField("申请日期")
    awaits = models.CharField("下一步", max_length=10, blank=True)
    due_on = models.DateField("期限", null=True)
    due_is_provisional = models.BooleanField("期限暂定", default=False)
    in_force_on = models.DateField("建档日期", null=True)
    renewed_on = models.DateField("最近复核", null=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理进度"
        constraints = [
            models.CheckConstraint(condition=Q(round__gte=1), name="process_round_from_one"),
            models.CheckConstraint(
                condition=Q(awaits="", due_on__isnull=True) | (~Q(awaits="") & Q(due_on__isnull=False)),
                name="process_waits_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(in_force_on__isnull=True) | Q(in_force_on__gte=F("applied_on")),
                name="process_in_force_after_application",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=~Q(awaits=""), name="process_due")]

    @cached_property
    def lacks_reviewer(self) -> bool:
        """Whether the township's review is due and nobody of its own may make it; asked once for a page with all its buttons."""
        return self.awaits == Step.REVIEW and FileProcess.objects.filter(pk=self.pk).without_reviewer().exists()


class FileOpinion(models.Model):
    """What somebody wrote with a step, apart from the log so that it can be redacted."""

    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="opinions")
    text = models.TextField("意见", max_length=OPINION_LENGTH)
    redacted_at = models.DateTimeField("删改时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "意见"


class FileStep(models.Model):
    """One step, append-only: what, who, at which of the three levels, on which day. Ids, codes and counts only."""

    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField("序号")
    round = models.PositiveSmallIntegerField("第几次申请")
    action = models.CharField("动作", max_length=12)  # words: process.ACTION_LABELS
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    level = models.CharField("层级", max_length=8, choices=[(str(code), label) for code, label in LEVEL_LABELS.items()])
    actor = models.ForeignKey(  # null: the portal itself, when a list has run its days
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    opinion = models.OneToOneField(FileOpinion, models.PROTECT, null=True, related_name="step")
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("记录时间")
    data = models.JSONField("要点", default=dict)

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理过程"
        ordering = ["file", "seq"]
        constraints = [models.UniqueConstraint(fields=["file", "seq"], name="file_step_once")]
        indexes = [models.Index(fields=["happened_on", "to_state"], name="file_step_day")]

    @property
    def stands_in(self) -> bool:
        """Whether an officer of a unit above took it for the township (代为复核)."""
        return STANDS_IN in self.data


class HomeSurvey(Sealing):
    """入户调查: what two people saw at the household. What they wrote is sealed: it tells of illness and means."""

    class Living(models.TextChoices):
        HERE = "here", "常住"
        PARTLY = "partly", "时常不在"
        ELSEWHERE = "elsewhere", "不在此居住"

    class Match(models.TextChoices):
        SAME = "same", "与申报一致"
        DIFFERS = "differs", "与申报有出入"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="surveys")
    step = models.OneToOneField(FileStep, models.PROTECT, related_name="survey")
    surveyed_on = models.DateField("调查日期")
    surveyor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="调查人")
    second_surveyor = models.CharField("另一名调查人", max_length=30)
    living = models.CharField("居住情况", max_length=10, choices=Living)
    people_home = models.PositiveSmallIntegerField("实际居住人数")
    income_match = models.CharField("收入情况", max_length=8, choices=Match)
    housing_match = models.CharField("住房情况", max_length=8, choices=Match)
    has_car = models.BooleanField("有经常使用的机动车", default=False)
    findings_sealed = SealedField("调查情况（加密）", context="findings_context", blank=True)
    redacted_at = models.DateTimeField("删改时间", null=True)

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "入户调查"
        ordering = ["-surveyed_on", "-step"]
        constraints = [
            models.CheckConstraint(condition=~Q(second_surveyor=""), name="survey_has_two_surveyors"),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True) & ~Q(findings_sealed="")
                | Q(redacted_at__isnull=False, findings_sealed=""),
                name="survey_has_findings",
            ),
        ]

    @property
    def findings_context(self) -> str:
        """What the sealed words are bound to."""
        return f"hardship.survey.findings:{self.uuid}"


class SurveyPhoto(models.Model):
    """A picture taken at the household; reachable only through the file."""

    survey = models.ForeignKey(HomeSurvey, models.PROTECT, related_name="photos")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


def process_of(file: HardshipFile) -> FileProcess:
    """Where the file stands; for a draft nobody has sent in yet, a row that is not saved: under the order in force today."""
    try:
        return file.process  # read once for a file, however often a page asks
    except FileProcess.DoesNotExist:
        return FileProcess(file=file, order=order_in_force(clock.today()), applied_on=clock.today())


def order_in_force(day: date) -> str:
    """The order of the steps for an application of a day."""
    return ORDER_WORDS[word("hardship.order", on=day)]
