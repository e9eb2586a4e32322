"""便民服务: services ordered by telephone, paid by the union out of a yearly allowance a person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hardship.models.funds import Fund
from hardship.models.sealing import Sealing, bound
from hardship.money_querysets import BooksQuerySet
from hardship.money_workflow import ORDER_LABELS, OrderState, choices
from hardship.querysets import OfFileQuerySet
from unionportal.core.common.sealed_field import SealedField


class ServiceKind(models.Model):
    """One of the services that can be ordered. Editable; the first eighteen come with the portal."""

    code = models.SlugField("代码", max_length=20, primary_key=True)
    name = models.CharField("服务", max_length=20, unique=True)
    position = models.PositiveSmallIntegerField("顺序", default=0)
    is_offered = models.BooleanField("可预订", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "便民服务项目"
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name


class Provider(models.Model):
    """A firm or workshop that does the services."""

    name = models.CharField("服务单位", max_length=40, unique=True)
    is_active = models.BooleanField("合作中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "服务单位"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ServicePrice(models.Model):
    """What a provider takes for a service from a day on. History is kept."""

    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="prices", verbose_name="服务")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="prices", verbose_name="服务单位")
    price = models.DecimalField("单价", max_digits=14, decimal_places=2)
    effective_on = models.DateField("生效日期")

    class Meta:
        verbose_name = verbose_name_plural = "服务价格"
        ordering = ["service", "provider", "-effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["service", "provider", "effective_on"], name="service_price_once_a_day"),
            models.CheckConstraint(condition=Q(price__gt=0), name="service_price_amount"),
        ]


class Allowance(models.Model):
    """What one worker ordered in a year, and the allowance it was last held against. Orders not yet settled count."""

    file = models.ForeignKey("hardship.HardshipFile", models.PROTECT, related_name="allowances", verbose_name="档案")
    year = models.PositiveSmallIntegerField("年度")
    limit = models.DecimalField("年度额度", max_digits=14, decimal_places=2)
    used = models.DecimalField("已用", default=0, max_digits=14, decimal_places=2)

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "便民服务额度"
        constraints = [
            models.UniqueConstraint(fields=["file", "year"], name="allowance_once_a_year"),
            models.CheckConstraint(condition=Q(used__gte=0, used__lte=F("limit")), name="allowance_never_overspent"),
        ]


class OrderCounter(models.Model):
    """The last number given out in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class ServiceOrder(Sealing):
    """One service for one worker, from the call to the settlement. What is wanted may name people and places, so it is sealed."""

    class Satisfaction(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY = "basically", "基本满意"
        DISSATISFIED = "dissatisfied", "不满意"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=20, unique=True)
    file = models.ForeignKey("hardship.HardshipFile", models.PROTECT, related_name="orders", verbose_name="档案")
    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="orders", verbose_name="服务")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="orders", verbose_name="服务单位")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="orders", verbose_name="资金")
    year = models.PositiveSmallIntegerField("额度年度")
    held = models.DecimalField("占用额度", max_digits=14, decimal_places=2)
    state = models.CharField("状态", max_length=10, choices=choices(ORDER_LABELS), default=OrderState.ORDERED.value)
    detail_sealed = SealedField("需求（加密）", context="detail_context", blank=True)
    wanted_on = models.DateField("希望日期")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="接单人")
    ordered_at = models.DateTimeField("接单时间")
    done_on = models.DateField("服务日期", null=True)
    satisfaction = models.CharField("职工评价", max_length=12, choices=Satisfaction, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    settled_on = models.DateField("结算日期", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="结算人"
    )
    version = models.PositiveIntegerField("版本", default=1)

    detail_context = bound("detail")

    objects = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务单"
        ordering = ["-ordered_at", "-id"]
        indexes = [models.Index(fields=["-ordered_at", "-id"]), models.Index(fields=["file", "-id"])]
        constraints = [
            models.CheckConstraint(condition=Q(held__gt=0), name="order_amount"),
            models.CheckConstraint(
                condition=(Q(state__in=["confirmed", "settled"], done_on__isnull=False, confirmed_by__isnull=False))
                & ~Q(satisfaction="")
                | Q(state__in=["ordered", "dispatched", "cancelled"], done_on__isnull=True, satisfaction=""),
                name="order_confirmed_has_facts",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_on__isnull=False, settled_by__isnull=False)
                | (~Q(state="settled") & Q(settled_on__isnull=True, settled_by__isnull=True)),
                name="order_settled_has_facts",
            ),
        ]
