from __future__ import annotations

from django.db import models
from django.db.models import Q

from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.search import normalise, query_tokens


class UnitQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> UnitQuerySet:
        """The unit tree is an open directory for everybody signed in."""
        return self

    def townships(self) -> UnitQuerySet:
        return self.filter(kind="township")

    def active(self) -> UnitQuerySet:
        return self.filter(is_active=True)

    def handling(self) -> UnitQuerySet:
        """Units an issue can be handed to."""
        return self.active().exclude(kind="city")


class EnterpriseQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> EnterpriseQuerySet:
        """District roles see all; a township its own; a cadre the townships and enterprises of the postings in force."""
        if scope.district:
            return self
        if not scope.has(Role.TOWNSHIP, Role.CADRE):
            return self.none()
        townships = scope.township_ids | scope.posted_township_ids
        return self.filter(Q(township_id__in=townships) | Q(pk__in=scope.posted_enterprise_ids))

    def matching(self, text: str) -> EnterpriseQuerySet:
        """Enterprises whose name, pinyin or initials contain what was typed."""
        typed = normalise(text)
        if not typed:
            return self
        if typed.isascii():
            return self.filter(
                Q(pinyin_initials__contains=typed) | Q(pinyin_joined__contains=typed) | Q(credit_code=typed.upper())
            )
        return self.filter(search_tokens__contains=query_tokens(text))
