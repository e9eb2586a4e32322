from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from unionportal.core.common.scope import Role, Scope


class PostingQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> PostingQuerySet:
        """District roles and the system administrator see all; a cadre their own; a township those on it."""
        if scope.district or scope.has(Role.SYSADMIN):
            return self
        return self.filter(Q(cadre_id=scope.user_id) | Q(township_id__in=scope.township_ids))

    def in_force(self, on: date) -> PostingQuerySet:
        """Postings that cover the day."""
        return self.filter(Q(end_on__isnull=True) | Q(end_on__gte=on), start_on__lte=on)
