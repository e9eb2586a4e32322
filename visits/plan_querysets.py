from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q

from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope


class PlannedVisitQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> PlannedVisitQuerySet:
        """District roles see all; a cadre their own and those of whom they stand in for today; a township those at enterprises in it."""
        if scope.district:
            return self
        reach = Q(pk__in=[])
        if scope.has(Role.CADRE):
            absent = apps.get_model("accounts", "Substitution").objects.in_force(clock.today())
            reach |= Q(cadre_id=scope.user_id) | Q(
                cadre_id__in=absent.filter(substitute_id=scope.user_id).values("cadre_id")
            )
        if scope.has(Role.TOWNSHIP):
            reach |= Q(enterprise__township_id__in=scope.township_ids)
        return self.filter(reach)

    def between(self, start: date, end: date) -> PlannedVisitQuerySet:
        """Planned for a day from `start` to `end`, both included."""
        return self.filter(planned_on__range=(start, end))
