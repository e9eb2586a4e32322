"""Opening hours in one cell: as people write them, and as the portal does."""

from typing import Any

import pytest

from stations.hours_text import BadHours, read_hours
from stations.opening import row_words
from tests.stations.cast import ALL_WEEK, period


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24小时", []),
        ("全天 开放", []),
        ("每天 8:00-20:00", ["每天 08:00–20:00"]),
        ("8:00—20:00", ["每天 08:00–20:00"]),
        ("工作日 08:30~17:00；周末 9:00至16:00", ["周一至周五 08:30–17:00", "周六、周日 09:00–16:00"]),
        ("星期一到星期六 22:00-次日06:00", ["周一至周六 22:00–次日06:00"]),
        ("周一、周三、周五 08:00-24:00", ["周一、周三、周五 08:00–24:00"]),
        ("6月1日至9月30日 每天 7:00-22:00\n10月1日至5月31日 8:00-18:00", None),
    ],
)
def test_hours_as_people_write_them(text: str, expected: list[str] | None) -> None:
    found = [row_words(each) for each in read_hours(text)]
    assert found == (
        expected
        if expected is not None
        else [
            "6月1日至9月30日 每天 07:00–22:00",
            "10月1日至5月31日 每天 08:00–18:00",
        ]
    )


@pytest.mark.parametrize(
    "text", ["随时", "周八 8:00-9:00", "周五至周一 8:00-9:00", "25:00-26:00", "8:00-次日20:00", "8点到9点"]
)
def test_hours_nobody_can_read(text: str) -> None:
    with pytest.raises(BadHours):
        read_hours(text)


@pytest.mark.parametrize(
    "one",
    [
        period(),
        period("22:00", "06:00", (1, 2, 3)),
        period("00:00", "12:00", ALL_WEEK, season_from=1115, season_until=315),
    ],
)
def test_what_the_portal_writes_it_reads_again(one: Any) -> None:
    assert row_words(read_hours(row_words(one))[0]) == row_words(one)
    assert read_hours(row_words(one))[0].opens == one.opens
