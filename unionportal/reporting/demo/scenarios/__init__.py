"""The districts `load_demo` can load, each into an empty database and in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass

from unionportal.reporting.demo import loader
from unionportal.reporting.demo.scenarios import zhongguan


@dataclass(frozen=True, slots=True)
class Scenario:
    """`load(password=, say=)` builds the district and raises FieldErrors for a refused password; `is_loaded` tells whether it is here."""

    title: str
    load: Callable[..., None]
    is_loaded: Callable[[], bool]


#: By the name the command takes.
SCENARIOS: dict[str, Scenario] = {
    "yuecheng": Scenario("演示区（虚构）", loader.load, loader.is_loaded),
    "zhongguan": Scenario("钟管（虚构）", zhongguan.load, zhongguan.is_loaded),
}
