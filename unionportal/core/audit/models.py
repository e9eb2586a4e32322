"""The append-only trail: who did what to which object. Ids, codes and states only; never free text or personal data."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from unionportal.core.audit.querysets import AuditQuerySet


class AuditEntry(models.Model):
    at = models.DateTimeField("时间", default=timezone.now)  # real time, also in a demo district
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name="操作人",
    )
    action = models.CharField("动作", max_length=40)  # "issue.close", "account.disable"
    object_type = models.CharField("对象", max_length=30)
    object_id = models.CharField("编号", max_length=64)
    data = models.JSONField("要点", default=dict)

    objects = models.Manager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"]),
            models.Index(fields=["object_type", "object_id", "-at", "-id"]),
            models.Index(fields=["actor", "-at", "-id"]),
            models.Index(fields=["action", "-at", "-id"]),
        ]
