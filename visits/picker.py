"""The enterprise picker: 汉字, full pinyin or initials; recents and long-unvisited key enterprises before anything is typed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from pypinyin import lazy_pinyin

from casework.models import Issue
from casework.workflow import OPEN_STATES
from unionportal.core.accounts.selectors import posted_scope
from unionportal.core.common.search import normalise
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit

MOST = 12
RECENT = 5
OVERDUE = 8
RECENT_GROUP = "最近走访"
OVERDUE_GROUP = "久未走访的重点企业"
OWN_GROUP = "我的片区"


@dataclass(frozen=True, slots=True)
class Picks:
    """What the picker shows; `more` if further enterprises match."""

    rows: list[dict[str, Any]]
    more: bool


def pick(*, cadre_id: int, on: date, text: str) -> Picks:
    """Enterprises of the cadre's postings in force on a day that match what was typed, recents first."""
    townships, enterprises = posted_scope(cadre_id, on)
    own = Enterprise.objects.filter(
        Q(township_id__in=townships) | Q(pk__in=enterprises), is_active=True
    ).select_related("township")
    recent = _recent_ids(cadre_id)
    if normalise(text):
        return _matching(own, text, recent, on)
    return _suggested(own, recent, on)


def picked_detail(enterprise: Enterprise, on: date) -> dict[str, Any]:
    """The row of one enterprise, for a form that comes back with it chosen."""
    found = _with_history(Enterprise.objects.filter(pk=enterprise.pk).select_related("township")).get()
    return _row(found, "", "", on)


def _recent_ids(cadre_id: int) -> list[int]:
    """The enterprises visited last, each once. Looks at the last fifty visits only, so it costs the same for ever."""
    ids = Visit.objects.filter(cadre_id=cadre_id, enterprise__isnull=False).order_by(
        "-visited_on", "-created_at", "-id"
    )
    return list(dict.fromkeys(ids.values_list("enterprise_id", flat=True)[:50]))[:RECENT]


def _with_history(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """With the day of the last visit and the number of open issues: facts about the enterprise, whoever visited."""
    last = Visit.objects.filter(enterprise=OuterRef("pk")).order_by("-visited_on").values("visited_on")[:1]
    issues = (
        Issue.objects.filter(enterprise=OuterRef("pk"), state__in=OPEN_STATES)
        .order_by()
        .values("enterprise")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return enterprises.defer("search_tokens").annotate(
        last_visit=Subquery(last), open_issues=Coalesce(Subquery(issues), 0)
    )


def _matching(own: QuerySet[Enterprise], text: str, recent: list[int], on: date) -> Picks:
    typed = normalise(text)
    rank = Case(
        When(pk__in=recent, then=Value(0)),
        When(Q(pinyin_initials__startswith=typed) | Q(name__startswith=text.strip()), then=Value(1)),
        When(pinyin_joined__startswith=typed, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = list(_with_history(own.matching(text)).order_by(rank, "-is_key", "pinyin_key", "id")[: MOST + 1])
    return Picks([_row(e, "", text, on) for e in found[:MOST]], len(found) > MOST)


def _suggested(own: QuerySet[Enterprise], recent: list[int], on: date) -> Picks:
    known = {e.pk: e for e in _with_history(own.filter(pk__in=recent))}
    rows = [_row(known[pk], RECENT_GROUP, "", on) for pk in recent if pk in known]
    waiting = _with_history(own.filter(is_key=True).exclude(pk__in=recent)).order_by(
        F("last_visit").asc(nulls_first=True), "pinyin_key", "id"
    )[:OVERDUE]
    rows += [_row(e, OVERDUE_GROUP, "", on) for e in waiting]
    if not rows:
        rows = [_row(e, OWN_GROUP, "", on) for e in _with_history(own).order_by("pinyin_key", "id")[:MOST]]
    return Picks(rows, False)


def _row(enterprise: Enterprise, group: str, text: str, on: date) -> dict[str, Any]:
    detail = [str(enterprise.township), _last_words(enterprise.last_visit, on)]
    if enterprise.open_issues:
        detail.append(f"在办诉求 {enterprise.open_issues}")
    return {
        "id": enterprise.credit_code,
        "label": enterprise.name,
        "detail": " · ".join(detail),
        "group": group,
        "township": str(enterprise.township),
        "marks": marks(enterprise.name, text),
        "chips": [{"label": "重点", "tone": "brand"}] if enterprise.is_key else [],
    }


def _last_words(last: date | None, on: date) -> str:
    if last is None:
        return "从未走访"
    year = "" if last.year == on.year else f"{last.year}年"
    return f"上次 {year}{last.month}月{last.day}日"


def marks(name: str, text: str) -> list[list[int]]:
    """Where in the name what was typed stands, as [from, to) pairs: as written, by initials, or by full pinyin."""
    typed = normalise(text)
    if not typed:
        return []
    if not typed.isascii():
        at = name.find(text.strip())
        return [[at, at + len(text.strip())]] if at >= 0 else []
    initials, full = _spelled(name)
    for letters in (initials, full):
        at = "".join(letter for letter, _ in letters).find(typed)
        if at >= 0:
            return [[letters[at][1], letters[at + len(typed) - 1][1] + 1]]
    return []


def _spelled(name: str) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The name's initials and its full pinyin, letter by letter with the character each letter comes from."""
    initials: list[tuple[str, int]] = []
    full: list[tuple[str, int]] = []
    at = 0
    for syllable in lazy_pinyin(name):
        chinese = at < len(name) and name[at] >= "㐀" and not syllable.startswith(name[at])
        letters = [(letter, at) for letter in syllable.lower()] if chinese else list(_latin(syllable, at))
        full += letters
        initials += letters[:1] if chinese else letters
        at += 1 if chinese else len(syllable)
    return initials, full


def _latin(run: str, at: int) -> list[tuple[str, int]]:
    return [(c, at + i) for i, c in enumerate(run.lower()) if c.isascii() and c.isalnum()]
