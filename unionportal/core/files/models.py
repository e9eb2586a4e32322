"""Attachments: content checked, kept under a uuid, reachable only through the page of what they belong to."""

import uuid

from django.conf import settings
from django.db import models


class Attachment(models.Model):
    """A file somebody brought. The bytes of a personal one are sealed in the store, and its own name is not kept: names say whose papers they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField("文件", upload_to="attachments/%Y/%m")
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=100)  # by content, not by name
    size = models.PositiveIntegerField("大小（字节）")  # this and the digest are of what is stored, sealed or not
    sha256 = models.CharField(max_length=64)
    is_personal = models.BooleanField("加密保存", default=False)
    sealed_with = models.CharField("密钥", max_length=20, blank=True, editable=False)  # as `sealed.seal_prefix`
    uploaded_by = models.ForeignKey(  # null: sent by somebody without an account
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_personal=True) | models.Q(sealed_with=""), name="attachment_sealed_is_personal"
            )
        ]
        indexes = [
            models.Index(
                fields=["sealed_with"], condition=models.Q(is_personal=True), name="attachment_personal_sealed"
            )
        ]

    @property
    def seal_context(self) -> str:
        """What sealed bytes are bound to."""
        return f"files.attachment:{self.pk}"
