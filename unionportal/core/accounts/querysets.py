from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

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
        """District roles and the system administrator see all; a cadre their own; a township those on it and on its enterprises."""
        if scope.district or scope.has(Role.SYSADMIN):
            return self
        return self.filter(
            Q(cadre_id=scope.user_id)
            | Q(township_id__in=scope.township_ids)
            | Q(enterprise__township_id__in=scope.township_ids)
        )

    def in_force(self, on: date) -> PostingQuerySet:
        """Postings that cover the day."""
        return self.filter(Q(end_on__isnull=True) | Q(end_on__gte=on), start_on__lte=on)

    def ended(self, on: date) -> PostingQuerySet:
        """Postings that were over by the day."""
        return self.filter(end_on__lt=on)

    def ahead(self, on: date) -> PostingQuerySet:
        """Postings that begin after the day."""
        return self.filter(start_on__gt=on)


class SavedViewQuerySet(models.QuerySet):
    def owned_by(self, scope: Scope) -> SavedViewQuerySet:
        """The person's own: theirs to change and to take away."""
        return self.filter(owner_id=scope.user_id)

    def visible_to(self, scope: Scope) -> SavedViewQuerySet:
        """One's own, and what people with an active account share."""
        return self.filter(Q(owner_id=scope.user_id) | Q(is_shared=True, owner__is_active=True))
