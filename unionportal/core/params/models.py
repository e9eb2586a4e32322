"""Rules of the trade with an effective date: quotas, periods, limits. Districts differ, so none of them is a constant."""

from django.conf import settings
from django.db import models


class Parameter(models.Model):
    """The value of a known key from a day on. History is kept: a later row never changes an earlier day."""

    key = models.CharField("参数", max_length=60)
    effective_on = models.DateField("生效日期")
    value = models.JSONField("值")
    reason = models.CharField("依据", max_length=120, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="设置人"
    )
    set_at = models.DateTimeField("设置时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "参数"
        ordering = ["key", "-effective_on"]
        constraints = [models.UniqueConstraint(fields=["key", "effective_on"], name="parameter_once_a_day")]
