from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from unionportal.core.common.scope import Role, Scope


class VisitQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> VisitQuerySet:
        """District roles see all; a cadre their own; a township those made in it."""
        if scope.district:
            return self
        reach = Q(pk__in=[])
        if scope.has(Role.CADRE):
            reach |= Q(cadre_id=scope.user_id)
        if scope.has(Role.TOWNSHIP):
            reach |= Q(township_id__in=scope.township_ids)
        return self.filter(reach)


class JournalQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> JournalQuerySet:
        """District roles see all; a cadre their own; a township those handed in with a visit made in it."""
        if scope.district:
            return self
        reach = Q(pk__in=[])
        if scope.has(Role.CADRE):
            reach |= Q(cadre_id=scope.user_id)
        if scope.has(Role.TOWNSHIP):
            visits = apps.get_model("visits", "Visit").objects.filter(journal=OuterRef("pk"))
            reach |= ~Q(state="draft") & Q(Exists(visits.filter(township_id__in=scope.township_ids)))
        return self.filter(reach)

    def handed_in(self) -> JournalQuerySet:
        """What can be read and judged."""
        return self.exclude(state="draft")


class ChecklistVersionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> ChecklistVersionQuerySet:
        """What is looked at is no secret."""
        return self

    def published(self) -> ChecklistVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def in_force(self, on: date) -> ChecklistVersionQuerySet:
        """Of every active checklist the version that holds on a day."""
        newest = (
            self.model.objects.published()
            .filter(checklist=OuterRef("checklist"), effective_from__lte=on)
            .order_by("-effective_from")
        )
        rows = self.filter(checklist__is_active=True, pk=Subquery(newest.values("pk")[:1]))
        return rows.select_related("checklist").order_by("checklist_id")
