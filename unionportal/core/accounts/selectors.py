"""Reads about people and postings for other apps."""

from datetime import date

from django.db.models import Q

from unionportal.core.accounts.models import Posting


def posted_scope(cadre_id: int, on: date) -> tuple[frozenset[int], frozenset[int]]:
    """Ids of the townships and of the single enterprises a cadre answers for on a day."""
    rows = list(Posting.objects.filter(cadre_id=cadre_id).in_force(on).values_list("township_id", "enterprise_id"))
    return frozenset(t for t, _ in rows if t), frozenset(e for _, e in rows if e)


def is_posted(*, cadre_id: int, on: date, township_id: int | None = None, enterprise_id: int | None = None) -> bool:
    """Whether a cadre answers on a day for the township, or for the enterprise (itself or through its township)."""
    if township_id is None and enterprise_id is None:
        raise ValueError("name a township or an enterprise")
    reach = Q()
    if township_id is not None:
        reach |= Q(township_id=township_id)
    if enterprise_id is not None:
        reach |= Q(enterprise_id=enterprise_id) | Q(township__enterprises=enterprise_id)
    return Posting.objects.filter(reach, cadre_id=cadre_id).in_force(on).exists()
