"""How a station is shown: its state as a chip, its grade in a line, its history as a timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stations.facts import LABELS
from stations.models import Station, StationChange
from stations.opening import is_open

#: State -> tone and icon of its chip.
STATE_LOOKS: dict[str, tuple[str, str]] = {
    "planned": ("link", "calendar"),
    "open": ("ok", "check"),
    "suspended": ("warn", "pause"),
    "withdrawn": ("idle", "close-circle"),
}
LEVEL_TONES = {"basic": "idle", "benchmark": "brand", "smart": "link"}
CHANGE_ICONS = {
    "level": "flag",
    "stars": "star",
    "keeper": "user",
    "hours": "clock",
    "closure": "pause",
    "photos": "image",
}


def station_look(station: Station) -> dict[str, str]:
    """The state as a chip."""
    tone, icon = STATE_LOOKS[station.state]
    return {"label": station.get_state_display(), "tone": tone, "icon": icon}


def open_look(station: Station, moment: datetime) -> dict[str, str] | None:
    """Whether workers can walk in now; nothing for a station that does not serve."""
    if station.state != Station.State.OPEN:
        return None
    if is_open(station, moment):
        return {"label": "现在开放", "tone": "ok", "icon": "check-circle"}
    return {"label": "现在关门", "tone": "idle", "icon": "clock"}


def change_event(change: StationChange) -> dict[str, Any]:
    """A row of the history for `components/timeline.html`."""
    label = LABELS.get(change.field, change.field)
    if change.field == "registered":
        text = "登记驿站"
    elif change.before and change.after:
        text = f"{label}：{change.before} → {change.after}"
    elif change.after:
        text = f"{label}：{change.after}"
    else:
        text = f"{label}：去掉 {change.before}"
    tone = "ok" if change.field in ("state", "level", "stars") else "idle"
    return {
        "text": text,
        "at": change.at,
        "who": change.actor.display_name if change.actor is not None else "",
        "note": change.reason,
        "tone": tone,
        "icon": CHANGE_ICONS.get(change.field, "edit"),
    }


def shown_step(step: Any, looks: Mapping[str, tuple[str, str, str]]) -> dict[str, Any]:
    """A step of a repair or a project for the timeline; `looks` says each action's label, tone and icon."""
    label, tone, icon = looks[step.action]
    return {"text": label, "tone": tone, "icon": icon, "at": step.at, "who": step.actor.display_name, "note": step.note}
