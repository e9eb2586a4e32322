from __future__ import annotations

from django.db import models
from django.db.models import Count, Max

from unionportal.core.common.scope import Scope


class JobQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> JobQuerySet:
        """Whoever asked for it, and nobody else: the file is of that person's reach."""
        return self.filter(owner_id=scope.user_id)

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=("queued", "running"))

    def with_downloads(self) -> JobQuerySet:
        """With how often and when last the result was fetched."""
        return self.annotate(fetched=Count("downloads"), fetched_at=Max("downloads__at"))
