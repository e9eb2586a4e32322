"""What a station says of itself as the place of a public code (casework/places.py)."""

from uuid import UUID

from stations.models import Station


def ended(uuid: UUID) -> str:
    """A withdrawn station takes no reports; one that is suspended does."""
    return "已撤销" if Station.objects.filter(uuid=uuid, state=Station.State.WITHDRAWN).exists() else ""
