"""Mediation (调解) of one issue: the case from the application to the agreement and its confirmation."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from casework.mediation_workflow import (
    AGREED_STATES,
    AGREEMENTS,
    FRUITLESS_STATES,
    OUTCOME_LABELS,
    RUNNING_STATES,
    SIGNATURES,
    SIGNED_STATES,
    STATE_LABELS,
    UNFINISHED_STATES,
    State,
)
from casework.models.issues import Issue
from casework.querysets import OfIssueQuerySet
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.orgs.models import Unit

TEXT_LENGTH = 4000
NAME_LENGTH = 30
LINE_LENGTH = 200


def _choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    """Choices as plain strings, so that migrations import nothing of the app."""
    return [(str(code), label) for code, label in labels.items()]


def _any_of(states: frozenset[State]) -> list[str]:
    return sorted(str(state) for state in states)


class MediationCounter(models.Model):
    """The last number given out in a year (TJ-2024-0001)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Mediation(models.Model):
    """One case. Columns are the present; `MediationStep` says how it came about. At most one an issue is not over."""

    class Kind(models.TextChoices):
        """The six kinds of dispute of the law on mediation and arbitration."""

        RELATION = "relation", "确认劳动关系"
        CONTRACT = "contract", "合同订立、履行、变更、解除和终止"
        LEAVING = "leaving", "除名、辞退、辞职、离职"
        CONDITIONS = "conditions", "工时、休假、社保、福利、培训、劳动保护"
        PAY = "pay", "劳动报酬、工伤医疗费、经济补偿、赔偿金"
        OTHER = "other", "其他"

    class Manner(models.TextChoices):
        ORAL = "oral", "口头申请"
        WRITTEN = "written", "书面申请"

    class Side(models.TextChoices):
        APPLICANT = "applicant", "申请人"
        RESPONDENT = "respondent", "被申请人"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField("编号", max_length=16, unique=True)
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="mediations", verbose_name="诉求")
    organisation = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="调解组织")
    mediators = ArrayField(models.CharField(max_length=NAME_LENGTH), verbose_name="调解员", default=list)
    kind = models.CharField("争议类型", max_length=10, choices=Kind)
    manner = models.CharField("申请方式", max_length=7, choices=Manner)
    matter = models.TextField("争议事项", max_length=TEXT_LENGTH)
    reason = models.TextField("理由", max_length=TEXT_LENGTH)
    people = models.PositiveIntegerField("涉及人数", default=1)
    amount_claimed = models.DecimalField("请求金额", max_digits=12, decimal_places=2, null=True)
    applied_on = models.DateField("申请日期")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间")
    state = models.CharField("状态", max_length=12, choices=_choices(STATE_LABELS), default=State.APPLIED.value)
    outcome = models.CharField("调解结果", max_length=12, choices=_choices(OUTCOME_LABELS), blank=True)
    period_days = models.PositiveSmallIntegerField("调解期限（天）")  # the rule of the day of application
    extended_days = models.PositiveSmallIntegerField("已延期（天）", default=0)
    due_on = models.DateField("调解期限")
    soon_told_of = models.DateField("已提醒将到的期限", null=True)  # the last day that was told of before it came
    late_told_of = models.DateField("已提醒逾期的期限", null=True)  # the last day that was told of after it had passed
    accepted_on = models.DateField("受理日期", null=True)
    consented_on = models.DateField("被申请人同意日期", null=True)
    refused_by = models.CharField("不同意的一方", max_length=10, choices=Side, blank=True)
    ended_on = models.DateField("结束日期", null=True)  # the clock stops: agreed, or over without an agreement
    terms = models.TextField("协议内容", max_length=TEXT_LENGTH, blank=True)
    amount_agreed = models.DecimalField("协议金额", max_digits=12, decimal_places=2, null=True)
    amount_recovered = models.DecimalField("已履行金额", max_digits=12, decimal_places=2, default=0)
    recovered_on = models.DateField("履行日期", null=True)
    recovered_reason = models.CharField("超出协议金额的说明", max_length=LINE_LENGTH, blank=True)
    applicant_signed_on = models.DateField("申请人签名日期", null=True)
    respondent_signed_on = models.DateField("被申请人签名日期", null=True)
    mediator_signed_on = models.DateField("调解员签名日期", null=True)
    sealed_on = models.DateField("调解组织盖章日期", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调解"
        ordering = ["-applied_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(state__in=_any_of(UNFINISHED_STATES)), name="mediation_one_unfinished"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="mediation_people_positive"),
            models.CheckConstraint(
                condition=(Q(amount_claimed__isnull=True) | Q(amount_claimed__gte=0))
                & (Q(amount_agreed__isnull=True) | Q(amount_agreed__gte=0))
                & Q(amount_recovered__gte=0),
                name="mediation_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount_recovered=0)
                | Q(amount_agreed__isnull=False, amount_recovered__lte=F("amount_agreed"))
                | ~Q(recovered_reason=""),
                name="mediation_recovered_within_agreed",
            ),
            models.CheckConstraint(
                condition=Q(amount_recovered=0, recovered_on__isnull=True)
                | Q(recovered_on__isnull=False, state__in=_any_of(SIGNED_STATES)),
                name="mediation_recovered_since_signed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_any_of(RUNNING_STATES), ended_on__isnull=True, outcome="")
                | Q(state__in=_any_of(AGREED_STATES), ended_on__isnull=False, outcome__in=sorted(map(str, AGREEMENTS)))
                | Q(state__in=_any_of(FRUITLESS_STATES), ended_on__isnull=False, outcome=F("state")),
                name="mediation_ended_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("applied_on"))
                & (Q(accepted_on__isnull=True) | Q(accepted_on__gte=F("applied_on")))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("applied_on"))),
                name="mediation_days_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_any_of(AGREED_STATES | {State.IN_SESSION}))
                | Q(accepted_on__isnull=False, consented_on__isnull=False),
                name="mediation_talks_need_consent",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(refused_by="")) | (~Q(state="refused") & Q(refused_by="")),
                name="mediation_refused_by_a_side",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_any_of(AGREED_STATES)) | ~Q(terms=""), name="mediation_agreed_has_terms"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_any_of(SIGNED_STATES)) | Q(**{f"{name}__isnull": False for name in SIGNATURES}),
                name="mediation_signed_by_all",
            ),
        ]
        indexes = [
            models.Index(fields=["-applied_on", "-id"]),
            models.Index(fields=["organisation", "-applied_on", "-id"]),
            models.Index(fields=["due_on"], condition=Q(state__in=_any_of(RUNNING_STATES)), name="mediation_due"),
        ]

    @property
    def is_running(self) -> bool:
        """Whether the clock of the law runs."""
        return self.state in RUNNING_STATES

    @property
    def is_agreed(self) -> bool:
        return self.state in AGREED_STATES

    def __str__(self) -> str:
        return self.number


class MediationParty(models.Model):
    """Who takes part: applicants, the employer, and representatives named by many. Phone and ID number are sealed."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", "申请人"
        RESPONDENT = "respondent", "被申请人"
        REPRESENTATIVE = "representative", "申请人推选的代表"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="parties", verbose_name="调解")
    role = models.CharField("身份", max_length=14, choices=Role)
    name = models.CharField("姓名或名称", max_length=80)
    contact = models.CharField("单位联系人", max_length=NAME_LENGTH, blank=True)
    phone_sealed = SealedField("电话（加密）", context="phone_context", blank=True)
    id_sealed = SealedField("身份证号（加密）", context="id_context", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "当事人"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="mediation_party_named")]

    @property
    def is_person(self) -> bool:
        """The employer is no natural person; everybody else's name is personal."""
        return self.role != self.Role.RESPONDENT

    @property
    def phone_context(self) -> str:
        """What the sealed phone is bound to."""
        return f"casework.mediation_party.phone:{self.uuid}"

    @property
    def id_context(self) -> str:
        """What the sealed ID number is bound to."""
        return f"casework.mediation_party.id:{self.uuid}"

    def __str__(self) -> str:
        return self.name


class MediationReveal(models.Model):
    """Somebody read a party's phone and ID number, and why. The audit trail names the act, this table keeps the words."""

    party = models.ForeignKey(MediationParty, models.PROTECT, related_name="reveals")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    reason = models.CharField("查看理由", max_length=LINE_LENGTH)
    at = models.DateTimeField("查看时间")


class MediationSession(models.Model):
    """One sitting: when, where, who was there, what was said."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="sessions", verbose_name="调解")
    held_on = models.DateField("日期")
    begins_at = models.TimeField("开始时间", null=True)
    place = models.CharField("地点", max_length=60)
    present = models.CharField("参加人", max_length=LINE_LENGTH)
    record = models.TextField("调解记录", max_length=TEXT_LENGTH)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "调解笔录"
        ordering = ["held_on", "begins_at", "id"]


class MediationHandover(models.Model):
    """The signed agreement handed to arbitration or court for confirmation. One at a time; a denied one may be followed by another."""

    class Route(models.TextChoices):
        ARBITRATION = "arbitration", "仲裁审查确认"
        COURT = "court", "司法确认"

    class Result(models.TextChoices):
        PENDING = "pending", "审查中"
        CONFIRMED = "confirmed", "已确认"
        DENIED = "denied", "未获确认"

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="handovers", verbose_name="调解")
    route = models.CharField("途径", max_length=12, choices=Route)
    body = models.CharField("受理机关", max_length=60)
    handed_on = models.DateField("移交日期")
    result = models.CharField("结果", max_length=10, choices=Result, default=Result.PENDING)
    result_on = models.DateField("结果日期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审查确认"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(result="pending"), name="mediation_handover_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(result="pending", result_on__isnull=True)
                | (~Q(result="pending") & Q(result_on__isnull=False, result_on__gte=F("handed_on"))),
                name="mediation_handover_result_has_day",
            ),
        ]


class MediationNote(models.Model):
    """Free text of a step, kept apart from the log so that it can be redacted when the law asks."""

    text = models.TextField("说明", max_length=TEXT_LENGTH)
    redacted_at = models.DateTimeField("删改时间", null=True)


class MediationStep(models.Model):
    """One step, append-only: what, who, on which day, when it was recorded. Ids, codes, days and amounts only."""

    mediation = models.ForeignKey(Mediation, models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField("序号")  # equals the case's version after the step
    action = models.CharField("动作", max_length=12)  # words: mediation_workflow.ACTION_LABELS
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("记录时间")
    note = models.OneToOneField(MediationNote, models.PROTECT, null=True, related_name="step")
    data = models.JSONField("要点", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "调解过程"
        ordering = ["mediation", "seq"]
        constraints = [models.UniqueConstraint(fields=["mediation", "seq"], name="mediation_step_once")]
