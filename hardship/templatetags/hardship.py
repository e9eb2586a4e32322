from typing import Any

from django import template

from hardship.tabs import TABS
from unionportal.core.common.tabs import ShownTab, shown_tabs

register = template.Library()


@register.simple_tag(takes_context=True)
def hardship_tabs(context: Any, current: str) -> list[ShownTab]:
    """{% hardship_tabs "files" as tabs %}: the parts of the app this person may open."""
    return shown_tabs(TABS, context["request"], current)
