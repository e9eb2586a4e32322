from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import models
from django.db.models import Q

from casework.activity_flow import TAKEN_PLACE
from casework.workflow import IN_HAND_STATES, OPEN_STATES, UNCOUNTED_STATES, State
from unionportal.core.common.scope import Role, Scope


def _reach(scope: Scope) -> list[Q]:
    """Each reason for which somebody below the district sees an issue."""
    reasons = []
    if scope.has(Role.CADRE):
        reasons += [Q(township_id=township) for township in sorted(scope.posted_township_ids)]
        reasons.append(Q(enterprise_id__in=scope.posted_enterprise_ids))
        reasons.append(Q(registered_by_id=scope.user_id))
    if scope.has(Role.TOWNSHIP):
        reasons += [Q(township_id=township) for township in sorted(scope.township_ids)]
    if scope.has(Role.HANDLER, Role.TOWNSHIP):
        reasons += [Q(holder_id=unit) for unit in sorted(scope.unit_ids)]
        # Said of the empty ones, too: the index of the others is in the order of the list.
        reasons.append(Q(joined_unit_ids__overlap=sorted(scope.unit_ids)) & ~Q(joined_unit_ids=[]))
    return reasons


def _waits(scope: Scope) -> list[Q]:
    """Each reason for which an issue somebody sees waits for a step they would make."""
    reasons = []
    if scope.has(Role.STAFF):
        reasons += [Q(state=State.REGISTERED), Q(state=State.ANSWERED, followed_up_on__isnull=False)]
    if scope.has(Role.TOWNSHIP):
        reasons += [Q(state=State.REGISTERED, township_id=township) for township in sorted(scope.township_ids)]
    if scope.has(Role.HANDLER, Role.TOWNSHIP):
        reasons += [Q(state__in=IN_HAND_STATES, holder_id=unit) for unit in sorted(scope.unit_ids)]
    if scope.has(Role.CADRE):
        reasons.append(Q(state=State.ANSWERED, followed_up_on__isnull=True))
    return reasons


class IssueQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> IssueQuerySet:
        """District roles see all; a township its own; a handler what its unit holds; a cadre the postings in force and what they registered.
        A unit once joined in a consultation or a mediation goes on seeing the issue: `joined_unit_ids` stands on the row, so that this costs no join."""
        return self if scope.district else self.filter(reduce(or_, _reach(scope), Q(pk__in=[])))

    def in_parts(self, scope: Scope) -> list[IssueQuerySet]:
        """The same in parts, a row perhaps in several: each part has an index that gives the order of the list, and the whole has none.
        None for the district."""
        return [] if scope.district else [self.filter(one) for one in _reach(scope)]

    def waiting_for(self, scope: Scope) -> IssueQuerySet:
        """待我办理: of what this person sees, what waits for a step they would make."""
        return self.filter(reduce(or_, _waits(scope), Q(pk__in=[])))

    def waiting_in_parts(self, scope: Scope) -> list[IssueQuerySet]:
        """The same in parts, each for one reason: as `in_parts`."""
        return [self.filter(one) for one in _waits(scope)]

    def open(self) -> IssueQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def counted(self) -> IssueQuerySet:
        """收集录入: everything but rejected, merged and voided."""
        return self.exclude(state__in=UNCOUNTED_STATES)


class PublicCodeQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> PublicCodeQuerySet:
        """The district sees all codes; whoever scans one finds it by its token."""
        return self if scope.district else self.none()

    def open(self) -> PublicCodeQuerySet:
        return self.filter(closed_at__isnull=True)


class OfIssueQuerySet(models.QuerySet):
    """Rows that hang on an issue and are seen by whoever sees it."""

    def visible_to(self, scope: Scope) -> OfIssueQuerySet:
        if scope.district:
            return self
        issues = apps.get_model("casework", "Issue").objects.visible_to(scope)
        return self.filter(issue__in=issues.values("pk"))


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> ActivityQuerySet:
        """District roles see all; a township its own, a cadre those of the postings in force, both those for the whole district; a unit those
        it organises; and each those linked to an issue they see."""
        if scope.district:
            return self
        if not scope.has(Role.CADRE, Role.TOWNSHIP, Role.HANDLER):
            return self.none()
        issues = apps.get_model("casework", "Issue").objects.visible_to(scope)
        links = apps.get_model("casework", "ActivityIssue").objects.filter(issue__in=issues.values("pk"))
        reach = Q(pk__in=links.values("activity")) | Q(organiser_id__in=scope.unit_ids)
        if scope.has(Role.CADRE, Role.TOWNSHIP):
            reach |= Q(township__isnull=True) | Q(township_id__in=scope.township_ids | scope.posted_township_ids)
        if scope.posted_enterprise_ids:
            invited = apps.get_model("casework", "ActivityEnterprise").objects
            reach |= Q(pk__in=invited.filter(enterprise_id__in=scope.posted_enterprise_ids).values("activity"))
        return self.filter(reach)

    def managed_by(self, scope: Scope) -> ActivityQuerySet:
        """Those the person plans and keeps: staff all, a township its own."""
        if scope.has(Role.STAFF):
            return self
        return self.filter(township_id__in=scope.township_ids) if scope.has(Role.TOWNSHIP) else self.none()


class SessionQuerySet(models.QuerySet):
    def counted(self, today: date) -> SessionQuerySet:
        """Sessions that make the figures: those that took place by a day, of activities on record as held."""
        return self.filter(held_on__lte=today, activity__state__in=TAKEN_PLACE)
