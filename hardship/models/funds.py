"""Aid funds and the double-entry ledger behind them. Lines are the truth; a balance is their sum, kept by the database itself."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hardship.money_querysets import BooksQuerySet


class Fund(models.Model):
    """Money of one source for one period. `budget` is the most that may come in; what is in it, is in its accounts."""

    class Source(models.TextChoices):
        CENTRAL = "central", "中央"
        PROVINCE = "province", "省"
        CITY = "city", "市"
        DISTRICT = "district", "区"
        OWN = "own", "本级"

    class Purpose(models.TextChoices):
        AID = "aid", "帮扶资金"
        SERVICES = "services", "便民服务"

    class State(models.TextChoices):
        OPEN = "open", "使用中"
        CLOSED = "closed", "已结束"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("名称", max_length=60, unique=True)
    source = models.CharField("来源", max_length=10, choices=Source)
    purpose = models.CharField("用途", max_length=10, choices=Purpose, default=Purpose.AID)
    budget = models.DecimalField("预算", max_digits=14, decimal_places=2)
    start_on = models.DateField("起始日期")
    end_on = models.DateField("截止日期")
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    closed_on = models.DateField("结束日期", null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设立人")
    version = models.PositiveIntegerField("版本", default=1)

    objects = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "帮扶资金"
        ordering = ["state", "-start_on", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(end_on__gte=F("start_on")) & ~Q(name=""), name="fund_period"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="fund_budget"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="fund_closed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LedgerAccount(models.Model):
    """One of the four accounts of a fund. Debits count up, credits down; what comes in from outside stands against `source`."""

    class Kind(models.TextChoices):
        SOURCE = "source", "拨入"
        AVAILABLE = "available", "可用"
        RESERVED = "reserved", "已批待付"
        SPENT = "spent", "已支出"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts", verbose_name="资金")
    kind = models.CharField("科目", max_length=10, choices=Kind)
    balance = models.DecimalField("余额", default=0, max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "科目"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "kind"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=Q(kind="source", balance__lte=0) | (~Q(kind="source") & Q(balance__gte=0)),
                name="ledger_account_never_below_zero",
            ),
        ]


class LedgerEntry(models.Model):
    """One posting, whole or not at all: its lines add up to zero and its debits to `amount`. Never changed; a wrong one is reversed."""

    class Kind(models.TextChoices):
        ALLOT = "allot", "拨入"
        TAKE_BACK = "take_back", "收回"
        RESERVE = "reserve", "批准"
        RELEASE = "release", "释放"
        PAY = "pay", "支出"
        REPAY = "repay", "退回"
        REVERSE = "reverse", "冲正"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries", verbose_name="资金")
    kind = models.CharField("事项", max_length=10, choices=Kind)
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    happened_on = models.DateField("日期")
    batch = models.ForeignKey(
        "hardship.GrantBatch", models.PROTECT, null=True, related_name="entries", verbose_name="发放批次"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="所冲正的凭证"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("记账时间")

    objects = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "凭证"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_entry_amount"),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses__isnull=True)),
                name="ledger_reversal_names_entry",
            ),
        ]
        indexes = [models.Index(fields=["fund", "-id"])]


class LedgerLine(models.Model):
    """One side of an entry on one account; positive is a debit. Says which grant or order it is for."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="lines", verbose_name="凭证")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="lines", verbose_name="科目")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2)
    grant = models.ForeignKey("hardship.Grant", models.PROTECT, null=True, related_name="lines", verbose_name="发放")
    order = models.ForeignKey(
        "hardship.ServiceOrder", models.PROTECT, null=True, related_name="lines", verbose_name="服务单"
    )

    class Meta:
        verbose_name = verbose_name_plural = "分录"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_amount"),
            models.CheckConstraint(
                condition=Q(grant__isnull=True) | Q(order__isnull=True), name="ledger_line_one_subject"
            ),
        ]
        indexes = [models.Index(fields=["account", "-id"])]


class ReversalReason(models.Model):
    """Why an entry was reversed: free text, kept outside the ledger."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="reason", verbose_name="凭证")
    text = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "冲正原因"
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reversal_reason_given")]
