from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import F, Q, QuerySet

from stations.repair_workflow import BROKEN_STATES, OPEN_STATES
from unionportal.core.common.scope import Role, Scope


def _stations(scope: Scope) -> QuerySet:
    return apps.get_model("stations", "Station").objects.visible_to(scope).order_by().values("pk")


class StationCheckQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> StationCheckQuerySet:
        """District roles see all; others those of the stations and projects they see, and their own."""
        if scope.district:
            return self
        projects = Q(project__township_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else Q(pk__in=[])
        return self.filter(Q(station__in=_stations(scope)) | projects | Q(checked_by_id=scope.user_id))

    def reviewable_by(self, scope: Scope) -> StationCheckQuerySet:
        """Self-checks nobody has read yet, for whoever reads them: staff all, a township its own."""
        rows = self.filter(use="self", reviewed_at__isnull=True)
        if scope.has(Role.STAFF):
            return rows
        return rows.filter(station__township_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else rows.none()


class SpotTaskQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> SpotTaskQuerySet:
        """District roles see all; an inspector their own. Nobody at the station: it is checked without notice."""
        return self if scope.district else self.filter(inspector_id=scope.user_id)

    def open(self) -> SpotTaskQuerySet:
        return self.filter(done_by__isnull=True)


class RepairQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> RepairQuerySet:
        """District roles see all; others those of the stations they see, and what was given to them."""
        if scope.district:
            return self
        return self.filter(Q(station__in=_stations(scope)) | Q(assignee_id=scope.user_id))

    def open(self) -> RepairQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def late(self, today: date) -> RepairQuerySet:
        """Still broken past the day."""
        return self.filter(state__in=BROKEN_STATES, due_on__lt=today)


class SupplyQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> SupplyQuerySet:
        """Those of the stations one sees."""
        return self if scope.district else self.filter(station__in=_stations(scope))

    def in_stock(self) -> SupplyQuerySet:
        return self.filter(removed_at__isnull=True)

    def wanting(self, by: date) -> SupplyQuerySet:
        """What has expired, expires by a day, or is fewer than it should be. What is used up has no expiry to warn of."""
        return self.in_stock().filter(Q(quantity__lt=F("least")) | Q(expires_on__lte=by, quantity__gt=0))


class BuildPlanQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> BuildPlanQuerySet:
        """District roles see all; a township its own."""
        if scope.district:
            return self
        return self.filter(unit_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else self.none()


class BuildProjectQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> BuildProjectQuerySet:
        """District roles see all; a township its own."""
        if scope.district:
            return self
        return self.filter(township_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else self.none()
