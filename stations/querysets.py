from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q

from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.search import query_tokens


def there_on(day: date) -> Q:
    """Opened and not withdrawn on a day."""
    return Q(opened_on__lte=day) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))


class StationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> StationQuerySet:
        """District roles see all; a township its own; a cadre those of the townships posted to; a keeper those kept today."""
        if scope.district:
            return self
        reach = Q(pk__in=[])
        if scope.has(Role.TOWNSHIP):
            reach |= Q(township_id__in=scope.township_ids)
        if scope.has(Role.CADRE):
            reach |= Q(township_id__in=scope.posted_township_ids)
        if scope.has(Role.KEEPER):
            kept = apps.get_model("stations", "Keepership").objects.in_force(clock.today())
            reach |= Q(pk__in=kept.filter(user_id=scope.user_id).values("station"))
        return self.filter(reach)

    def managed_by(self, scope: Scope) -> StationQuerySet:
        """Those the person registers and keeps right: staff all, a township its own."""
        if scope.has(Role.STAFF):
            return self
        return self.filter(township_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else self.none()

    def serving(self) -> StationQuerySet:
        """Stations that are open to workers, whatever the hour."""
        return self.filter(state="open")

    def standing(self) -> StationQuerySet:
        """Stations there are: opened and not withdrawn."""
        return self.filter(state__in=["open", "suspended"])

    def standing_on(self, day: date) -> StationQuerySet:
        """Stations there were on a day."""
        return self.filter(there_on(day))

    def with_hours(self) -> StationQuerySet:
        """With what `opening.is_open` reads, in two queries however many rows."""
        return self.prefetch_related("hours", "closures")

    def matching(self, text: str) -> StationQuerySet:
        """Stations whose code, name or address contains what was typed."""
        tokens = query_tokens(text)
        return self.filter(search_tokens__contains=tokens) if tokens else self


class KeepershipQuerySet(models.QuerySet):
    def in_force(self, day: date) -> KeepershipQuerySet:
        return self.filter(start_on__lte=day).filter(Q(end_on__isnull=True) | Q(end_on__gte=day))


class OutdoorEmployerQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> OutdoorEmployerQuerySet:
        """Of the enterprises the person sees."""
        enterprises = apps.get_model("orgs", "Enterprise").objects.visible_to(scope)
        return self.filter(enterprise__in=enterprises.values("pk"))
