"""Visits that look like one visit twice, or like one person in two places: the first is asked about, the second only shown."""

from django.db.models import Q

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_short
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit
from visits.services.inputs import VisitInput


def ask_about_twin(visit: VisitInput, enterprise: Enterprise | None, cadre_id: int) -> None:
    """FieldErrors at `again` where the cadre visited the enterprise that day already and has not said that it is another visit."""
    if visit.again is not False or enterprise is None:
        return
    twins = Visit.objects.filter(cadre_id=cadre_id, enterprise=enterprise, visited_on=visit.visited_on)
    if twins.exclude(pk=visit.id).exists():
        day = zh_short(visit.visited_on)
        raise FieldErrors(
            {"again": f"您在{day}已经记过一次对{enterprise.name}的走访。如确是另一次，请勾选“确是另一次走访”后再提交。"}
        )


def elsewhere_at_once(visit: Visit) -> list[Visit]:
    """The cadre's other visits that overlap this one at another place: by the hours given, or within the days of a stay. Calls by phone count not."""
    if visit.mode == Visit.Mode.PHONE:
        return []
    overlap = Q()
    if visit.began_at and visit.ended_at:
        overlap |= Q(visited_on=visit.visited_on, began_at__lt=visit.ended_at, ended_at__gt=visit.began_at)
    overlap |= Q(kind=Visit.Kind.STAY, visited_on__lte=visit.ends_on or visit.visited_on, ends_on__gte=visit.visited_on)
    if visit.ends_on:
        overlap |= Q(visited_on__range=(visit.visited_on, visit.ends_on))
    rows = Visit.objects.filter(overlap, cadre_id=visit.cadre_id).exclude(pk=visit.pk).exclude(mode=Visit.Mode.PHONE)
    found = rows.select_related("enterprise", "township").defer("search_tokens").order_by("visited_on", "created_at")
    return [
        other
        for other in found[:20]
        if (other.enterprise_id, other.target_name) != (visit.enterprise_id, visit.target_name)
    ]
