"""Where the townships lie: a centre and how far they reach, for lack of borders."""

from django.db import models
from django.db.models import Q

from unionportal.core.orgs.models import Unit


class TownshipPlace(models.Model):
    """The middle of a township (WGS-84) and the distance within which all of it lies. Source: docs/decisions/0018."""

    township = models.OneToOneField(Unit, models.PROTECT, related_name="place", verbose_name="镇街")
    longitude = models.DecimalField("经度（WGS-84）", max_digits=9, decimal_places=6)
    latitude = models.DecimalField("纬度（WGS-84）", max_digits=9, decimal_places=6)
    reach = models.PositiveIntegerField("范围（米）")

    class Meta:
        verbose_name = verbose_name_plural = "镇街位置"
        ordering = ["township__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__range=(73, 136), latitude__range=(3, 54), reach__range=(100, 100_000)),
                name="place_in_the_country",
            )
        ]
