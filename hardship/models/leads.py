"""A lead (困难线索): somebody may be in need, and why; a person looks and decides. Source: docs/domain.md, "Leads"."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Issue
from hardship import codes
from hardship.lead_querysets import PENDING, LeadQuerySet
from hardship.models.files import UNIT_LENGTH, HardshipFile
from hardship.models.sealing import Sealing, bound
from hardship.models.sensing import LINE_LENGTH, SensedBatch, SensingRule
from hardship.sensing.keys import WHO_PURPOSE
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.orgs.models import Enterprise, Unit
from visits.models import Visit


class LeadCounter(models.Model):
    """The last number given out in a year (XS-2025-0001)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Lead(Sealing):
    """One reason to look at one person. While it is undecided there is no second one for the same person and cause."""

    class State(models.TextChoices):
        OPEN = "open", "待核实"
        VERIFIED = "verified", "待决定"
        CONFIRMED = "confirmed", "已建档"
        DISMISSED = "dismissed", "已排除"

    class Origin(models.TextChoices):
        ISSUE = "issue", "问题诉求"
        APPLICATION = "application", "本人申请"
        SENSING = "sensing", "数据感知"

    class Match(models.TextChoices):
        ID = "id", "身份证号一致"
        WHO = "who", "仅姓名和单位一致"

    class Way(models.TextChoices):
        VISIT = "visit", "上门"
        PHONE = "phone", "电话"
        OFFICE = "office", "来访"

    class Found(models.TextChoices):
        TRUE = "true", "属实"
        UNTRUE = "untrue", "不属实"
        UNCLEAR = "unclear", "说不清"

    class Dismissal(models.TextChoices):
        OTHER_PERSON = "other_person", "不是本人（同名）"
        NOT_WORKER = "not_worker", "不是本区职工"
        NOT_HARD = "not_hard", "不符合困难条件"
        FILED = "filed", "已有档案"
        HELPED = "helped", "已由其他渠道解决"
        DECLINED = "declined", "本人不愿建档"
        UNREACHABLE = "unreachable", "联系不上"
        OTHER = "other", "其他"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=16, unique=True)
    origin = models.CharField("来源", max_length=11, choices=Origin)
    cause = models.CharField("可能的致困原因", max_length=2, choices=codes.CAUSES)
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    township = models.ForeignKey(Unit, models.PROTECT, related_name="hardship_leads", verbose_name="镇街")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="企业"
    )
    unit_name = models.CharField("工作单位", max_length=UNIT_LENGTH, blank=True)
    issue = models.ForeignKey(
        Issue, models.PROTECT, null=True, blank=True, related_name="hardship_leads", verbose_name="诉求"
    )
    name_sealed = SealedField("姓名（加密）", context="name_context", blank=True)
    id_sealed = SealedField("身份证号（加密）", context="id_context", find="id_find", purpose="hardship.id", blank=True)
    id_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    who_sealed = SealedField(
        "姓名和单位（加密）", context="who_context", find="who_find", purpose=WHO_PURPOSE, blank=True
    )
    who_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    phone_sealed = SealedField("电话（加密）", context="phone_context", blank=True)
    words_sealed = SealedField("情况（加密）", context="words_context", blank=True)
    match = models.CharField("匹配方式", max_length=3, choices=Match, blank=True)
    score = models.PositiveSmallIntegerField("得分", null=True)
    basis_sealed = SealedField(
        "依据（加密）", context="basis_context", find="basis_find", purpose="hardship.basis", blank=True
    )
    basis_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    raised_on = models.DateField("产生日期")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    due_on = models.DateField("核实期限")
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核实人"
    )
    verified_on = models.DateField("核实日期", null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="实际核实人"
    )
    way = models.CharField("核实方式", max_length=6, choices=Way, blank=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+", verbose_name="走访")
    found = models.CharField("核实结论", max_length=7, choices=Found, blank=True)
    finding_sealed = SealedField("核实情况（加密）", context="finding_context", blank=True)
    decided_on = models.DateField("决定日期", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    dismissal = models.CharField("排除原因", max_length=12, choices=Dismissal, blank=True)
    note_sealed = SealedField("排除说明（加密）", context="note_context", blank=True)
    file = models.ForeignKey(HardshipFile, models.PROTECT, null=True, related_name="leads", verbose_name="档案")
    erased_at = models.DateTimeField("个人信息删除时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    name_context = bound("name")
    id_context = bound("id")
    who_context = bound("who")
    phone_context = bound("phone")
    words_context = bound("words")
    basis_context = bound("basis")
    finding_context = bound("finding")
    note_context = bound("note")

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "困难线索"
        ordering = ["-raised_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_find", "cause"],
                condition=Q(state__in=PENDING) & ~Q(id_find=""),
                name="lead_once_a_person_and_cause",
            ),
            models.UniqueConstraint(
                fields=["who_find", "cause"],
                condition=Q(state__in=PENDING, id_find="") & ~Q(who_find=""),
                name="lead_once_a_name_and_cause",
            ),
            models.UniqueConstraint(
                fields=["issue"], condition=Q(issue__isnull=False) & ~Q(state="dismissed"), name="lead_once_an_issue"
            ),
            models.CheckConstraint(
                condition=Q(origin="issue", issue__isnull=False) | (~Q(origin="issue") & Q(issue__isnull=True)),
                name="lead_of_issue",
            ),
            models.CheckConstraint(
                condition=(Q(origin="sensing", score__isnull=False) & ~Q(match=""))
                | (~Q(origin="sensing") & Q(score__isnull=True, match="")),
                name="lead_sensed_has_score",
            ),
            models.CheckConstraint(
                condition=Q(verified_on__isnull=True, found="", way="")
                | (Q(verified_on__isnull=False, verified_by__isnull=False) & ~Q(found="") & ~Q(way="")),
                name="lead_verified_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dismissed"]) | Q(verified_on__isnull=False),
                name="lead_verified_before_file",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", file__isnull=False) | (~Q(state="confirmed") & Q(file__isnull=True)),
                name="lead_confirmed_has_file",
            ),
            models.CheckConstraint(
                condition=(Q(state="dismissed") & ~Q(dismissal="")) | (~Q(state="dismissed") & Q(dismissal="")),
                name="lead_dismissed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name_sealed="", id_sealed="", who_sealed="", phone_sealed=""),
                name="lead_erased_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PENDING, decided_on__isnull=True, decided_by__isnull=True)
                | Q(state__in=["confirmed", "dismissed"], decided_on__isnull=False, decided_by__isnull=False),
                name="lead_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_on", "-id"]),
            models.Index(fields=["state", "due_on"]),
            models.Index(fields=["township", "state"]),
        ]

    @property
    def is_pending(self) -> bool:
        """Nobody has decided yet."""
        return self.state in PENDING

    def __str__(self) -> str:
        return self.code


class LeadLook(models.Model):
    """Somebody saw whom a lead is about, or read the numbers, and why. Append-only; the trail names the act, this table keeps the words."""

    class Way(models.TextChoices):
        PAGE = "page", "打开线索"
        NAME = "name", "看到姓名"  # in a list
        REVEAL = "reveal", "查看号码"

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="looks", verbose_name="线索")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    way = models.CharField("方式", max_length=8, choices=Way)
    reason = models.CharField("理由", max_length=LINE_LENGTH, blank=True)
    at = models.DateTimeField("时间")
    on = models.DateField("日期")

    class Meta:
        verbose_name = verbose_name_plural = "线索查看记录"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "actor", "on", "way"],
                condition=Q(way__in=["page", "name"]),
                name="lead_look_once_a_day",
            ),
            models.CheckConstraint(condition=~Q(way="reveal") | ~Q(reason=""), name="lead_look_says_why"),
        ]


class LeadReason(Sealing):
    """Why a rule spoke, in words, with the sheet it read. Stays with the lead when the sheet's rows are gone."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="reasons", verbose_name="线索")
    rule = models.ForeignKey(SensingRule, models.PROTECT, related_name="+", verbose_name="规则")
    batch = models.ForeignKey(SensedBatch, models.PROTECT, related_name="+", verbose_name="数据批次")
    weight = models.PositiveSmallIntegerField("权重（分）")
    weak = models.BooleanField("仅姓名和单位一致")
    words_sealed = SealedField("说明（加密）", context="words_context")

    words_context = bound("words")

    class Meta:
        verbose_name = verbose_name_plural = "线索依据"
        ordering = ["lead", "-weight", "id"]
        constraints = [models.UniqueConstraint(fields=["lead", "rule"], name="lead_reason_once")]
