"""Who is checked without notice this quarter, and by whom: drawn from a stated seed, so that anybody can repeat the draw with nothing but SHA-256.

Source: docs/domain.md, "Care of the stations"; docs/decisions/0020-spot-checks-anybody-can-repeat.md.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

RULE = (
    "把“种子:站点编号”按 UTF-8 取 SHA-256，得到每个站点的抽签号；每个镇街抽签号小的先抽，抽满比例（不足 1 个按 1 个）为止。"
    "检查人按“种子:用户名”的抽签号从小到大排成一圈，抽中的站点也按抽签号从小到大，依次轮到下一位；站点自己的管理员跳过。"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A station that may be drawn. `keepers`: user names that may not check it."""

    code: str
    township: str
    keepers: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A station that was drawn, and who checks it."""

    code: str
    inspector: str


def mark(seed: str, name: str) -> str:
    """The lot (抽签号) of a station or an inspector."""
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def draw(candidates: Iterable[Candidate], inspectors: Iterable[str], *, seed: str, percent: int) -> list[Drawn]:
    """The stations drawn, by lot, each with its inspector. The order in which candidates and inspectors are given does not matter.

    Raises ValueError with a station's code where nobody may check it.
    """
    places: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        places[candidate.township].append(candidate)
    chosen: list[Candidate] = []
    for there in places.values():
        ordered = sorted(there, key=lambda each: mark(seed, each.code))
        chosen += ordered[: share_of(len(there), percent)]
    ring = sorted(set(inspectors), key=lambda name: mark(seed, name))
    drawn = []
    for turn, candidate in enumerate(sorted(chosen, key=lambda each: mark(seed, each.code))):
        drawn.append(Drawn(candidate.code, _next_free(ring, turn, candidate)))
    return drawn


def share_of(number: int, percent: int) -> int:
    """So many of a hundred, rounded up: one at least where there is any."""
    return min(number, max(1, -(-number * percent // 100))) if number else 0


def _next_free(ring: Sequence[str], turn: int, candidate: Candidate) -> str:
    for step in range(len(ring)):
        name = ring[(turn + step) % len(ring)]
        if name not in candidate.keepers:
            return name
    raise ValueError(candidate.code)
