"""What upper floors attach to pages of lower ones, filled in `unionportal/apps.py`.

A panel is a function (request, object) -> rendered HTML or "" ; a slot is a dotted name a page renders, such as "enterprise.main".
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Panel = Callable[[HttpRequest, Any], SafeString | str]
_slots: dict[str, list[Panel]] = defaultdict(list)


def attach(slot: str, panel: Panel) -> None:
    """Add a panel to a slot; order of attaching is order on the page."""
    if panel not in _slots[slot]:
        _slots[slot].append(panel)


def render(slot: str, request: HttpRequest, subject: Any) -> list[SafeString | str]:
    """The slot's panels for this object, empty ones left out."""
    return [html for panel in _slots[slot] if (html := panel(request, subject))]
