from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.search import normalise


class UserQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> UserQuerySet:
        """Accounts are administered by the system and the security administrator; everybody else sees their own."""
        if scope.has(Role.SYSADMIN, Role.SECURITY, "system"):
            return self
        return self.filter(pk=scope.user_id)

    def matching(self, text: str) -> UserQuerySet:
        """People whose name, full pinyin or user name contains what was typed."""
        typed = normalise(text)
        if not typed:
            return self
        if typed.isascii():
            spaced = models.functions.Replace("pinyin_key", models.Value(" "), models.Value(""))
            return self.alias(joined=spaced).filter(Q(username__contains=typed) | Q(joined__contains=typed))
        return self.filter(display_name__contains=text.strip())

    def cadres(self) -> UserQuerySet:
        """Active people who hold the role of a cadre."""
        return self.filter(is_active=True, grants__role=Role.CADRE).distinct()


class PostingQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> PostingQuerySet:
        """District roles and the system administrator see all; a cadre their own and those they stand in for today; a township those on it
        and on its enterprises."""
        if scope.district or scope.has(Role.SYSADMIN):
            return self
        return self.filter(
            _answering(scope.user_id, clock.today())
            | Q(township_id__in=scope.township_ids)
            | Q(enterprise__township_id__in=scope.township_ids)
        )

    def in_force(self, on: date) -> PostingQuerySet:
        """Postings that cover the day."""
        return self.filter(Q(end_on__isnull=True) | Q(end_on__gte=on), start_on__lte=on)

    def answered_by(self, user_id: int, on: date) -> PostingQuerySet:
        """Postings that cover the day of the person, and of whom the person stands in for on it: whose work they do that day."""
        return self.in_force(on).filter(_answering(user_id, on))

    def answered_between(self, user_id: int, start: date, end: date) -> PostingQuerySet:
        """Postings that share a day with the period: the person's own, and of whom the person stands in for on such a day."""
        absent = (
            apps.get_model("accounts", "Substitution")
            .objects.touching(start, end)
            .filter(
                substitute_id=user_id,
                cadre_id=models.OuterRef("cadre_id"),
                start_on__lte=Coalesce(models.OuterRef("end_on"), end, output_field=models.DateField()),
                end_on__gte=models.OuterRef("start_on"),
            )
        )
        touching = self.filter(Q(end_on__isnull=True) | Q(end_on__gte=start), start_on__lte=end)
        return touching.filter(Q(cadre_id=user_id) | Q(models.Exists(absent)))

    def ended(self, on: date) -> PostingQuerySet:
        """Postings that were over by the day."""
        return self.filter(end_on__lt=on)

    def ahead(self, on: date) -> PostingQuerySet:
        """Postings that begin after the day."""
        return self.filter(start_on__gt=on)


class SubstitutionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> SubstitutionQuerySet:
        """District roles and the system administrator see all; a cadre where they are one of the two; a township those of cadres posted to
        it or to its enterprises at the time."""
        if scope.district or scope.has(Role.SYSADMIN):
            return self
        posted = apps.get_model("accounts", "Posting").objects.filter(
            Q(township_id__in=scope.township_ids) | Q(enterprise__township_id__in=scope.township_ids),
            Q(end_on__isnull=True) | Q(end_on__gte=models.OuterRef("start_on")),
            start_on__lte=models.OuterRef("end_on"),
            cadre=models.OuterRef("cadre"),
        )
        return self.filter(
            Q(cadre_id=scope.user_id) | Q(substitute_id=scope.user_id) | Q(models.Exists(posted)),
        )

    def in_force(self, on: date) -> SubstitutionQuerySet:
        """Substitutions that cover the day."""
        return self.filter(start_on__lte=on, end_on__gte=on)

    def touching(self, start_on: date, end_on: date) -> SubstitutionQuerySet:
        """Substitutions that share a day with the period."""
        return self.filter(start_on__lte=end_on, end_on__gte=start_on)


def _answering(user_id: int, on: date) -> Q:
    """Postings of the person, and of whom the person stands in for on the day."""
    absent = apps.get_model("accounts", "Substitution").objects.in_force(on).filter(substitute_id=user_id)
    return Q(cadre_id=user_id) | Q(cadre_id__in=absent.values("cadre_id"))


class SavedViewQuerySet(models.QuerySet):
    def owned_by(self, scope: Scope) -> SavedViewQuerySet:
        """The person's own: theirs to change and to take away."""
        return self.filter(owner_id=scope.user_id)

    def visible_to(self, scope: Scope) -> SavedViewQuerySet:
        """One's own, and what people with an active account share."""
        return self.offered_to(scope.user_id)

    def offered_to(self, user_id: int) -> SavedViewQuerySet:
        """The same by the person's id alone."""
        return self.filter(Q(owner_id=user_id) | Q(is_shared=True, owner__is_active=True))
