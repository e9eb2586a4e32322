"""How the stations stand against the targets set from above, and how a year's plan is getting on. Source: docs/domain.md, "Targets of the stations"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The stations of one township that count (open or paused): all of them, 标杆型, and 智能化型 open for 24 hours."""

    name: str
    stations: int
    benchmark: int
    smart_all_day: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The targets, in per cent; `benchmark_townships`: of the number of townships (130 is 1.3 times)."""

    benchmark: int
    smart_all_day: int
    benchmark_townships: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One target: what is there, what must be, the rule in words, and what is missing by name."""

    key: str
    label: str
    have: int
    need: int
    basis: str
    missing: tuple[str, ...] = ()

    @property
    def lacks(self) -> int:
        return max(0, self.need - self.have)

    @property
    def is_met(self) -> bool:
        return not self.lacks


def standings(places: Sequence[Place], rules: Rules) -> list[Standing]:
    """The targets of a district, or of one township (then the one counted in townships is left out: it is the district's)."""
    stations = sum(place.stations for place in places)
    benchmark = sum(place.benchmark for place in places)
    found = [
        Standing(
            "township",
            "每个镇街至少 1 个站点",
            sum(place.stations > 0 for place in places),
            len(places),
            f"{len(places)} 个镇街",
            tuple(place.name for place in places if not place.stations),
        ),
        Standing(
            "benchmark",
            "标杆型",
            benchmark,
            _percent(stations, rules.benchmark),
            f"不少于 {stations} 个站点的 {rules.benchmark}%",
            tuple(place.name for place in places if not place.benchmark),
        ),
        Standing(
            "smart_all_day",
            "24 小时智能化",
            sum(place.smart_all_day for place in places),
            _percent(stations, rules.smart_all_day),
            f"不少于 {stations} 个站点的 {rules.smart_all_day}%",
            tuple(place.name for place in places if not place.smart_all_day),
        ),
    ]
    if len(places) > 1:
        need = _percent(len(places), rules.benchmark_townships)
        basis = f"不少于镇街数的 {rules.benchmark_townships / 100:g} 倍"
        found.append(Standing("benchmark_townships", "标杆型（按镇街数）", benchmark, need, basis))
    return found


def _percent(number: int, percent: int) -> int:
    """Rounded up: 10 % of 11 are 2."""
    return -(-number * percent // 100)


@dataclass(frozen=True, slots=True)
class Work:
    """A project of the year, as far as the plan counts it."""

    name: str
    is_new: bool
    level: str
    open_all_day: bool
    is_accepted: bool
    step: str


@dataclass(frozen=True, slots=True)
class Progress:
    """One number of a yearly plan: planned, accepted, under way with the step of each, and what nobody has begun."""

    key: str
    label: str
    planned: int
    accepted: int
    under_way: tuple[tuple[str, str], ...]

    @property
    def lacks(self) -> int:
        """Still to be accepted."""
        return max(0, self.planned - self.accepted)

    @property
    def not_begun(self) -> int:
        """Planned, and no project stands for it yet."""
        return max(0, self.planned - self.accepted - len(self.under_way))


LABELS = {"new": "新建", "renovated": "改造", "benchmark": "标杆型", "open_all_day": "24 小时开放"}


def progress(planned: dict[str, int], works: Iterable[Work]) -> list[Progress]:
    """The plan's numbers (keys of `LABELS`) against the projects. One project may count for several: a new 标杆型 open for 24 hours for three."""
    found = list(works)
    counts = {
        "new": [work for work in found if work.is_new],
        "renovated": [work for work in found if not work.is_new],
        "benchmark": [work for work in found if work.level == "benchmark"],
        "open_all_day": [work for work in found if work.open_all_day],
    }
    return [
        Progress(
            key,
            label,
            planned.get(key, 0),
            sum(work.is_accepted for work in counts[key]),
            tuple((work.name, work.step) for work in counts[key] if not work.is_accepted),
        )
        for key, label in LABELS.items()
    ]
