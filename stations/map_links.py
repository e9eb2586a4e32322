"""Links that open a station in the map apps of a phone, each with the coordinates of its own grid. Formats: the operators' URI documentation."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

from stations.coordinates import CoordinateSystem, from_wgs84
from stations.models import Station

#: Who sends people there, as the operators ask to be told.
SOURCE = "unionportal"


class MapLink(NamedTuple):
    """A map and the address that opens it."""

    label: str
    url: str


def map_links(station: Station) -> list[MapLink]:
    """高德, 腾讯, 百度, and whatever app an Android phone has for `geo:`, which iPhones do not know. Empty while nobody said where the station is."""
    if station.longitude is None or station.latitude is None:
        return []
    place = station.longitude, station.latitude
    east, north = (f"{degrees:.6f}" for degrees in from_wgs84(CoordinateSystem.GCJ02, *place))
    amap = {
        "position": f"{east},{north}",
        "name": station.name,
        "src": SOURCE,
        "coordinate": "gaode",
        "callnative": "1",
    }
    tencent = {
        "marker": f"coord:{north},{east};title:{_plain(station.name)};addr:{_plain(station.address)}",
        "referer": SOURCE,
    }
    bd_east, bd_north = (f"{degrees:.6f}" for degrees in from_wgs84(CoordinateSystem.BD09, *place))
    baidu = {
        "location": f"{bd_north},{bd_east}",
        "title": station.name,
        "content": station.address,
        "output": "html",
        "coord_type": "bd09ll",
        "src": SOURCE,
    }
    spot = f"{station.latitude:.6f},{station.longitude:.6f}"
    return [
        MapLink("高德地图", f"https://uri.amap.com/marker?{urlencode(amap)}"),
        MapLink("腾讯地图", f"https://apis.map.qq.com/uri/v1/marker?{urlencode(tencent)}"),
        MapLink("百度地图", f"https://api.map.baidu.com/marker?{urlencode(baidu)}"),
        MapLink("其他地图（安卓）", f"geo:{spot}?q={spot}({quote(station.name)})"),
    ]


def _plain(text: str) -> str:
    """Without the signs that part Tencent's fields."""
    return text.replace(";", "，").replace(":", " ")
