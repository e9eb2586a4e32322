from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q

from unionportal.core.common.scope import Role, Scope


class MeetingGroupQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> MeetingGroupQuerySet:
        """District roles see all; others the groups of the meetings they are asked to."""
        if scope.district:
            return self
        meetings = apps.get_model("visits", "Meeting").objects.visible_to(scope)
        return self.filter(pk__in=meetings.values("group_id"))

    def active(self) -> MeetingGroupQuerySet:
        return self.filter(is_active=True)


class GroupMemberQuerySet(models.QuerySet):
    def in_force(self, on: date) -> GroupMemberQuerySet:
        """Memberships that cover the day."""
        return self.filter(Q(end_on__isnull=True) | Q(end_on__gte=on), start_on__lte=on)

    def overlapping(self, start_on: date, end_on: date | None) -> GroupMemberQuerySet:
        """Memberships that share a day with the period."""
        rows = self.filter(Q(end_on__isnull=True) | Q(end_on__gte=start_on))
        return rows if end_on is None else rows.filter(start_on__lte=end_on)


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> MeetingQuerySet:
        """District roles see all; cadres and townships those they are asked to, themselves or as their township union."""
        if scope.district:
            return self
        asked = Q(pk__in=[])
        if scope.has(Role.CADRE):
            asked |= Q(person_id=scope.user_id)
        if scope.has(Role.TOWNSHIP):
            asked |= Q(person_id=scope.user_id) | Q(unit_id__in=scope.township_ids)
        participants = apps.get_model("visits", "Participant").objects.filter(asked)
        return self.filter(pk__in=participants.values("meeting_id"))


class MeetingTaskQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> MeetingTaskQuerySet:
        """District roles see all; others their own and those of the units they act for."""
        return self if scope.district else self.owed_by(scope)

    def owed_by(self, scope: Scope) -> MeetingTaskQuerySet:
        """The tasks of a person and of the units they act for."""
        return self.filter(Q(person_id=scope.user_id) | Q(unit_id__in=scope.unit_ids))

    def open(self) -> MeetingTaskQuerySet:
        return self.filter(state="open")
