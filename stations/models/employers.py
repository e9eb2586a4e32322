"""Enterprises whose people work outdoors: what the sections of industry do not say, and where the enterprise is."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from stations.querysets import OutdoorEmployerQuerySet
from unionportal.core.orgs.models import Enterprise


class OutdoorEmployer(models.Model):
    """How many of an enterprise's people work outdoors, and where they set out from (WGS-84). None at all takes it out of the figures."""

    class Work(models.TextChoices):
        COURIER = "courier", "快递、外卖"
        DRIVER = "driver", "货运、客运"
        SANITATION = "sanitation", "环卫、绿化"
        CONSTRUCTION = "construction", "建筑、市政"
        OTHER = "other", "其他户外岗位"

    enterprise = models.OneToOneField(Enterprise, models.PROTECT, related_name="outdoor_employer", verbose_name="企业")
    work = models.CharField("户外岗位", max_length=14, choices=Work)
    workers = models.PositiveIntegerField("户外劳动者（人）")
    longitude = models.DecimalField("经度（WGS-84）", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度（WGS-84）", max_digits=9, decimal_places=6, null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    objects = OutdoorEmployerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "户外用工"
        ordering = ["-workers", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(73, 136), latitude__range=(3, 54)),
                name="employer_point_whole",
            )
        ]

    @property
    def has_point(self) -> bool:
        return self.longitude is not None
