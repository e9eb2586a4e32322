"""Which lists of the publicity a person sees."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from hardship.querysets import in_reach, units_below
from unionportal.core.common.scope import Role, Scope


class PublicityQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> PublicityQuerySet:
        """The district sees all, an aid officer those of the own area, a township its own: they hold masked fields only."""
        return self if scope.district else self.filter(in_reach(scope))

    def personal_to(self, scope: Scope) -> PublicityQuerySet:
        """Those whose objections the person may read and decide: an aid officer's area, whatever else they are."""
        return self.filter(township__in=units_below(scope.aid_unit_ids)) if scope.has(Role.AID) else self.none()

    def over(self, day: date) -> PublicityQuerySet:
        """Those that have run to their end by a day."""
        return self.filter(stopped_at__isnull=True, ends_on__lt=day)

    def counted(self) -> PublicityQuerySet:
        """With how many households are listed (`entry_count`) and how many objections wait (`open_objections`)."""
        return self.annotate(
            entry_count=models.Count("entries", distinct=True),
            open_objections=models.Count(
                "entries__objections", filter=Q(entries__objections__state="open"), distinct=True
            ),
        )
