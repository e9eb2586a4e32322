"""The union facts of an enterprise as they stood: one row a change, append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from unionportal.core.orgs.models.register import Enterprise


class UnionFacts(models.Model):
    """What held from a day on. The first row of an enterprise that was there before histories were kept has no day."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="union_history", verbose_name="企业")
    since = models.DateField("起始日期", null=True)
    union_state = models.CharField("建会情况", max_length=10, choices=Enterprise.UnionState)
    union_members = models.PositiveIntegerField("会员人数", null=True)
    employees = models.PositiveIntegerField("职工人数", null=True)
    union_term_ends_on = models.DateField("本届届满日期", null=True)
    yearly_dues = models.DecimalField("年缴工会经费", max_digits=12, decimal_places=2, null=True)
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )  # null: the portal itself, or what stood there before

    class Meta:
        verbose_name = verbose_name_plural = "建会情况变更"
        ordering = ["enterprise", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(since__isnull=True), name="union_facts_one_before_history"
            ),
        ]
