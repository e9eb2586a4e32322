"""What a phone keeps for working without signal: parts, one an app, each for those its policy action permits.

The part of visits is here: the enterprises of the cadre's own postings, the categories, the words of the form. Nothing else. What floors above
keep is offered to `PARTS` and `PAGES` in `unionportal/composition.py`.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from casework.models import Category
from unionportal.core.accounts.models import User
from unionportal.core.accounts.selectors import posted_scope
from unionportal.core.common.clock import local_date
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit
from visits.models import Visit
from visits.selectors import promise_words

#: A township has hundreds; whoever answers for several gets the key enterprises first and the rest by name.
MOST_ENTERPRISES = 3000


@dataclass(frozen=True, slots=True)
class Part:
    """What one app lets a phone keep: for whom, and the content under keys of its own. `words` (code -> label) are for two versions side by side."""

    action: str
    content: Callable[[Scope, datetime], dict[str, Any]]
    words: Callable[[], dict[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Start:
    """The button by which other kept pages lead to a form. `needs`: the key of what the phone keeps without which it is not offered."""

    label: str
    icon: str
    needs: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page the phone keeps, the same for everybody: its template with the context it needs, and the address it opens instead of when the line is gone."""

    template: str
    context: Callable[[], dict[str, Any]] = dict
    instead_of: str = ""
    start: Start | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The content as JSON, and a tag that changes with it."""

    body: bytes
    tag: str


def kept_for(scope: Scope, now: datetime) -> Kept:
    """What the person may work on without signal on this day. For visits five queries, for any number of enterprises."""
    content: dict[str, Any] = {
        "user": {"id": scope.user_id, "name": User.objects.get(pk=scope.user_id).display_name},
        "today": local_date(now).isoformat(),
        "words": {},
    }
    for part in PARTS.values():
        if allowed(scope, part.action):
            content |= part.content(scope, now)
            content["words"] |= part.words()
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Kept(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _of_visits(scope: Scope, now: datetime) -> dict[str, Any]:
    return {**_places(scope, now), **_categories()}


def _places(scope: Scope, now: datetime) -> dict[str, Any]:
    townships, enterprises = posted_scope(scope.user_id, local_date(now))
    found = (
        Enterprise.objects.filter(Q(township_id__in=townships) | Q(pk__in=enterprises), is_active=True)
        .order_by("-is_key", "pinyin_key", "id")
        .values_list("credit_code", "name", "pinyin_joined", "pinyin_initials", "township__short_name", "is_key")
    )
    rows = list(found[: MOST_ENTERPRISES + 1])
    return {
        "enterprises": [
            {"id": code, "label": name, "pinyin": pinyin, "initials": initials, "township": township, "key": is_key}
            for code, name, pinyin, initials, township, is_key in rows[:MOST_ENTERPRISES]
        ],
        "more": len(rows) > MOST_ENTERPRISES,
        "townships": [
            {"id": unit.code, "label": unit.short_name}
            for unit in Unit.objects.townships().active().filter(pk__in=townships).order_by("code")
        ],
    }


def _categories() -> dict[str, Any]:
    categories = list(Category.objects.filter(is_active=True).order_by("position", "id"))
    return {
        "categories": [{"id": category.code, "label": category.name} for category in categories],
        "promises": promise_words(categories),
    }


def _words() -> dict[str, Any]:
    """The choices in words, for lists and for two versions side by side."""
    return {
        "kind": dict(Visit.Kind.choices),
        "mode": dict(Visit.Mode.choices),
        "target_kind": dict(Visit.Target.choices),
        "check": dict(Visit.Check.choices),
    }


#: App -> what it lets a phone keep.
PARTS: dict[str, Part] = {"visits": Part("visit.create", _of_visits, _words)}
