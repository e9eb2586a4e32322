"""Personal data on its way out: protected workbooks that expire, and certificates of what was deleted."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hardship.models.files import LINE_LENGTH
from hardship.querysets import BookQuerySet, CertificateQuerySet


class ProtectedBook(models.Model):
    """A workbook with personal data, encrypted by a password that is shown once and kept nowhere. Its file goes when its time is up; the row stays."""

    class Kind(models.TextChoices):
        FILES = "files", "困难职工名册"
        SUBJECT = "subject", "本人信息"
        BANK = "bank", "银行代发"
        OTHER = "other", "其他"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=8, choices=Kind)
    name = models.CharField("文件名", max_length=80)  # never a person's name
    reason = models.CharField("用途", max_length=LINE_LENGTH)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    township_ids = ArrayField(models.BigIntegerField(), verbose_name="所含镇街", default=list)
    rows = models.PositiveIntegerField("行数")
    made_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("到期时间")  # real time
    file = models.FileField("文件", upload_to="books/", blank=True)
    removed_at = models.DateTimeField("删除时间", null=True)

    objects = BookQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "加密表格"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hardship_book_says_why"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(file=""), name="hardship_book_removed_has_no_file"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=~Q(file=""), name="hardship_book_with_file")]


class ErasureCounter(models.Model):
    """The last number given out in a year (SC-2024-0001)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class ErasureCertificate(models.Model):
    """What was deleted, when, by whom, by which rules: numbers of files and counts, no personal data. Append-only."""

    number = models.CharField("编号", max_length=16, unique=True)
    codes = ArrayField(models.CharField(max_length=16), verbose_name="档案和线索编号")
    township_ids = ArrayField(models.BigIntegerField(), verbose_name="镇街", default=list)
    years = models.JSONField("保存年限")  # state -> years, as they held
    counts = models.JSONField("删除数量")
    erased_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="执行人")
    erased_at = models.DateTimeField("删除时间")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "个人信息删除证明"
        ordering = ["-erased_at", "-id"]

    def __str__(self) -> str:
        return self.number
