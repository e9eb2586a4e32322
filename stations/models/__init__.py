"""What a station is (registry), what hangs at it (around), how it came to be so (history), where the townships lie (places),
what takes place at it (events) and whom it serves (served)."""

from stations.models.around import (
    Keepership,
    MapListing,
    OpeningHours,
    Partner,
    StationClosure,
    StationFacility,
    StationPhoto,
)
from stations.models.employers import OutdoorEmployer
from stations.models.events import EventPartner, EventPhoto, StationEvent, StationEventCounter, StationEventStep
from stations.models.history import StationChange
from stations.models.places import TownshipPlace
from stations.models.registry import Facility, Station, StationCounter, StationKind
from stations.models.served import CheckInDay, CheckInMark, ServedCount, StationRenovation

__all__ = [
    "CheckInDay",
    "CheckInMark",
    "EventPartner",
    "EventPhoto",
    "Facility",
    "Keepership",
    "MapListing",
    "OpeningHours",
    "OutdoorEmployer",
    "Partner",
    "ServedCount",
    "Station",
    "StationChange",
    "StationClosure",
    "StationCounter",
    "StationEvent",
    "StationEventCounter",
    "StationEventStep",
    "StationFacility",
    "StationKind",
    "StationPhoto",
    "StationRenovation",
    "TownshipPlace",
]
