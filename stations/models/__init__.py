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
from stations.models.building import (
    BuildPlan,
    BuildProject,
    ProjectMoney,
    ProjectPhoto,
    ProjectStep,
)
from stations.models.checks import (
    CheckAnswer,
    CheckPhoto,
    SpotDraw,
    SpotTask,
    StationCheck,
)
from stations.models.employers import (
    OutdoorEmployer,
)
from stations.models.events import (
    EventPartner,
    EventPhoto,
    StationEvent,
    StationEventCounter,
    StationEventStep,
)
from stations.models.history import (
    StationChange,
)
from stations.models.places import (
    TownshipPlace,
)
from stations.models.ratings import (
    StationRating,
)
from stations.models.registry import (
    Facility,
    Station,
    StationCounter,
    StationKind,
)
from stations.models.repairs import (
    Repair,
    RepairPhoto,
    RepairStep,
)
from stations.models.served import (
    CheckInDay,
    CheckInMark,
    ServedCount,
)
from stations.models.stars import (
    Downgrade,
    StarRating,
)
from stations.models.supplies import (
    Supply,
    SupplyChange,
)

__all__ = [
    "BuildPlan",
    "BuildProject",
    "CheckAnswer",
    "CheckInDay",
    "CheckInMark",
    "CheckPhoto",
    "Downgrade",
    "EventPartner",
    "EventPhoto",
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
    "ServedCount",
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
    "Supply",
    "SupplyChange",
    "TownshipPlace",
]
