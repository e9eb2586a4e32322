from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from unionportal.core.common.scope import Role, Scope
from visits.evaluation_workflow import LOCKED, PUBLISHED


class EvaluationRoundQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> EvaluationRoundQuerySet:
        """Whoever works on cases or visits knows that there is a round, its dates and what it published."""
        return (
            self
            if scope.has(Role.LEADER, Role.STAFF, Role.CADRE, Role.TOWNSHIP, Role.HANDLER, "system")
            else self.none()
        )


class NominationQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> NominationQuerySet:
        """The district sees all, others what they handed in or wrote and what is of their township. Whoever reviews a round sees of it only
        their own until it is locked, whatever else they are: reviewing is blind."""
        own = Q(submitted_by_id=scope.user_id) | Q(pk__in=_written_by(scope))
        if scope.has(Role.TOWNSHIP):
            own |= Q(unit_id__in=scope.township_ids)
        if not scope.district:
            return self.filter(own)
        if "system" in scope.roles:
            return self
        reviewers = apps.get_model("visits", "Reviewer").objects.filter(round=OuterRef("round"), user_id=scope.user_id)
        return self.filter(own | Q(round__state__in=[LOCKED, PUBLISHED]) | ~Q(Exists(reviewers)))

    def admitted(self) -> NominationQuerySet:
        """What is scored."""
        return self.filter(state="admitted")

    def to_review(self, reviewer_id: int) -> NominationQuerySet:
        """What a reviewer scores: admitted, and no conflict of interest."""
        recusals = apps.get_model("visits", "Recusal").objects.filter(
            nomination=OuterRef("pk"), reviewer_id=reviewer_id
        )
        return self.admitted().filter(~Q(Exists(recusals)))


def _written_by(scope: Scope) -> models.QuerySet:
    authors = apps.get_model("visits", "NominationAuthor").objects.filter(user_id=scope.user_id)
    return authors.values("nomination_id")
