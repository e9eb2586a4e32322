"""Which hardship files a person sees. Whether with names and numbers is for `hardship.personal` to say."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import Q

from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit


class FileQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> FileQuerySet:
        """An aid officer sees those of the own units and all below; leader and staff every row, a township its own, both without personal data."""
        return self if scope.district else self.filter(in_reach(scope))

    def personal_to(self, scope: Scope) -> FileQuerySet:
        """Those whose names and numbers the person may work with: an aid officer's area, nobody else's."""
        if not scope.has(Role.AID):
            return self.none()
        return self.filter(township__in=units_below(scope.aid_unit_ids))


class OfFileQuerySet(models.QuerySet):
    """Rows that hang on a file and are seen by whoever sees it."""

    def visible_to(self, scope: Scope) -> OfFileQuerySet:
        if scope.district:
            return self
        files = apps.get_model("hardship", "HardshipFile").objects.visible_to(scope)
        return self.filter(file__in=files.values("pk"))

    def present(self) -> OfFileQuerySet:
        """Of members: those who have not left the household."""
        return self.filter(left_on__isnull=True)


def in_reach(scope: Scope) -> Q:
    """Rows with a `township` in an aid officer's area, or in a clerk's own."""
    reach = Q(pk__in=[])
    if scope.has(Role.AID):
        reach |= Q(township__in=units_below(scope.aid_unit_ids))
    if scope.has(Role.TOWNSHIP):
        reach |= Q(township_id__in=scope.township_ids)
    return reach


def units_above(unit: Unit) -> set[int]:
    """What the unit lies below: whoever holds a role on one of these holds it on the unit. `unit` comes with its parents, else they are read."""
    above: set[int] = set()
    while unit.parent is not None:
        unit = unit.parent
        above.add(unit.pk)
    return above


def units_below(unit_ids: frozenset[int]) -> models.QuerySet:
    """The units and everything below them (city, district, township: three levels), as a subquery of ids."""
    wanted = sorted(unit_ids)
    return Unit.objects.filter(
        Q(pk__in=wanted) | Q(parent__in=wanted) | Q(parent__parent__in=wanted) | Q(parent__parent__parent__in=wanted)
    ).values("pk")


class BookQuerySet(models.QuerySet):
    """Protected workbooks: each seen by whoever made it."""

    def visible_to(self, scope: Scope) -> BookQuerySet:
        return self.filter(owner_id=scope.user_id)


class CertificateQuerySet(models.QuerySet):
    """Certificates of deletion say nothing of persons: the district and the auditor see all, aid officers those of the own area."""

    def visible_to(self, scope: Scope) -> CertificateQuerySet:
        if scope.district or scope.has(Role.AUDITOR):
            return self
        if not scope.has(Role.AID):
            return self.none()
        mine = list(units_below(scope.aid_unit_ids).values_list("pk", flat=True))
        return self.filter(township_ids__overlap=mine)
