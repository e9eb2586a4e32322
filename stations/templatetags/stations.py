from typing import Any

from django import template

from stations.tabs import TABS
from unionportal.core.common.tabs import ShownTab, shown_tabs

register = template.Library()


@register.simple_tag(takes_context=True)
def station_tabs(context: Any, current: str) -> list[ShownTab]:
    """{% station_tabs "registry" as tabs %}: the parts of the app this person may open."""
    return shown_tabs(TABS, context["request"], current)
