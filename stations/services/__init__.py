"""Writes of the register, split by what they change."""

from stations.services.grades import station_level_set
from stations.services.hours import (
    closure_add,
    closure_end,
    hours_set,
)
from stations.services.inputs import (
    GivenPoint,
    PeriodInput,
    StationFacts,
)
from stations.services.keepers import (
    keeper_appoint,
    keeper_end,
)
from stations.services.register import (
    station_correct,
    station_create,
)
from stations.services.states import (
    station_open,
    station_resume,
    station_suspend,
    station_withdraw,
)

__all__ = [
    "GivenPoint",
    "PeriodInput",
    "StationFacts",
    "closure_add",
    "closure_end",
    "hours_set",
    "keeper_appoint",
    "keeper_end",
    "station_correct",
    "station_create",
    "station_level_set",
    "station_open",
    "station_resume",
    "station_suspend",
    "station_withdraw",
]
