"""What is kept of an enterprise beside its facts: contacts, risk marks, collective contracts, mutual aid."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from unionportal.core.common.sealed_field import SealedField
from unionportal.core.orgs.models.register import Enterprise

NAME_LENGTH = 30
WORDS_LENGTH = 200


class EnterpriseContact(models.Model):
    """Somebody at the enterprise. The number is sealed; of a contact taken out only the name stays, for whoever reads why it was looked up."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="contacts", verbose_name="企业")
    name = models.CharField("姓名", max_length=NAME_LENGTH)
    post = models.CharField("职务", max_length=NAME_LENGTH, blank=True)
    phone_sealed = SealedField("电话（加密）", context="phone_context", blank=True)
    removed_at = models.DateTimeField("删除时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "企业联系人"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="enterprise_contact_named"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(phone_sealed=""),
                name="enterprise_contact_removed_has_no_phone",
            ),
        ]

    @property
    def phone_context(self) -> str:
        """What the sealed phone is bound to."""
        return f"orgs.enterprise_contact.phone:{self.uuid}"

    def __str__(self) -> str:
        return self.name


class ContactReveal(models.Model):
    """Somebody read a contact's number, and why. The audit trail names the act, this table keeps the words."""

    contact = models.ForeignKey(EnterpriseContact, models.PROTECT, related_name="reveals")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    reason = models.CharField("查看理由", max_length=WORDS_LENGTH)
    at = models.DateTimeField("查看时间")


class RiskMark(models.Model):
    """A warning on an enterprise: what about, how bad, who said so and why; later who lifted it and why. One of a kind stands at a time."""

    class Kind(models.TextChoices):
        ARREARS = "arrears", "欠薪"
        SAFETY = "safety", "安全"
        LABOUR = "labour", "用工"

    class Level(models.TextChoices):
        WATCH = "watch", "关注"
        HIGH = "high", "较重"
        SEVERE = "severe", "严重"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="risk_marks", verbose_name="企业")
    kind = models.CharField("风险", max_length=8, choices=Kind)
    level = models.CharField("程度", max_length=6, choices=Level)
    reason = models.CharField("标记理由", max_length=WORDS_LENGTH)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="标记人")
    set_at = models.DateTimeField("标记时间")
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="解除人"
    )
    lifted_at = models.DateTimeField("解除时间", null=True)
    lift_reason = models.CharField("解除理由", max_length=WORDS_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "风险标记"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind"], condition=Q(lifted_at__isnull=True), name="risk_mark_one_standing"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="risk_mark_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="risk_mark_lifted_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "enterprise"], condition=Q(lifted_at__isnull=True), name="risk_mark_standing")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_level_display()}"


class CollectiveContract(models.Model):
    """A contract between the union and the employer (集体合同) for a period."""

    class Kind(models.TextChoices):
        WAGES = "wages", "工资专项集体合同"
        GENERAL = "general", "综合集体合同"
        WOMEN = "women", "女职工权益保护专项集体合同"
        SAFETY = "safety", "劳动安全卫生专项集体合同"

    class Performance(models.TextChoices):
        UNCHECKED = "unchecked", "尚未检查"
        KEPT = "kept", "全部履行"
        PARTLY = "partly", "部分履行"
        BROKEN = "broken", "没有履行"

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="contracts", verbose_name="企业")
    kind = models.CharField("种类", max_length=8, choices=Kind)
    start_on = models.DateField("生效日期")
    end_on = models.DateField("到期日期")
    people = models.PositiveIntegerField("覆盖职工人数")
    performance = models.CharField("履约情况", max_length=10, choices=Performance, default=Performance.UNCHECKED)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "集体合同"
        ordering = ["-start_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "kind", "start_on"], name="contract_once"),
            models.CheckConstraint(condition=Q(end_on__gt=F("start_on")), name="contract_days_in_order"),
            models.CheckConstraint(condition=Q(people__gte=1), name="contract_covers_people"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class MutualAid(models.Model):
    """How many workers of an enterprise take part in the union's medical mutual aid (医疗互助) in a year."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="mutual_aid", verbose_name="企业")
    year = models.PositiveSmallIntegerField("年度")
    people = models.PositiveIntegerField("参保人数")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "医疗互助"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="mutual_aid_once_a_year"),
            models.CheckConstraint(condition=Q(people__gte=1), name="mutual_aid_insures_people"),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年"
