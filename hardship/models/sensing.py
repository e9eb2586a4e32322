"""Sensing: what a department's sheet said, for a time; the rules that read it; and what it changed about people with a file."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hardship import codes
from hardship.models.files import FileMember, HardshipFile
from hardship.models.sealing import Sealing, bound
from hardship.querysets import OfFileQuerySet
from hardship.sensing.keys import WHO_PURPOSE
from hardship.sensing.rules import Comparison, Rule
from hardship.sensing.sources import SOURCE_CHOICES, TELLING_CHOICES
from unionportal.core.common.sealed_field import SealedField

PROVIDER_LENGTH, LINE_LENGTH = 60, 200


class SensedBatch(Sealing):
    """One sheet a department handed over: why, on what legal basis, by whom brought in, and until when it is kept. The file itself is not kept."""

    class State(models.TextChoices):
        DRAFT = "draft", "待确认"
        TAKEN = "taken", "已导入"
        DISCARDED = "discarded", "已放弃"
        PURGED = "purged", "原始数据已删除"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    source = models.CharField("数据来源", max_length=12, choices=SOURCE_CHOICES)
    provider = models.CharField("提供单位", max_length=PROVIDER_LENGTH)
    purpose = models.CharField("使用目的", max_length=LINE_LENGTH)
    legal_basis = models.CharField("法律依据", max_length=LINE_LENGTH)
    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    headings_sealed = SealedField("表头（加密）", context="headings_context", blank=True)  # JSON
    digest_sealed = SealedField(
        "文件指纹（加密）", context="digest_context", find="digest_find", purpose="hardship.sheet", blank=True
    )
    digest_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    row_count = models.PositiveIntegerField("行数", default=0)
    counts = models.JSONField("结果", default=dict)  # numbers alone
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    uploaded_at = models.DateTimeField("上传时间")
    taken_at = models.DateTimeField("导入时间", null=True)
    purge_on = models.DateField("原始数据删除日期")
    purged_at = models.DateTimeField("实际删除时间", null=True)

    headings_context = bound("headings")
    digest_context = bound("digest")

    class Meta:
        verbose_name = verbose_name_plural = "部门数据"
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(provider="") & ~Q(purpose="") & ~Q(legal_basis=""), name="sensed_batch_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"], taken_at__isnull=True)
                | Q(state__in=["taken", "purged"], taken_at__isnull=False),
                name="sensed_batch_taken_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "taken"], purged_at__isnull=True)
                | Q(state__in=["discarded", "purged"], purged_at__isnull=False, headings_sealed=""),
                name="sensed_batch_purged_at",
            ),
        ]
        indexes = [models.Index(fields=["state", "purge_on"])]

    def __str__(self) -> str:
        return f"{self.get_source_display()}（{self.provider}）"


class SensedRow(Sealing):
    """A row of a sheet, sealed. Of a draft `content` holds the cells, of a taken batch the person and the mapped facts. Gone with the batch's time."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(SensedBatch, models.PROTECT, related_name="rows", verbose_name="批次")
    number = models.PositiveIntegerField("行号")
    content_sealed = SealedField("内容（加密）", context="content_context")  # JSON
    id_sealed = SealedField("身份证号（加密）", context="id_context", find="id_find", purpose="hardship.id", blank=True)
    id_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    who_sealed = SealedField(
        "姓名和单位（加密）", context="who_context", find="who_find", purpose=WHO_PURPOSE, blank=True
    )
    who_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)

    content_context = bound("content")
    id_context = bound("id")
    who_context = bound("who")

    class Meta:
        verbose_name = verbose_name_plural = "部门数据的行"
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="sensed_row_once")]


class SensingMapping(models.Model):
    """Which column is what in the sheets of a source, as last confirmed."""

    source = models.CharField("数据来源", max_length=12, choices=SOURCE_CHOICES, unique=True)
    columns = models.JSONField("列对应", default=dict)  # field -> heading
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "列对应"


class SensingRule(models.Model):
    """A rule in force for some days. It is never rewritten, only ended: leads keep the rule that raised them."""

    source = models.CharField("数据来源", max_length=12, choices=TELLING_CHOICES)
    fact = models.CharField("看哪一项", max_length=12, blank=True)
    comparison = models.CharField("条件", max_length=8, choices=[(each.value, each.label) for each in Comparison])
    value = models.CharField("比较值", max_length=20, blank=True)
    weight = models.PositiveSmallIntegerField("权重（分）")
    cause = models.CharField("致困原因", max_length=2, choices=codes.CAUSES)
    start_on = models.DateField("生效日期")
    end_before = models.DateField("停用日期", null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="制定人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "感知规则"
        ordering = ["source", "cause", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(comparison="listed", fact="", value="")
                | (~Q(comparison="listed") & ~Q(fact="") & ~Q(value="")),
                name="sensing_rule_asks_something",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="sensing_rule_weight"),
            models.CheckConstraint(
                condition=Q(end_before__isnull=True) | Q(end_before__gte=F("start_on")), name="sensing_rule_in_order"
            ),
        ]

    def as_rule(self) -> Rule:
        """The rule as `hardship.sensing.rules` evaluates it."""
        return Rule(
            self.pk,
            self.source,
            self.comparison,
            self.weight,
            self.cause,
            self.fact,
            self.value,
            self.start_on,
            self.end_before,
        )

    def __str__(self) -> str:
        return self.as_rule().words()


class FileSignal(Sealing):
    """A sheet said something new about somebody who has a file. `facts_find`: keyed hash of what it said, to know a change by."""

    class Kind(models.TextChoices):
        NEW = "new", "首次出现"
        CHANGED = "changed", "内容有变"
        GONE = "gone", "不再出现"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="signals", verbose_name="档案")
    member = models.ForeignKey(FileMember, models.PROTECT, related_name="+", verbose_name="成员")
    batch = models.ForeignKey(SensedBatch, models.PROTECT, related_name="signals", verbose_name="批次")
    kind = models.CharField("变化", max_length=7, choices=Kind)
    facts_sealed = SealedField(
        "内容（加密）", context="facts_context", find="facts_find", purpose="hardship.facts", blank=True
    )
    facts_find = models.CharField(max_length=80, blank=True, editable=False)
    noticed_on = models.DateField("发现日期")

    facts_context = bound("facts")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案数据变化"
        ordering = ["-noticed_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["member", "batch"], name="file_signal_once_a_batch")]
        indexes = [models.Index(fields=["file", "-noticed_on"])]
