"""`{% load care %}`: the pages of building and care, side by side, and findings in words."""

from typing import Any

from django import template
from django.urls import reverse

from unionportal.core.common import clock
from unionportal.core.common.tabs import ShownTab
from visits.sheet_selectors import findings_words

register = template.Library()
register.filter("findings_words", findings_words)


@register.simple_tag(takes_context=True)
def care_parts(context: Any, current: str) -> list[ShownTab]:
    """{% care_parts "checks" as parts %}: the pages of the care this person may open."""
    may = context["request"].may
    parts = (
        ("overview", "概览", reverse("care"), "care.view"),
        ("checks", "检查", reverse("station-check-list"), "care.view"),
        ("spot", "抽查", reverse("spot-check-list"), "spot_check.view"),
        ("repairs", "维修", reverse("repair-list"), "care.view"),
        ("supplies", "物资", reverse("supply-warnings"), "care.view"),
        ("stars", "星级", reverse("stars", args=[clock.today().year]), "stars.view"),
    )
    return [ShownTab(label, url, name == current) for name, label, url, action in parts if may(action)]
