"""The yearly summary by township: the register as it stood on the last day of a year, from the days of the rows and their history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Q

from stations.facts import stars_words
from stations.models import MapListing, Station, StationChange
from stations.opening import ALL_DAY
from unionportal.core.orgs.models import Unit


@dataclass(slots=True)
class Line:
    """A township's year. All but `opened` and `withdrawn` count the stations there were at its end."""

    township: Unit | None
    standing: int = 0
    opened: int = 0
    withdrawn: int = 0
    all_day: int = 0
    benchmark: int = 0
    smart: int = 0
    rated: int = 0
    listed: int = 0

    @property
    def numbers(self) -> list[int]:
        return [getattr(self, name) for name in NUMBERS]


NUMBERS = tuple(field.name for field in fields(Line) if field.name != "township")
HEADINGS = ("镇街", "期末在册", "当年启用", "当年撤销", "24小时", "标杆型", "智能化型", "已评星", "地图上线")


@dataclass(frozen=True, slots=True)
class Summary:
    """One year: a line a township, and their sum. `until` is the year's last day, or today."""

    year: int
    until: date
    lines: list[Line]
    total: Line

    def rows(self) -> Iterator[list[object]]:
        """As a table under HEADINGS."""
        for line in [*self.lines, self.total]:
            yield [str(line.township) if line.township is not None else "合计", *line.numbers]


def year_summary(townships: Iterable[Unit], year: int, today: date) -> Summary:
    """Counted in a fixed number of queries. Source: docs/domain.md, "Outdoor-worker stations"."""
    first, until = date(year, 1, 1), min(date(year, 12, 31), today)
    lines = {township.pk: Line(township) for township in townships}
    concerned = Station.objects.filter(township__in=lines, opened_on__lte=until)
    stations = list(concerned.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=first)).defer("search_tokens"))
    graded = _as_of(stations, until)
    listed = set(
        MapListing.objects.filter(state="listed", since__lte=until, station__in=stations).values_list(
            "station_id", flat=True
        )
    )
    for station in stations:
        line = lines[station.township_id]
        assert station.opened_on is not None, "the filter above"
        line.opened += station.opened_on >= first
        if station.withdrawn_on is not None and station.withdrawn_on <= until:
            line.withdrawn += 1
            continue
        facts = graded[station.pk]
        line.standing += 1
        line.all_day += facts["hours"] == ALL_DAY
        line.benchmark += facts["level"] == Station.Level.BENCHMARK.label
        line.smart += facts["level"] == Station.Level.SMART.label
        line.rated += facts["stars"] != stars_words(None)
        line.listed += station.pk in listed
    rows = list(lines.values())
    total = Line(None, *(sum(getattr(line, name) for line in rows) for name in NUMBERS))
    return Summary(year, until, rows, total)


def _as_of(stations: list[Station], day: date) -> dict[int, dict[str, str]]:
    """Level, stars and hours of each station on a day, in words: what the next change after it says was before, else as they are now."""
    now = {
        station.pk: {
            "level": station.get_level_display(),
            "stars": stars_words(station.stars),
            "hours": ALL_DAY if station.open_all_day else "",
        }
        for station in stations
    }
    later = StationChange.objects.filter(station__in=stations, field__in=["level", "stars", "hours"], on__gt=day)
    seen: dict[int, set[str]] = defaultdict(set)
    for station_id, field, before in later.order_by("on", "id").values_list("station_id", "field", "before"):
        if field not in seen[station_id]:
            seen[station_id].add(field)
            now[station_id][field] = before
    return now
