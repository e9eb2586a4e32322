"""公示: lists of masked fields that the public sees for some days, and the objections they bring."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from hardship.models.files import HardshipFile
from hardship.models.sealing import Sealing, bound
from hardship.publicity_querysets import PublicityQuerySet
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.orgs.models import Unit

#: What the keyed hash of an objector's phone is made for.
PHONE_PURPOSE = "phone"
WORDS_LENGTH = 500


class ProposedAid(models.TextChoices):
    """The words a list may say of the aid proposed: kinds only, so that nothing of a person can be written there."""

    LIVING = "living", "生活救助"
    MEDICAL = "medical", "医疗救助"
    SCHOOLING = "schooling", "助学救助"
    WORK = "work", "就业帮扶"
    SEVERAL = "several", "综合帮扶"


class PublicityList(models.Model):
    """One list of a township. It begins and ends by the clock: `starts_on` and `ends_on` are its first and last day, both whole."""

    uuid = models.UUIDField("编号", unique=True, default=uuid.uuid4, editable=False)
    token = models.CharField("地址", max_length=40, unique=True, editable=False)
    township = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="镇街")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发布人")
    created_at = models.DateTimeField("发布时间")
    stopped_at = models.DateTimeField("提前撤下", null=True)
    stop_reason = models.CharField("撤下原因", max_length=200, blank=True)

    objects = PublicityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公示名单"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="publicity_ends_after_start"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stop_reason="")
                | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
                name="publicity_stopped_says_why",
            ),
        ]
        indexes = [models.Index(fields=["-starts_on", "-id"]), models.Index(fields=["ends_on"])]


class PublicityEntry(models.Model):
    """One household on a list: what the public reads of it, written down masked when the list was made."""

    class Outcome(models.TextChoices):
        PASSED = "passed", "公示无异议"
        UPHELD = "upheld", "异议成立"
        STOPPED = "stopped", "已撤下"

    list = models.ForeignKey(PublicityList, models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField("序号")
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="publicity")
    masked_name = models.CharField("姓名", max_length=30)
    unit_name = models.CharField("单位", max_length=80)
    category = models.CharField("类别", max_length=20)
    proposed_aid = models.CharField("拟帮扶", max_length=10, choices=ProposedAid)
    outcome = models.CharField("结果", max_length=8, choices=Outcome, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公示对象"
        ordering = ["list", "number"]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="publicity_number_once"),
            models.UniqueConstraint(fields=["list", "file"], name="publicity_file_once_a_list"),
            models.UniqueConstraint(
                fields=["file"], condition=Q(outcome=""), name="publicity_file_on_one_list_at_a_time"
            ),
            models.CheckConstraint(condition=Q(masked_name__contains="*"), name="publicity_name_is_masked"),
        ]


class Objection(Sealing):
    """What somebody holds against an entry: everything they wrote is sealed; an anonymous one leaves neither name nor phone."""

    class State(models.TextChoices):
        OPEN = "open", "待核实"
        UPHELD = "upheld", "成立"
        DISMISSED = "dismissed", "不成立"

    uuid = models.UUIDField("编号", unique=True, editable=False)
    entry = models.ForeignKey(PublicityEntry, models.PROTECT, related_name="objections")
    is_anonymous = models.BooleanField("匿名")
    words_sealed = SealedField("异议内容（加密）", context="words_context", blank=True)
    name_sealed = SealedField("姓名（加密）", context="name_context", blank=True)
    phone_sealed = SealedField(
        "电话（加密）", context="phone_context", find="phone_find", purpose=PHONE_PURPOSE, blank=True
    )
    phone_find = models.CharField("电话（查找用）", max_length=80, blank=True)
    sent_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    decision = models.CharField("核实结论", max_length=WORDS_LENGTH, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核实人"
    )
    decided_at = models.DateTimeField("核实时间", null=True)

    words_context = bound("words")
    name_context = bound("name")
    phone_context = bound("phone")

    class Meta:
        verbose_name = verbose_name_plural = "公示异议"
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(name_sealed="", phone_sealed="", phone_find=""),
                name="objection_anonymous_is_nameless",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True, decision="")
                | (~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
                name="objection_decided_by_somebody",
            ),
        ]


class ObjectionReveal(models.Model):
    """Somebody read an objector's phone, and why. The audit trail names the act, this table keeps the words."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="reveals")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    reason = models.CharField("查看理由", max_length=200)
    at = models.DateTimeField("查看时间")
