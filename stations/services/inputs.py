"""What the services of the register take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from stations.coordinates import Point, to_wgs84
from stations.models import Facility, StationKind
from unionportal.core.orgs.models import Unit

#: What a person may be asked about a point and answer with "yes, it is so": the grid, the township, a neighbour.
QUESTIONS = frozenset({"sure_system", "sure_place", "sure_near"})


@dataclass(frozen=True, slots=True)
class GivenPoint:
    """Coordinates as given. `phone`: where a phone stood (WGS-84) when they were entered, if it told."""

    system: str
    longitude: Decimal
    latitude: Decimal
    phone: Point | None = None

    @property
    def wgs84(self) -> Point:
        return to_wgs84(self.system, self.longitude, self.latitude)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationFacts:
    """What is registered of a station and corrected later. Without a point it stays planned.

    `facility_notes`: facility's code -> how many, where; None leaves what is said of them.
    """

    name: str
    township: Unit
    kind: StationKind
    address: str
    building_kind: str = "own"
    partnership: str = ""
    point: GivenPoint | None = None
    directions: str = ""
    area: Decimal | None = None
    services: str = ""
    contact_name: str = ""
    public_phone: str = ""
    facilities: Sequence[Facility] = ()
    facility_notes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PeriodInput:
    """A row of opening hours; see `models.OpeningHours`."""

    weekdays: Sequence[int]
    opens: time
    closes: time
    season_from: int | None = None
    season_until: int | None = None


@dataclass(frozen=True, slots=True)
class PartnerInput:
    """A partner of a station. `kind` is a value of Partner.Kind."""

    kind: str
    name: str
    contributes: str = ""
