"""What a cadre's phone keeps for logging without signal: the enterprises of their own postings, the categories, the words of the form. Nothing else."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from casework.models import Category
from unionportal.core.accounts.models import User
from unionportal.core.accounts.selectors import posted_scope
from unionportal.core.common.clock import local_date
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit
from visits.models import Visit
from visits.selectors import promise_words

#: A township has hundreds; whoever answers for several gets the key enterprises first and the rest by name.
MOST_ENTERPRISES = 3000


@dataclass(frozen=True, slots=True)
class Kept:
    """The content as JSON, and a tag that changes with it."""

    body: bytes
    tag: str


def kept_for(scope: Scope, now: datetime) -> Kept:
    """What the person may log visits for on this day. Five queries for any number of enterprises."""
    content = {
        "user": {"id": scope.user_id, "name": User.objects.get(pk=scope.user_id).display_name},
        "today": local_date(now).isoformat(),
        **_places(scope, now),
        **_categories(),
        "words": _words(),
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Kept(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


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
