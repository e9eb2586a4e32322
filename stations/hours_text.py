"""Opening hours written in one cell, as `opening.row_words` writes them and as people do: 周一至周五 8:00-20:00；6月1日至9月30日 每天 7:00-22:00."""

import re
from datetime import time

from stations.opening import DAY_NAMES
from stations.services.inputs import PeriodInput

ALL_DAY = frozenset({"24小时", "24小时开放", "全天", "全天开放"})
_DAY = r"(\d{1,2})月(\d{1,2})日"
_TO = r"[-–—~至到]"
_SEASON = re.compile(rf"^{_DAY}{_TO}{_DAY}")
_SPAN = re.compile(rf"(\d{{1,2}})[:：](\d{{2}}){_TO}(次日|第二天)?(\d{{1,2}})[:：](\d{{2}})$")
_NAMED = {"": range(1, 8), "每天": range(1, 8), "工作日": range(1, 6), "周末": range(6, 8), "双休日": range(6, 8)}


class BadHours(ValueError):
    """What cannot be read, in Chinese."""


def read_hours(text: str) -> list[PeriodInput]:
    """The periods of a cell; none for a station that is open all day. Raises BadHours."""
    plain = re.sub(r"\s+", "", text)
    if plain in ALL_DAY:
        return []
    return [_period(part) for part in re.split(r"[;；\n]", re.sub(r"[ \t]+", "", text)) if part.strip()]


def _period(text: str) -> PeriodInput:
    rest = text.strip()
    season: tuple[int | None, int | None] = (None, None)
    if match := _SEASON.match(rest):
        first, first_day, last, last_day = map(int, match.groups())
        season = (first * 100 + first_day, last * 100 + last_day)
        rest = rest[match.end() :]
    found = _SPAN.search(rest)
    if found is None:
        raise BadHours(f"看不懂“{text}”，请写成“周一至周五 08:00-20:00”，几段之间用分号。")
    hours = (found[1], found[2]), (found[4], found[5])
    opens, closes = (_hour(*hour, text) for hour in hours)
    if found[3] and closes > opens:
        raise BadHours(f"“{text}”超过 24 小时，请核对；全天开放的写“24小时”。")
    return PeriodInput(_weekdays(rest[: found.start()], text), opens, closes, *season)


def _hour(hour: str, minute: str, text: str) -> time:
    try:
        return time(0 if (hour, minute) == ("24", "00") else int(hour), int(minute))
    except ValueError:
        raise BadHours(f"“{text}”里的时间不对。") from None


def _weekdays(words: str, text: str) -> list[int]:
    """每天, 周一至周五, 周六、周日, 周一三五 are not all written alike: names one by one, or the ends of a run."""
    plain = words.replace("星期", "周").replace("礼拜", "周").replace("周天", "周日")
    if plain in _NAMED:
        return list(_NAMED[plain])
    days: set[int] = set()
    for part in re.split(r"[、,，和]", plain):
        ends = re.fullmatch(rf"周([{DAY_NAMES}])(?:{_TO}周?([{DAY_NAMES}]))?", part)
        if ends is None:
            raise BadHours(f"看不懂“{text}”里的星期，请写“每天”“周一至周五”或“周六、周日”。")
        first = DAY_NAMES.index(ends[1]) + 1
        last = DAY_NAMES.index(ends[2]) + 1 if ends[2] else first
        if last < first:
            raise BadHours(f"“{text}”里的星期前后颠倒了。")
        days.update(range(first, last + 1))
    return sorted(days)
