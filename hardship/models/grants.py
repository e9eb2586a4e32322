"""Grants of money: caps, batches from preparation to the bank and back, repayments, the campaigns of the four seasons."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hardship.models.funds import Fund, LedgerEntry
from hardship.money_querysets import BooksQuerySet
from hardship.money_workflow import (
    AID_KIND_LABELS,
    BATCH_LABELS,
    CAMPAIGN_LABELS,
    GRANT_LABELS,
    BatchState,
    GrantState,
    choices,
)
from hardship.querysets import OfFileQuerySet
from unionportal.core.files.models import Attachment


class GrantCap(models.Model):
    """The most of a kind a household may get a year and at a time, from a day on. History is kept; no amount means no cap."""

    kind = models.CharField("帮扶项目", max_length=10, choices=choices(AID_KIND_LABELS))
    category = models.CharField("困难类别", max_length=12, blank=True)  # "" is every category without a row of its own
    yearly = models.DecimalField("年度上限", null=True, max_digits=14, decimal_places=2)
    once = models.DecimalField("单次上限", null=True, max_digits=14, decimal_places=2)
    effective_on = models.DateField("生效日期")
    basis = models.CharField("依据", max_length=120, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="设置人"
    )
    set_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = verbose_name_plural = "帮扶上限"
        ordering = ["kind", "category", "-effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "category", "effective_on"], name="grant_cap_once_a_day"),
            models.CheckConstraint(
                condition=(Q(yearly__isnull=True) | Q(yearly__gte=0)) & (Q(once__isnull=True) | Q(once__gte=0)),
                name="grant_cap_not_negative",
            ),
        ]


class CapUse(models.Model):
    """What of a kind was approved for a household in a year, and the cap it was last held against."""

    file = models.ForeignKey("hardship.HardshipFile", models.PROTECT, related_name="cap_uses", verbose_name="档案")
    kind = models.CharField("帮扶项目", max_length=10, choices=choices(AID_KIND_LABELS))
    year = models.PositiveSmallIntegerField("年度")
    limit = models.DecimalField("年度上限", null=True, max_digits=14, decimal_places=2)
    used = models.DecimalField("已批", default=0, max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "上限使用"
        constraints = [
            models.UniqueConstraint(fields=["file", "kind", "year"], name="cap_use_once"),
            models.CheckConstraint(
                condition=Q(used__gte=0) & (Q(limit__isnull=True) | Q(used__lte=F("limit"))),
                name="cap_use_within_limit",
            ),
        ]


class Campaign(models.Model):
    """One campaign of the four seasons in a year, with the list of those it means to reach."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("活动", max_length=10, choices=choices(CAMPAIGN_LABELS))
    year = models.PositiveSmallIntegerField("年度")
    start_on = models.DateField("起始日期")
    end_on = models.DateField("截止日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    objects = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "四季帮扶"
        ordering = ["-start_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "year"], name="campaign_once_a_year"),
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")) & ~Q(name=""), name="campaign_period"),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignTarget(models.Model):
    """Somebody a campaign means to reach, with the amount meant for them."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="targets", verbose_name="活动")
    file = models.ForeignKey("hardship.HardshipFile", models.PROTECT, related_name="+", verbose_name="档案")
    member = models.ForeignKey("hardship.FileMember", models.PROTECT, related_name="+", verbose_name="受益人")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "活动对象"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "member"], name="campaign_target_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="campaign_target_amount"),
        ]


class BatchCounter(models.Model):
    """The last number given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class GrantBatch(models.Model):
    """Grants of one kind from one fund that are prepared, checked, approved and paid together; three different people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=20, unique=True)
    title = models.CharField("名称", max_length=60)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="batches", verbose_name="资金")
    kind = models.CharField("帮扶项目", max_length=10, choices=choices(AID_KIND_LABELS))
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="batches", verbose_name="四季帮扶"
    )
    state = models.CharField("状态", max_length=10, choices=choices(BATCH_LABELS), default=BatchState.DRAFT.value)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    prepared_at = models.DateTimeField("编制时间")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    checked_at = models.DateTimeField("复核时间", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    approved_at = models.DateTimeField("审批时间", null=True)
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发放批次"
        ordering = ["-prepared_at", "-id"]
        indexes = [models.Index(fields=["-prepared_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("prepared_by")))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")) & ~Q(approved_by=F("checked_by"))),
                name="batch_by_different_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "cancelled"], checked_by__isnull=True)
                | Q(state="checked", checked_by__isnull=False, approved_by__isnull=True)
                | Q(state__in=["approved", "sent", "settled"], checked_by__isnull=False, approved_by__isnull=False),
                name="batch_state_has_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Grant(models.Model):
    """Money for one person of a household. Taken off a batch it stays, as withdrawn."""

    class Failure(models.TextChoices):
        ACCOUNT = "account", "账号有误"
        NAME = "name", "户名不符"
        CLOSED = "closed", "账户已销户或冻结"
        OTHER = "other", "其他"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(GrantBatch, models.PROTECT, related_name="grants", verbose_name="发放批次")
    seq = models.PositiveIntegerField("序号")
    file = models.ForeignKey("hardship.HardshipFile", models.PROTECT, related_name="grants", verbose_name="档案")
    member = models.ForeignKey("hardship.FileMember", models.PROTECT, related_name="grants", verbose_name="受益人")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    state = models.CharField("状态", max_length=10, choices=choices(GRANT_LABELS), default=GrantState.PLANNED.value)
    cap_year = models.PositiveSmallIntegerField("计入年度", null=True)
    paid_on = models.DateField("发放日期", null=True)
    failure = models.CharField("失败原因", max_length=10, choices=Failure, blank=True)
    repaid = models.DecimalField("已退回", default=0, max_digits=14, decimal_places=2)

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发放"
        ordering = ["batch", "seq"]
        indexes = [models.Index(fields=["file", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["batch", "seq"], name="grant_seq_once"),
            models.UniqueConstraint(
                fields=["batch", "member"], condition=~Q(state="withdrawn"), name="grant_member_once_a_batch"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_amount"),
            models.CheckConstraint(
                condition=Q(repaid=0) | Q(state="paid", repaid__gt=0, repaid__lte=F("amount")), name="grant_repaid"
            ),
            models.CheckConstraint(
                condition=Q(state="paid", paid_on__isnull=False, failure="")
                | (Q(state="failed", paid_on__isnull=True) & ~Q(failure=""))
                | Q(state__in=["planned", "approved", "withdrawn"], paid_on__isnull=True, failure=""),
                name="grant_state_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "withdrawn"]) | Q(cap_year__isnull=False),
                name="grant_counted_in_year",
            ),
        ]

    @property
    def serial(self) -> str:
        """How the bank sheet and the bank's result name this row."""
        return f"{self.batch.code}-{self.seq:03d}"

    @property
    def version(self) -> int:
        """That of its batch: whoever changes a grant changes the batch."""
        return self.batch.version


class BatchStep(models.Model):
    """The log of a batch: append-only, codes only."""

    batch = models.ForeignKey(GrantBatch, models.PROTECT, related_name="steps")
    action = models.CharField("步骤", max_length=12)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "批次步骤"
        ordering = ["id"]


class BankReturn(models.Model):
    """A result file of the bank that was read in, told apart by its content; the file itself is not kept."""

    batch = models.ForeignKey(GrantBatch, models.PROTECT, related_name="returns", verbose_name="发放批次")
    sha256 = models.CharField("指纹", max_length=64, unique=True)
    paid = models.PositiveIntegerField("成功笔数")
    failed = models.PositiveIntegerField("失败笔数")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="读入人")
    read_at = models.DateTimeField("读入时间")

    class Meta:
        verbose_name = verbose_name_plural = "银行回盘"
        ordering = ["id"]


class GrantReceipt(models.Model):
    """That the money arrived, as whoever got it says."""

    class Way(models.TextChoices):
        SIGNED = "signed", "本人签收"
        FAMILY = "family", "家属代签"
        PHONE = "phone", "电话确认"

    grant = models.OneToOneField(Grant, models.PROTECT, related_name="receipt", verbose_name="发放")
    received_on = models.DateField("签收日期")
    way = models.CharField("签收方式", max_length=8, choices=Way)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name="签收单")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "签收"


class Repayment(models.Model):
    """Money of a grant that came back into its fund."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="repayments", verbose_name="发放")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    reason = models.CharField("原因", max_length=200)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="repayment", verbose_name="凭证")

    class Meta:
        verbose_name = verbose_name_plural = "退款"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="repayment_amount")]
