"""What a station says of itself as the place of a public code (casework/places.py)."""

from uuid import UUID

from stations.models import Station


def ended(uuids: list[UUID]) -> dict[UUID, str]:
    """A withdrawn station takes no reports; one that is suspended does."""
    withdrawn = Station.objects.filter(uuid__in=uuids, state=Station.State.WITHDRAWN)
    return dict.fromkeys(withdrawn.values_list("uuid", flat=True), "已撤销")
