"""Which leads a person sees, and whose names they may read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hardship.querysets import in_reach, units_below
from unionportal.core.common.scope import Role, Scope

#: States in which nobody has decided yet.
PENDING = ("open", "verified")


class LeadQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> LeadQuerySet:
        """Leader and staff every row; an aid officer the own area; a township its own; a cadre those to verify, and those the cadre brought."""
        if scope.district:
            return self
        reach = in_reach(scope)
        if scope.has(Role.CADRE):
            reach |= Q(verifier_id=scope.user_id) | Q(raised_by_id=scope.user_id)
        return self.filter(reach)

    def personal_to(self, scope: Scope) -> LeadQuerySet:
        """Those of an aid officer's area, decided or not."""
        if not scope.has(Role.AID):
            return self.none()
        return self.filter(township__in=units_below(scope.aid_unit_ids))

    def pending(self) -> LeadQuerySet:
        """Those nobody has decided yet."""
        return self.filter(state__in=PENDING)
