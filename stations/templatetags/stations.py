from typing import Any

from django import template

from stations.tabs import ShownTab, tabs_for

register = template.Library()


@register.simple_tag(takes_context=True)
def station_tabs(context: Any, current: str) -> list[ShownTab]:
    """{% station_tabs "registry" as tabs %}: the parts of the app this person may open."""
    return tabs_for(context["request"], current)
