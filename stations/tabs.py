"""The parts of the app, in two characters each: five of them stand side by side on a phone."""

from unionportal.core.common.tabs import Tab

TABS = (
    Tab("registry", "站点", "station-list", "station.view"),
    Tab("building", "建设", "building", "building.view"),
    Tab("care", "维护", "care", "care.view"),
    Tab("service", "服务", "station-event-list", "station_event.view"),
    Tab("coverage", "覆盖", "station-coverage", "station.coverage"),
)
