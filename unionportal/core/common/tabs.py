"""The parts of an app, side by side under its menu entry; each is shown to whom the policy permits it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of an app. `name` is what its pages call themselves, `view` its first page."""

    name: str
    label: str
    view: str
    action: str


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab as this person sees it."""

    label: str
    url: str
    active: bool


def shown_tabs(tabs: Sequence[Tab], request: HttpRequest, current: str) -> list[ShownTab]:
    """The tabs this person may open; none where there is but one."""
    shown = [ShownTab(tab.label, reverse(tab.view), tab.name == current) for tab in tabs if request.may(tab.action)]
    return shown if len(shown) > 1 else []
