"""Finding a station: what a visitor asks for, and the stations that fit, nearest first. docs/decisions/0019-map-without-tiles.md."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from stations.coordinates import Point, distance
from stations.directory import Choice, Directory
from stations.lines import StationLine, facilities_of, station_lines
from stations.mercator import away_from
from stations.models import Station, StationFacility
from stations.models.registry import COUNTRY
from stations.open_now import open_at
from stations.opening import is_open
from stations.today import today_words
from unionportal.core.common import clock

#: Rows of a page: on an old phone ten nearest are more than anybody walks to.
PAGE_SIZE = 10
#: Further down nobody looks; whoever gets here should say more exactly what they look for.
MOST_PAGES = 50
TEXT_LENGTH = 40
#: What a station of a kind is called that was added a moment ago.
ANY_KIND = "驿站"
POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,8})?),(-?\d{1,2}(?:\.\d{1,8})?)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. `at` is where they are; `lost` says that a place was given and could not be read."""

    text: str = ""
    township: Choice | None = None
    kind: Choice | None = None
    facilities: tuple[Choice, ...] = ()
    open_now: bool = False
    at: Point | None = None
    lost: bool = False
    page: int = 1

    @property
    def place(self) -> str:
        """`at` as an address carries it."""
        return f"{self.at.longitude:.3f},{self.at.latitude:.3f}" if self.at else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter behind the fold is on."""
        return bool(self.township or self.kind or self.facilities)


@dataclass(frozen=True, slots=True)
class Found:
    """A station as the list shows it; `metres` from where the visitor is."""

    station: StationLine
    kind: str
    is_open: bool
    hours: str
    facilities: str
    metres: float | None

    @property
    def distance(self) -> str:
        """How far, in words; "" where the visitor did not say where they are."""
        return distance_words(self.metres)


def wanted_from(query: QueryDict, choices: Directory) -> Wanted:
    """Read an address. What it does not know, such as a facility retired since a link was kept, it leaves out."""

    def chosen(name: str, among: Iterable[Choice]) -> tuple[Choice, ...]:
        codes = query.getlist(name)
        return tuple(each for each in among if each.code in codes) if codes else ()

    given = query.get("at", "")
    at = place_from(given)
    page = query.get("page", "1")
    return Wanted(
        text=query.get("q", "").replace("\x00", "").strip()[:TEXT_LENGTH],
        township=next(iter(chosen("township", choices.townships)), None),
        kind=next(iter(chosen("kind", choices.kinds)), None),
        facilities=chosen("facility", choices.facilities),
        open_now=query.get("open") == "1",
        at=at,
        lost=bool(given) and at is None,
        page=min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdecimal() and len(page) < 4 else 1,
    )


def place_from(text: str) -> Point | None:
    """A WGS-84 point written as degrees east, comma, degrees north; None for anything that is not a place in the country."""
    match = POINT.fullmatch(text)
    if match is None:
        return None
    point = Point(float(match[1]), float(match[2]))
    west, south, east, north = COUNTRY
    return point if west <= point.longitude <= east and south <= point.latitude <= north else None


def stations_for(wanted: Wanted, moment: datetime) -> QuerySet[Station]:
    """The open-to-workers stations that fit, in no order."""
    found = Station.objects.serving()
    if wanted.text:
        found = found.matching(wanted.text)
    if wanted.township is not None:
        found = found.filter(township=wanted.township.pk)
    if wanted.kind is not None:
        found = found.filter(kind=wanted.kind.pk)
    for facility in wanted.facilities:
        found = found.filter(Exists(StationFacility.objects.filter(station=OuterRef("pk"), facility=facility.pk)))
    return found.filter(open_at(moment)) if wanted.open_now else found


def page_of(wanted: Wanted, choices: Directory, moment: datetime) -> tuple[list[Found], bool]:
    """One page of the list and whether another follows: nearest first where the visitor said where they are, else by number."""
    order = "code" if wanted.at is None else away_from(wanted.at)
    start = (wanted.page - 1) * PAGE_SIZE
    stations = stations_for(wanted, moment).order_by(order)[start : start + PAGE_SIZE + 1]
    lines = station_lines(stations, clock.local_date(moment))
    has_more = len(lines) > PAGE_SIZE and wanted.page < MOST_PAGES
    return shown(lines[:PAGE_SIZE], choices, moment, wanted.at), has_more


def nearest_open(station: Station, choices: Directory, moment: datetime, *, most: int = 3) -> list[Found]:
    """The stations a worker may go to instead: the nearest that are open to workers, those open at this hour first among them."""
    if station.longitude is None or station.latitude is None:
        return []
    here = Point(float(station.longitude), float(station.latitude))
    others = Station.objects.serving().exclude(pk=station.pk).order_by(away_from(here))[:most]
    lines = station_lines(others, clock.local_date(moment))
    return sorted(shown(lines, choices, moment, here), key=lambda each: not each.is_open)


def shown(lines: list[StationLine], choices: Directory, moment: datetime, at: Point | None) -> list[Found]:
    """Rows as a list shows them."""
    day = clock.local_date(moment)
    held = facilities_of((line.pk for line in lines), choices.facility_names)
    return [
        Found(
            station=line,
            kind=choices.kind_names.get(line.kind_id, ANY_KIND),
            is_open=is_open(line, moment),
            hours=today_words(line, day),
            facilities="、".join(held.get(line.pk, ())),
            metres=distance(at, line.point) if at else None,
        )
        for line in lines
    ]


def distance_words(metres: float | None) -> str:
    """约350米, 1.2公里. Where the visitor is, is known to a hundred metres only: rounder than it looks."""
    if metres is None:
        return ""
    if metres < 75:
        return "就在附近"
    if metres < 1000:
        return f"约{round(metres / 50) * 50}米"
    return f"{metres / 1000:.1f}公里" if metres < 100_000 else f"{metres / 1000:.0f}公里"
