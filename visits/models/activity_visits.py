"""One event, many enterprises: which visit stands for which enterprise at a service activity."""

from django.db import models
from django.db.models import Q

from casework.models import ServiceActivity
from unionportal.core.orgs.models import Enterprise
from visits.models.visits import Visit


class ActivityVisit(models.Model):
    """An enterprise that came to an activity (政策解读会), as a visit; `attendance`: how many of its people were there."""

    activity = models.ForeignKey(ServiceActivity, models.PROTECT, related_name="visits", verbose_name="服务活动")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+", verbose_name="企业")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="activity_link", verbose_name="走访")
    attendance = models.PositiveIntegerField("到会人次")

    class Meta:
        verbose_name = verbose_name_plural = "活动带入的走访"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "enterprise"], name="activity_visit_once_an_enterprise"),
            models.CheckConstraint(condition=Q(attendance__gte=1), name="activity_visit_somebody_came"),
        ]
