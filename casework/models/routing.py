"""Rules (交办规则) that say which unit an issue should go to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models.issues import Category
from unionportal.core.orgs.models import Unit


class RoutingRule(models.Model):
    """Category x township x kind of enterprise (each may be left open) -> unit and, if wanted, a person of it.

    The rule with the smallest position holds; among equals the one that says most. With `after` it speaks only of issues that unit has just
    sent back.
    """

    class EnterpriseKind(models.TextChoices):
        ANY = "any", "不限"
        KEY = "key", "重点企业"
        OTHER = "other", "非重点企业或无企业"

    position = models.PositiveSmallIntegerField("优先次序", default=100)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="类别")
    township = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇街")
    enterprise_kind = models.CharField("企业", max_length=5, choices=EnterpriseKind, default=EnterpriseKind.ANY)
    after = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由谁退回后")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="交办给")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )
    automatic = models.BooleanField("登记后自动交办", default=False)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "交办规则"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "township", "enterprise_kind", "after"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="routing_rule_once",
            ),
            models.CheckConstraint(
                condition=Q(after__isnull=True) | ~Q(after=F("unit")), name="routing_rule_not_back_to_sender"
            ),
        ]

    @property
    def specificity(self) -> int:
        """How much the rule says: the more, the sooner it is asked among rules of one position."""
        given = (self.category_id, self.township_id, self.enterprise_kind != self.EnterpriseKind.ANY)
        return sum(weight for weight, value in zip((4, 2, 1), given, strict=True) if value)

    def __str__(self) -> str:
        parts = [
            f"{self.after}退回的" if self.after else "",
            str(self.township or ""),
            self.get_enterprise_kind_display() if self.enterprise_kind != self.EnterpriseKind.ANY else "",
            str(self.category or ""),
        ]
        return "·".join(part for part in parts if part) or "所有诉求"
