"""How a station came to be as it is: one row a changed fact, in words a person reads."""

from django.conf import settings
from django.db import models

from stations.models.registry import Station

VALUE_LENGTH, REASON_LENGTH = 600, 200


class StationChange(models.Model):
    """A fact that changed. Words stand here and not in the audit trail, so that they can be redacted.

    `field` names the fact (`stations/facts.py` has its Chinese name); `on` is the day from which it holds, `at` when it was written.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="changes", verbose_name="驿站")
    action = models.CharField("操作", max_length=16)
    field = models.CharField("事项", max_length=20)
    before = models.CharField("原来", max_length=VALUE_LENGTH, blank=True)
    after = models.CharField("现在", max_length=VALUE_LENGTH, blank=True)
    reason = models.CharField("原因", max_length=REASON_LENGTH, blank=True)
    on = models.DateField("生效日期")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "驿站变更"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["station", "-id"], name="station_change_of"),
            models.Index(fields=["field", "on"], name="station_change_by_day"),
        ]
