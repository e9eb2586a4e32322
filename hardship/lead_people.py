"""Who can verify a lead: people who work for its township."""

from datetime import date

from django.db.models import Q, QuerySet

from hardship.models import Lead
from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common.scope import Role
from unionportal.core.orgs.models import Unit


def verifiers_of(lead: Lead, today: date) -> QuerySet[User]:
    """Aid officers of the area, clerks of the township, cadres posted to it or to the lead's enterprise on the day."""
    township = Unit.objects.select_related("parent__parent").get(pk=lead.township_id)
    above = [unit.pk for unit in (township, township.parent, township.parent and township.parent.parent) if unit]
    posted = Posting.objects.in_force(today).filter(
        Q(township_id=lead.township_id) | Q(enterprise_id=lead.enterprise_id or 0)
    )
    grants = RoleGrant.objects.filter(
        Q(role=Role.AID, unit__in=above) | Q(role=Role.TOWNSHIP, unit_id=lead.township_id)
    )
    return User.objects.filter(
        Q(pk__in=grants.values("user_id")) | Q(pk__in=posted.values("cadre_id")), is_active=True
    ).order_by("display_name", "pk")
