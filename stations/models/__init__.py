"""What a station is (registry), what hangs at it (around), how it came to be so (history), where the townships lie (places),
what takes place at it (events) and whom it serves (served)."""
"""What a station is (registry), what hangs at it (around), how it came to be so (history), where the townships lie (places); how it is built (building)
and cared for (checks, repairs, supplies, stars)."""

from stations.models.around import (
    Keepership,
    MapListing,
    OpeningHours,
    Partner,
    StationClosure,
    StationFacility,
    StationPhoto,
)
from stations.models.building import BuildPlan, BuildProject, ProjectMoney, ProjectPhoto, ProjectStep
from stations.models.checks import CheckAnswer, CheckPhoto, SpotDraw, SpotTask, StationCheck
from stations.models.employers import OutdoorEmployer
from stations.models.events import EventPartner, EventPhoto, StationEvent, StationEventCounter, StationEventStep
from stations.models.history import StationChange
from stations.models.places import TownshipPlace
from stations.models.ratings import StationRating
from stations.models.registry import Facility, Station, StationCounter, StationKind
from stations.models.served import CheckInDay, CheckInMark, ServedCount, StationRenovation

__all__ = [
    "CheckInDay",
    "CheckInMark",
    "EventPartner",
    "EventPhoto",
from stations.models.repairs import Repair, RepairPhoto, RepairStep
from stations.models.stars import Downgrade, StarRating
from stations.models.supplies import Supply, SupplyChange

__all__ = [
    "BuildPlan",
    "BuildProject",
    "CheckAnswer",
    "CheckPhoto",
    "Downgrade",
    "Facility",
    "Keepership",
    "MapListing",
    "OpeningHours",
    "OutdoorEmployer",
    "Partner",
    "ServedCount",
    "ProjectMoney",
    "ProjectPhoto",
    "ProjectStep",
    "Repair",
    "RepairPhoto",
    "RepairStep",
    "SpotDraw",
    "SpotTask",
    "StarRating",
    "Station",
    "StationChange",
    "StationCheck",
    "StationClosure",
    "StationCounter",
    "StationEvent",
    "StationEventCounter",
    "StationEventStep",
    "StationFacility",
    "StationKind",
    "StationPhoto",
    "StationRating",
    "StationRenovation",
    "Supply",
    "SupplyChange",
    "TownshipPlace",
]
