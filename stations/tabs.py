"""The pages of the app, side by side under its menu entry; each part adds its own."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of the app: shown to whom the policy permits `action`. `name` is what its pages call themselves."""

    name: str
    label: str
    view: str
    action: str


TABS = (
    Tab("registry", "站点", "station-list", "station.view"),
    Tab("building", "计划与建设", "building", "building.view"),
    Tab("care", "检查维护", "care", "care.view"),
    Tab("service", "活动服务", "station-event-list", "station_event.view"),
    Tab("coverage", "覆盖", "station-coverage", "station.coverage"),
)


@dataclass(frozen=True, slots=True)
class ShownTab:
    label: str
    url: str
    active: bool


def tabs_for(request: HttpRequest, current: str) -> list[ShownTab]:
    """The tabs this person may open; none where there is but one."""
    shown = [ShownTab(tab.label, reverse(tab.view), tab.name == current) for tab in TABS if request.may(tab.action)]
    return shown if len(shown) > 1 else []
