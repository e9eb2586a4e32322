"""What a cadre means to do in a week (周计划), and the address under which their calendar is read by other programs."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from unionportal.core.orgs.models import Enterprise
from visits.models.visits import Visit
from visits.plan_querysets import PlannedVisitQuerySet

PLAN_NOTE_LENGTH = 60


class PlannedVisit(models.Model):
    """An enterprise a cadre means to visit on a day. The id is the client's. Whether it was done is read from the visits, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="planned_visits", verbose_name="驻联干部"
    )
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="planned_visits", verbose_name="企业")
    planned_on = models.DateField("计划日期")
    kind = models.CharField("走访类型", max_length=12, choices=Visit.Kind, default=Visit.Kind.ROUTINE)
    note = models.CharField("备注", max_length=PLAN_NOTE_LENGTH, blank=True)
    carried_from = (
        models.OneToOneField(  # one to one: what was left undone is carried over once, however often it is tapped
            "self", models.SET_NULL, null=True, related_name="carried_to", verbose_name="顺延自"
        )
    )
    planned_at = models.DateTimeField("安排时间")
    version = models.PositiveIntegerField("版本", default=1)

    objects = PlannedVisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划走访"
        ordering = ["planned_on", "planned_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "enterprise", "planned_on"], name="planned_visit_once_a_day"),
            models.CheckConstraint(
                condition=Q(carried_from__isnull=True) | ~Q(carried_from=F("id")), name="planned_visit_not_from_itself"
            ),
        ]
        indexes = [models.Index(fields=["cadre", "planned_on"], name="planned_visit_of_cadre")]

    def __str__(self) -> str:
        return f"{self.planned_on} {self.enterprise}"


class CalendarFeed(models.Model):
    """The secret address of a person's calendar, one a person; only its SHA-256 is kept, so a stolen database opens nothing."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name="用户"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("启用时间")

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
