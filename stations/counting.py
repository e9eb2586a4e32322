"""The three ways in which people served are counted, and figures that keep them apart. It imports nothing of the project.

Source: docs/domain.md, "Service of the stations"; docs/decisions/0021-three-ways-of-counting.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a number of people was found."""

    TALLY = "tally"
    CHECK_IN = "check_in"
    ESTIMATE = "estimate"


WAY_LABELS: dict[str, str] = {
    Way.TALLY: "点数",
    Way.CHECK_IN: "扫码",
    Way.ESTIMATE: "估算",
}

#: What each way is, for whoever reads a figure.
WAY_WORDS: dict[str, str] = {
    Way.TALLY: "管理员当天逐人点数后登记的人次",
    Way.CHECK_IN: "户外劳动者在驿站扫当天的签到码，一部手机一站一天计一次；只计次数，不记是谁",
    Way.ESTIMATE: "没有点数时按写明的依据估算的人次",
}

#: Ways that are entered by hand; check-ins count themselves.
ENTERED_WAYS: tuple[Way, ...] = (Way.TALLY, Way.ESTIMATE)


@dataclass(frozen=True, slots=True)
class Served:
    """People served (人次) by way. The ways are never added without `added_words` beside the sum."""

    tally: int = 0
    check_in: int = 0
    estimate: int = 0

    def of(self, way: str) -> int:
        """The number found in one way."""
        return int(getattr(self, Way(way).value))

    @property
    def added(self) -> int:
        """All three together; only to be shown with `added_words`."""
        return self.tally + self.check_in + self.estimate

    @property
    def added_words(self) -> str:
        """What `added` is made of, and why it is not a count of its own."""
        parts = [f"{label}{self.of(way):,}" for way, label in WAY_LABELS.items() if self.of(way)]
        if not parts:
            return "没有登记服务人次"
        if len(parts) == 1:
            return f"{parts[0]}人次"
        return f"{'＋'.join(parts)}＝{self.added:,}人次（计数方式不同，同一人同一天可能重复）"
