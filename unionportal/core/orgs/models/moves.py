"""An enterprise that went from one township to another; append-only (trigger in the migration)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from unionportal.core.orgs.models.register import Enterprise, Unit


class EnterpriseMove(models.Model):
    """From `moved_on` the enterprise lies in `to_township`. What was visited and registered before stays where it was."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="moves", verbose_name="企业")
    from_township = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="原镇街")
    to_township = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="现镇街")
    moved_on = models.DateField("迁移日期")
    recorded_at = models.DateTimeField("记录时间")
    recorded_by = models.ForeignKey(  # null: the portal itself
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="记录人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "企业迁移"
        ordering = ["enterprise", "moved_on"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "moved_on"], name="enterprise_moves_once_a_day"),
            models.CheckConstraint(condition=~Q(from_township=F("to_township")), name="enterprise_move_goes_somewhere"),
        ]
