"""Rows that hang at a station: who sees the station sees them."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models

from stations.event_flow import EventState
from unionportal.core.common.scope import Role, Scope


class OfStationQuerySet(models.QuerySet):
    """Events and counts, by the reach their stations give."""

    def visible_to(self, scope: Scope) -> OfStationQuerySet:
        if scope.district:
            return self
        stations = apps.get_model("stations", "Station").objects.visible_to(scope)
        return self.filter(station__in=stations.order_by().values("pk"))


class EventQuerySet(OfStationQuerySet):
    def held_between(self, first: date | None, last: date) -> EventQuerySet:
        """Events that took place on these days, both included; `first` None: since the beginning."""
        rows = self.filter(state=EventState.HELD, held_on__lte=last)
        return rows if first is None else rows.filter(held_on__gte=first)


def serving_stations(scope: Scope) -> models.QuerySet:
    """The stations whose service a person plans and records: staff all, a township its own, a keeper those kept today."""
    stations = apps.get_model("stations", "Station").objects
    if scope.has(Role.STAFF):
        return stations.all()
    mine = stations.none()
    if scope.has(Role.TOWNSHIP):
        mine = stations.filter(township_id__in=scope.township_ids)
    if scope.has(Role.KEEPER):
        # Only the keeper's own part of what a person of several roles sees.
        as_keeper = Scope(user_id=scope.user_id, roles=frozenset({Role.KEEPER}))
        mine = mine | stations.visible_to(as_keeper)
    return mine
