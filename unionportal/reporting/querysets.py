from __future__ import annotations

from django.db import models

from unionportal.core.common.scope import Role, Scope


class RollupQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> RollupQuerySet:
        """District roles see every row; a township union the rows of its own township."""
        if scope.district:
            return self
        return self.filter(unit_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else self.none()


class ReportQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> ReportQuerySet:
        """Reports are of the whole district: its leaders and staff see all, whoever asked."""
        return self if scope.district else self.none()
