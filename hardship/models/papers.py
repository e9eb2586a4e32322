"""Papers of a file: consents, authorisations, proofs; and who looked at what of it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hardship import codes
from hardship.models.files import LINE_LENGTH, FileMember, HardshipFile
from hardship.querysets import OfFileQuerySet
from unionportal.core.files.models import Attachment


class FilePaper(models.Model):
    """A paper handed in. A consent is about a member; one on paper only has a day and no scan."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="papers", verbose_name="档案")
    member = models.ForeignKey(FileMember, models.PROTECT, null=True, related_name="papers", verbose_name="成员")
    kind = models.CharField("种类", max_length=14, choices=codes.PAPERS)
    signed_on = models.DateField("签署日期", null=True)
    withdrawn_on = models.DateField("撤回日期", null=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name="扫描件")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    added_at = models.DateTimeField("登记时间")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "档案材料"
        ordering = ["file", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["consent", "guardian", "authorisation"]) | Q(signed_on__isnull=False),
                name="hardship_consent_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["consent", "guardian"]) | Q(member__isnull=False),
                name="hardship_consent_is_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=False) | Q(attachment__isnull=False), name="hardship_paper_is_there"
            ),
        ]


class FileLook(models.Model):
    """Somebody saw personal data of a file: when, what, and why where that was asked. Append-only; the reason is kept here, not in the trail."""

    class Way(models.TextChoices):
        PAGE = "page", "打开档案"
        NAME = "name", "看到姓名"  # in a list, on a grant or an order
        REVEAL = "reveal", "查看完整信息"
        PAPER = "paper", "查看材料"
        EXPORT = "export", "导出"
        PRINT = "print", "打印或生成文书"
        SUBJECT = "subject", "本人查阅导出"

    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="looks", verbose_name="档案")
    member = models.ForeignKey(FileMember, models.PROTECT, null=True, related_name="+", verbose_name="成员")
    way = models.CharField("方式", max_length=8, choices=Way)
    shown = ArrayField(models.CharField(max_length=12), verbose_name="看到的内容", default=list)  # names of columns
    reason = models.CharField("理由", max_length=LINE_LENGTH, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    at = models.DateTimeField("时间")
    on = models.DateField("日期")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "查看记录"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "actor", "on", "way"],
                condition=Q(way__in=["page", "name"]),
                name="hardship_name_look_once_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(way__in=["reveal", "subject"]) | ~Q(reason=""), name="hardship_reveal_says_why"
            ),
        ]
        indexes = [models.Index(fields=["file", "-at"]), models.Index(fields=["actor", "-at"])]
