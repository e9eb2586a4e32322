"""Search over issues: number, title, content, enterprise, notes, answers, and the reporter for those who may know. Source: docs/domain.md, "Search"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Func, Q, QuerySet

from casework.models import Issue, IssueNote, PublicAnswer, Reporter
from casework.models.issues import TOKEN_LENGTH
from casework.models.public import PHONE_PURPOSE
from casework.services.reporters import may_know
from unionportal.core.common import sealed
from unionportal.core.common.kept import Kept
from unionportal.core.common.pagination import PAGE_SIZE
from unionportal.core.common.phones import plain_phone
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.search import query_tokens, spans
from unionportal.core.orgs.models import Enterprise

#: How many enterprises or reporters one word may stand for; who types so little gets the rest by typing more.
MOST_NAMES = 200
#: How far a searched list counts: no further than its page, because every row counted is one whose words are compared.
COUNT_BOUND = PAGE_SIZE
#: Among so many of the newest issues a word is looked for before its index is asked.
NEWEST = 5000
#: Characters shown on each side of what was found.
AROUND = 24
_LETTERS = re.compile(r"[a-zA-Z]{2,}")
_PHONE = re.compile(r"\d{7,12}")


def search_issues(queryset: QuerySet[Issue], text: str, scope: Scope) -> QuerySet[Issue]:
    """Those in which every word typed is found; words are parted by spaces. Letters are tried as pinyin of enterprise names too."""
    return queryset.filter(*conditions(text, scope))


def conditions(text: str, scope: Scope) -> list[Q]:
    """One for each word that says something."""
    wanted = []
    for word in text.split():
        tokens = [token[:TOKEN_LENGTH] for token in query_tokens(word)]
        if not tokens:
            continue
        found = Q(search_tokens__contains=tokens)
        if _LETTERS.fullmatch(word):
            names = Enterprise.objects.visible_to(scope).matching(word).values_list("pk", flat=True)
            if enterprises := list(names[:MOST_NAMES]):
                found |= Q(enterprise_id__in=enterprises)
        if issues := _of_reporters(word, tokens, scope):
            found |= Q(pk__in=issues)
        wanted.append(found)
    return wanted


def among_newest(issues: QuerySet[Issue], wanted: Sequence[Q]) -> QuerySet[Issue]:
    """Of the newest issues those in which every word is found, to be read in the order of the list, without the index of words.

    That index knows no order: of a word in every hundredth issue it would bring ten thousand to show fifty.
    """
    return issues.filter(*(Unindexed(found) for found in wanted), received_on__gte=_newest.get())


class Unindexed(Func):
    """A condition for which no index is used."""

    template = "((%(expressions)s) IS TRUE)"
    output_field = BooleanField()


def _since() -> date:
    """The day from which there are NEWEST issues, or a few more."""
    days = Issue.objects.order_by("-received_on", "-id").values_list("received_on", flat=True)
    return next(iter(days[NEWEST - 1 : NEWEST]), date.min)


_newest: Kept[date] = Kept(_since)


def _of_reporters(word: str, tokens: list[str], scope: Scope) -> list[int]:
    """Issues by the reporter's name (two characters and more) or whole phone number, where this reader may know who it was."""
    if not (scope.has(Role.STAFF) or scope.has(Role.CADRE, Role.TOWNSHIP, Role.HANDLER)):
        return []
    phone = plain_phone(word)
    if _PHONE.fullmatch(phone):
        wanted = Q(phone_find__in=sealed.fingerprints(phone, purpose=PHONE_PURPOSE))
    elif len(word) > 1 and not word.isascii():
        wanted = Q(search_tokens__contains=tokens)
    else:
        return []
    rows = Reporter.objects.filter(wanted).exclude(privacy=Reporter.Privacy.ANONYMOUS).select_related("issue")
    if not scope.has(Role.STAFF):
        visible = Issue.objects.visible_to(scope)
        rows = rows.filter(privacy=Reporter.Privacy.OPEN, issue__in=visible)
    return [row.issue_id for row in rows.order_by("-id")[:MOST_NAMES] if may_know(row, scope)]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where else than in what a row shows a word was found, and the words around it."""

    where: str
    text: str


def excerpts(issues: Sequence[Any], query: str) -> dict[int, Excerpt]:
    """For rows of `selectors.issue_lines` that do not show the word themselves: the first place that has it. Three queries a page, whatever its length."""
    hidden = [issue.id for issue in issues if not _shows(issue, query)]
    if not hidden:
        return {}
    texts = [
        ("内容", Issue.objects.filter(pk__in=hidden).order_by().values_list("pk", "description")),
        (
            "办理过程",
            IssueNote.objects.filter(issue__in=hidden, redacted_at=None)
            .order_by("-id")
            .values_list("issue_id", "text"),
        ),
        (
            "答复",
            PublicAnswer.objects.filter(issue__in=hidden, redacted_at=None)
            .order_by("-id")
            .values_list("issue_id", "text"),
        ),
    ]
    found: dict[int, Excerpt] = {}
    for where, rows in texts:
        for pk, text in rows:
            if pk not in found and (cut := _around(text, query)):
                found[pk] = Excerpt(where, cut)
    return found


def _shows(issue: Any, query: str) -> bool:
    return bool(spans(f"{issue.code} {issue.title} {issue.enterprise__name or ''}", query))


def _around(text: str, query: str) -> str:
    """The words around the first hit, on one line; "" without one."""
    flat = " ".join(text.split())
    hits = spans(flat, query)
    if not hits:
        return ""
    start, end = max(0, hits[0][0] - AROUND), min(len(flat), hits[0][1] + AROUND)
    return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
