"""一函两书: the union's legal supervision papers to an employer (提示函, 意见书) and to the labour authority (建议书), with the registers behind them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models.issues import Issue
from casework.querysets import OfIssueQuerySet
from unionportal.core.orgs.models import Enterprise

TEXT_LENGTH = 4000
BODY_LENGTH = 60


class Supervisor(models.Model):
    """Somebody licensed for union labour-law supervision (工会劳动法律监督员), from a day to a day."""

    name = models.CharField("姓名", max_length=30)
    licence_no = models.CharField("证号", max_length=40, unique=True)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止")

    class Meta:
        verbose_name = verbose_name_plural = "劳动法律监督员"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="supervisor_period"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(licence_no=""), name="supervisor_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.licence_no}）"


class Signer(models.Model):
    """A chair or vice-chair of the union who may sign, from a day to a day, and the account they sign with."""

    class Title(models.TextChoices):
        CHAIR = "chair", "主席"
        VICE = "vice", "副主席"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="账号")
    title = models.CharField("职务", max_length=6, choices=Title)
    valid_from = models.DateField("任职起")
    valid_to = models.DateField("任职止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "签发人"
        ordering = ["-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="signer_period"
            ),
            models.UniqueConstraint(fields=["user", "valid_from"], name="signer_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_title_display()} {self.user}"


class PaperKind(models.TextChoices):
    NOTICE = "notice", "提示函"
    DEMAND = "demand", "意见书"
    REFERRAL = "referral", "建议书"


class PaperSeries(models.Model):
    """How the numbers of a kind begin (文号字头), as the district writes them."""

    kind = models.CharField("种类", max_length=10, choices=PaperKind, primary_key=True)
    prefix = models.CharField("字头", max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = "文号字头"


class PaperCounter(models.Model):
    """The last number given out of a kind in a year."""

    kind = models.CharField(max_length=10, choices=PaperKind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="paper_counter_once")]


class Paper(models.Model):
    """One paper from its draft to its result. `state` says how far it is; each later state keeps the facts of those before."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SIGNED = "signed", "已签发"
        SERVED = "served", "已送达"
        ENDED = "ended", "已办结"

    class Way(models.TextChoices):
        IN_PERSON = "in_person", "直接送达"
        LEFT = "left", "留置送达"
        POST = "post", "邮寄送达"
        ELECTRONIC = "electronic", "电子送达"

    class Trigger(models.TextChoices):
        REFUSED = "refused", "拒不改正"
        LATE = "late", "逾期未答复"
        UNCORRECTED = "uncorrected", "未按要求改正"

    class Result(models.TextChoices):
        CORRECTED = "corrected", "已整改"
        PARTLY = "partly", "部分整改"
        UNCORRECTED = "uncorrected", "未整改"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=10, choices=PaperKind)
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="papers", verbose_name="诉求")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name="用人单位")
    base = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="referral", verbose_name="所依据的意见书"
    )
    trigger = models.CharField("提请理由", max_length=12, choices=Trigger, blank=True)
    authority = models.CharField("主送机关", max_length=BODY_LENGTH, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    facts = models.TextField("事实", max_length=TEXT_LENGTH)
    basis = models.TextField("法律依据", max_length=TEXT_LENGTH)
    advice = models.TextField("意见和建议", max_length=TEXT_LENGTH)
    material = models.TextField("所附材料", max_length=1000, blank=True)
    investigated_on = models.DateField("调查日期", null=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    drafted_at = models.DateTimeField("起草时间")
    year = models.PositiveSmallIntegerField("年份", null=True)
    number = models.PositiveIntegerField("序号", null=True)
    number_text = models.CharField("文号", max_length=60, blank=True)
    signer = models.ForeignKey(Signer, models.PROTECT, null=True, related_name="+", verbose_name="签发人")
    signed_on = models.DateField("签发日期", null=True)
    served_on = models.DateField("送达日期", null=True)
    served_way = models.CharField("送达方式", max_length=12, choices=Way, blank=True)
    receiver = models.CharField("签收人", max_length=30, blank=True)
    answer_due_on = models.DateField("答复期限", null=True)
    answered_on = models.DateField("答复日期", null=True)
    answer = models.TextField("答复", max_length=TEXT_LENGTH, blank=True)
    refused = models.BooleanField("拒不改正", default=False)
    result = models.CharField("整改结果", max_length=12, choices=Result, blank=True)
    result_note = models.TextField("结果说明", max_length=TEXT_LENGTH, blank=True)
    ended_on = models.DateField("办结日期", null=True)
    handed_to = models.CharField("移送的检察院", max_length=BODY_LENGTH, blank=True, db_default="")
    handed_on = models.DateField("移送日期", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "一函两书"
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "number"], name="paper_number_once"),
            models.CheckConstraint(
                condition=(Q(kind="referral", base__isnull=False) & ~Q(trigger="") & ~Q(authority=""))
                | (Q(kind__in=["notice", "demand"], base__isnull=True, trigger="", authority="")),
                name="paper_referral_has_base",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="draft", number__isnull=True, year__isnull=True, signer__isnull=True, signed_on__isnull=True
                )
                | (
                    ~Q(state="draft")
                    & Q(
                        number__isnull=False,
                        number__gte=1,
                        year__isnull=False,
                        signer__isnull=False,
                        signed_on__isnull=False,
                    )
                ),
                name="paper_signed_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "signed"], served_on__isnull=True, served_way="", receiver="")
                | (
                    Q(state__in=["served", "ended"], served_on__isnull=False, served_on__gte=F("signed_on"))
                    & ~Q(served_way="")
                    & ~Q(receiver="")
                ),
                name="paper_served_has_record",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="", refused=False)
                | (
                    Q(answered_on__isnull=False, served_on__isnull=False, answered_on__gte=F("served_on"))
                    & ~Q(answer="")
                ),
                name="paper_answer_after_service",
            ),
            models.CheckConstraint(
                condition=(Q(state="ended", ended_on__isnull=False, ended_on__gte=F("served_on")) & ~Q(result=""))
                | (~Q(state="ended") & Q(result="", ended_on__isnull=True)),
                name="paper_ended_has_result",
            ),
            models.CheckConstraint(
                condition=Q(handed_to="", handed_on__isnull=True)
                | (Q(kind="referral", handed_on__isnull=False, handed_on__gte=F("served_on")) & ~Q(handed_to="")),
                name="paper_handed_over_is_referral",
            ),
        ]
        indexes = [
            models.Index(fields=["-drafted_at", "-id"]),
            models.Index(
                fields=["answer_due_on"], condition=Q(state="served", answered_on__isnull=True), name="paper_due"
            ),
        ]

    def __str__(self) -> str:
        return self.number_text or f"{self.get_kind_display()}（未编号）"


class PaperSupervisor(models.Model):
    """Who of the licensed supervisors investigated."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="investigators")
    supervisor = models.ForeignKey(Supervisor, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "调查人"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["paper", "supervisor"], name="paper_supervisor_once")]
