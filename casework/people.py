"""Who can see an issue: the reverse of `Issue.objects.visible_to`."""

from django.db.models import Q, QuerySet

from casework.models import Issue
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import Posting, Substitution, User
from unionportal.core.common import clock
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Role


def can_see(user: User, issue: Issue) -> bool:
    """Whether this person may open the issue now. The one test that decides: it asks the same question their pages ask."""
    scope = build_scope(user)
    return allowed(scope, "issue.view") and Issue.objects.visible_to(scope).filter(pk=issue.pk).exists()


def likely_readers(issue: Issue) -> QuerySet[User]:
    """People whose roles and postings speak for seeing the issue, for a picker; `can_see` decides."""
    near = Q(grants__role__in=(Role.STAFF, Role.LEADER)) | Q(grants__role=Role.TOWNSHIP, grants__unit=issue.township_id)
    # Joined units read the notes too, so they can be asked to look; they answer in the consultation.
    units = {issue.holder_id, *issue.joined_unit_ids} - {None}
    near |= Q(grants__role__in=(Role.HANDLER, Role.TOWNSHIP), grants__unit__in=units)
    if issue.registered_by_id is not None:
        near |= Q(pk=issue.registered_by_id)
    place = Q(township_id=issue.township_id)
    if issue.enterprise_id is not None:
        place |= Q(enterprise_id=issue.enterprise_id)
    today = clock.today()
    cadres = Posting.objects.filter(place).in_force(today).values("cadre_id")
    substitutes = Substitution.objects.in_force(today).filter(cadre__in=cadres).values("substitute")
    near |= Q(pk__in=cadres) | Q(pk__in=substitutes)
    return User.objects.filter(near, is_active=True).distinct().order_by("pinyin_key", "id")
