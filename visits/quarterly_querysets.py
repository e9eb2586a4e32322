"""Who may read the texts of a quarter, and the practices drawn from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casework.models.issues import TOKEN_LENGTH
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.search import query_tokens


class ReflectionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> ReflectionQuerySet:
        """A cadre their own; the district what was handed in."""
        reach = Q(pk__in=[])
        if scope.has(Role.CADRE):
            reach |= Q(cadre_id=scope.user_id)
        if scope.district:
            reach |= ~Q(state="draft")
        return self.filter(reach)


class AnalysisQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> AnalysisQuerySet:
        """The district all; a township union its own, a cadre those of the postings in force, once published."""
        if scope.district:
            return self
        return self.filter(state="published", unit__in=scope.township_ids | scope.posted_township_ids)


class PracticeQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> PracticeQuerySet:
        """The district all; whoever reads the library what is published, and what they proposed themselves."""
        if scope.district:
            return self
        if not allowed(scope, "practice.view"):
            return self.none()
        return self.filter(Q(state="published") | Q(proposed_by_id=scope.user_id))

    def matching(self, text: str) -> PracticeQuerySet:
        """Those in which every word typed stands, whatever part of a text it is; words are parted by spaces."""
        found = self
        for word in text.split():
            tokens = [token[:TOKEN_LENGTH] for token in query_tokens(word)]
            found = found.filter(search_tokens__contains=tokens) if tokens else found
        return found
