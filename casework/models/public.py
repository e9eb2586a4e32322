"""What people without an account bring and may see: public codes, who reported, answers meant for them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from casework.models.issues import Issue
from casework.querysets import PublicCodeQuerySet
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.common.search import bigrams
from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Enterprise, Unit

#: What the keyed hash of a reporter's phone is made for.
PHONE_PURPOSE = "phone"


class PublicCode(models.Model):
    """一码维权: one address, printed as a QR code at a unit, an enterprise, or a place of an upper floor (kind, uuid, label)."""

    uuid = models.UUIDField("编号", unique=True, default=uuid.uuid4, editable=False)
    token = models.CharField("地址", max_length=40, unique=True, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="public_codes", verbose_name="单位")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, related_name="public_codes", verbose_name="企业"
    )
    owner_kind = models.CharField("其他归属类型", max_length=20, blank=True)
    owner_uuid = models.UUIDField("其他归属编号", null=True)
    owner_label = models.CharField("其他归属名称", max_length=60, blank=True)
    township = models.ForeignKey(  # null: the reporter says which, where the code belongs to the whole district
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="镇街"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("启用时间")
    closed_at = models.DateTimeField("停用时间", null=True)

    objects = PublicCodeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "维权码"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, enterprise__isnull=True, owner_uuid__isnull=True, owner_kind="")
                | Q(unit__isnull=True, enterprise__isnull=False, owner_uuid__isnull=True, owner_kind="")
                | (Q(unit__isnull=True, enterprise__isnull=True, owner_uuid__isnull=False) & ~Q(owner_kind="")),
                name="public_code_has_one_owner",
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(closed_at__isnull=True), name="public_code_unit_once"),
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(closed_at__isnull=True), name="public_code_enterprise_once"
            ),
            models.UniqueConstraint(
                fields=["owner_kind", "owner_uuid"],
                condition=Q(closed_at__isnull=True, owner_uuid__isnull=False),
                name="public_code_owner_once",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def owner_is_active(self) -> bool:
        """Whether the unit or enterprise still works; of places of upper floors see `casework.places`."""
        owner = self.enterprise or self.unit
        return owner is None or owner.is_active

    @property
    def place(self) -> str:
        """Where it hangs, in words."""
        if self.enterprise is not None:
            return self.enterprise.name
        return self.unit.name if self.unit is not None else self.owner_label

    def __str__(self) -> str:
        return self.place


class ConsentText(models.Model):
    """What a reporter agrees to before anything of theirs is kept. Old versions stay: each report names the one agreed to."""

    version = models.PositiveIntegerField("版本", unique=True)
    text = models.TextField("告知内容", max_length=2000)
    effective_on = models.DateField("生效日期")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField("写入时间")

    class Meta:
        verbose_name = verbose_name_plural = "告知同意书"
        ordering = ["-effective_on", "-version"]


class Reporter(models.Model):
    """Who brought an issue, apart from the issue and its log, so that it can be redacted. An anonymous one leaves neither name nor phone."""

    class Privacy(models.TextChoices):
        OPEN = "open", "可以告诉承办单位"
        STAFF = "staff", "只让区总工会知道"
        ANONYMOUS = "anonymous", "匿名"

    issue = models.OneToOneField(Issue, models.PROTECT, related_name="reporter", verbose_name="诉求")
    privacy = models.CharField("身份保护", max_length=10, choices=Privacy)
    name = models.CharField("姓名", max_length=30, blank=True)
    phone_sealed = SealedField(
        "电话（加密）", context="phone_context", find="phone_find", purpose=PHONE_PURPOSE, blank=True
    )
    phone_find = models.CharField("电话（查找用）", max_length=80, blank=True)
    code = models.ForeignKey(PublicCode, models.PROTECT, null=True, related_name="reporters", verbose_name="维权码")
    consent = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+", verbose_name="告知同意书")
    track_hash = models.CharField("查询链接（散列）", max_length=64, blank=True)
    reported_at = models.DateTimeField("反映时间")
    redacted_at = models.DateTimeField("删改时间", null=True)
    search_tokens = ArrayField(models.CharField(max_length=80), editable=False, default=list)

    class Meta:
        verbose_name = verbose_name_plural = "反映人"
        constraints = [
            models.CheckConstraint(
                condition=~Q(privacy="anonymous") | Q(name="", phone_sealed="", phone_find=""),
                name="reporter_anonymous_is_nameless",
            ),
            models.UniqueConstraint(fields=["track_hash"], condition=~Q(track_hash=""), name="reporter_link_once"),
        ]
        indexes = [
            models.Index(fields=["phone_find"], condition=~Q(phone_find=""), name="reporter_phone"),
            GinIndex(fields=["search_tokens"], name="reporter_search"),
        ]

    @property
    def phone_context(self) -> str:
        """What the sealed phone is bound to."""
        return f"casework.reporter.phone:{self.issue.uuid}"

    def save(self, *args, **kwargs) -> None:
        self.search_tokens = bigrams(self.name)
        super().save(*args, **kwargs)


class ReporterReveal(models.Model):
    """Somebody read a reporter's phone number, and why. The audit trail names the act, this table keeps the words."""

    reporter = models.ForeignKey(Reporter, models.PROTECT, related_name="reveals")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    reason = models.CharField("查看理由", max_length=200)
    at = models.DateTimeField("查看时间")


class PublicAnswer(models.Model):
    """给反映人的答复: the only words of the handling that the reporter reads by their link."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="public_answers")
    text = models.TextField("给反映人的答复", max_length=1000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="答复人")
    written_at = models.DateTimeField("答复时间")
    redacted_at = models.DateTimeField("删改时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "给反映人的答复"
        ordering = ["id"]


class IssuePhoto(models.Model):
    """A picture the reporter sent along; reachable only through the issue."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="photos")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class RateWindow(models.Model):
    """How often somebody did something in one hour. Lives in PostgreSQL, so that a lost Redis opens no door."""

    bucket = models.CharField(max_length=120)  # what is counted, and a keyed hash of who
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "hour"], name="rate_window_once")]
        indexes = [models.Index(fields=["hour"])]
