"""Whether a point can be where it is said to be: in the country, in the district, on the grid named, and not upon another station.

What is certainly wrong is refused; what may be right is asked about, and a person answers by ticking the question (`QUESTIONS`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from stations.coordinates import (
    ELSEWHERE,
    SAME_PLACE,
    CoordinateSystem,
    Point,
    box_around,
    distance,
    suspicious_shift,
    to_wgs84,
)
from stations.models import Station, TownshipPlace
from stations.models.registry import COUNTRY
from stations.services.inputs import GivenPoint
from unionportal.core.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """What the point is to be judged by. `known`: WGS-84 points the station should be at, from other sources."""

    township: Unit
    own: int | None
    known: Sequence[Point] = ()


def point_problems(given: GivenPoint, place: Place, sure: Collection[str]) -> dict[str, str]:
    """Field -> what is wrong with it or what has to be confirmed; nothing: the point is good."""
    if given.system not in CoordinateSystem:
        return {"system": "请选择坐标系：坐标是从哪个地图或设备上取的。"}
    if problem := _outside_the_country(given):
        return {"longitude": problem}
    asked = _asked_about_the_township(given.wgs84, place.township)
    if "longitude" in asked:
        return asked
    if words := _asked_about_the_grid(given, place):
        asked["sure_system"] = words
    if words := _asked_about_a_neighbour(given.wgs84, place.own):
        asked["sure_near"] = words
    return {field: words for field, words in asked.items() if field not in sure}


def _outside_the_country(given: GivenPoint) -> str:
    west, south, east, north = COUNTRY
    longitude, latitude = given.longitude, given.latitude
    if west <= longitude <= east and south <= latitude <= north:
        return ""
    if west <= latitude <= east and south <= longitude <= north:
        return "经度和纬度好像填反了：经度是 120 左右的数，纬度是 30 左右的数。"
    return "经度或纬度不对，请用小数填写，如 120.582112 和 30.003355。"


def _asked_about_the_township(point: Point, township: Unit) -> dict[str, str]:
    """A point beyond the reach of every township is refused, one beyond its own township's is asked about. Without places nothing is known."""
    places = list(TownshipPlace.objects.select_related("township").order_by("township__code"))
    away = {place: distance(point, Point(float(place.longitude), float(place.latitude))) for place in places}
    if not away:
        return {}
    nearest = min(away, key=lambda place: away[place])
    if all(metres > place.reach for place, metres in away.items()):
        words = f"这个点不在本区范围内：离最近的{nearest.township}中心也有 {_far(away[nearest])}。请核对坐标和坐标系。"
        return {"longitude": words}
    own = next((place for place in places if place.township_id == township.pk), None)
    if own is not None and away[own] > own.reach:
        words = (
            f"这个点离{township}中心 {_far(away[own])}，更靠近{nearest.township}。确实属于{township}的，请勾选确认。"
        )
        return {"sure_place": words}
    return {}


def _asked_about_the_grid(given: GivenPoint, place: Place) -> str:
    """Coordinates of one grid given as another are off by hundreds of metres. Where a place is known that can be seen; where none is, GPS coordinates
    that no phone measured are asked about, for what people copy from a map on the web is never WGS-84."""
    known = [*place.known, *([given.phone] if given.phone is not None else [])]
    likely = suspicious_shift(given.system, given.longitude, given.latitude, known=known)
    if likely is not None:
        shift = _far(distance(given.wgs84, to_wgs84(likely, given.longitude, given.latitude)))
        named = CoordinateSystem(given.system).label
        return f"按{likely.label}读，这个点正好落在已知的位置上；按{named}读要偏 {shift}。坐标系确实没有选错的，请勾选确认。"
    if given.system != CoordinateSystem.WGS84 or any(distance(given.wgs84, one) < ELSEWHERE for one in known):
        return ""
    shift = _far(distance(given.wgs84, to_wgs84(CoordinateSystem.BD09, given.longitude, given.latitude)))
    return (
        f"网页地图上取的坐标都不是 GPS（WGS-84）：如果是百度坐标，位置会偏 {shift}。确实由定位设备测得的，请勾选确认。"
    )


def _asked_about_a_neighbour(point: Point, own: int | None) -> str:
    box = box_around(point, SAME_PLACE)
    near = Station.objects.exclude(state=Station.State.WITHDRAWN).exclude(pk=own or 0)
    near = near.filter(longitude__range=(box.west, box.east), latitude__range=(box.south, box.north))
    for other in near.only("code", "name", "longitude", "latitude").order_by("code"):
        metres = distance(point, Point(float(other.longitude or 0), float(other.latitude or 0)))
        if metres < SAME_PLACE:
            return f"{metres:.0f} 米内已有{other.name}（{other.code}）。确实是另一个驿站的，请勾选确认。"
    return ""


def _far(metres: float) -> str:
    return f"{metres:.0f} 米" if metres < 1000 else f"{metres / 1000:.1f} 公里"
