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
from stations.models.history import StationChange
from stations.models.places import TownshipPlace
from stations.models.registry import Facility, Station, StationCounter, StationKind
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
    "StationFacility",
    "StationKind",
    "StationPhoto",
    "Supply",
    "SupplyChange",
    "TownshipPlace",
]
