"""What a station is (registry), what hangs at it (around), how it came to be so (history), where the townships lie (places)."""

from stations.models.around import (
    Keepership,
    MapListing,
    OpeningHours,
    Partner,
    StationClosure,
    StationFacility,
    StationPhoto,
)
from stations.models.history import StationChange
from stations.models.places import TownshipPlace
from stations.models.registry import Facility, Station, StationCounter, StationKind

__all__ = [
    "Facility",
    "Keepership",
    "MapListing",
    "OpeningHours",
    "Partner",
    "Station",
    "StationChange",
    "StationClosure",
    "StationCounter",
    "StationFacility",
    "StationKind",
    "StationPhoto",
    "TownshipPlace",
]
