"""Search over issues: number, title, content, enterprise, notes, answers, and the reporter for those who may know. Source: docs/domain.md, "Search"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Func, Q, QuerySet

from casework.models import Issue, IssueNote, PublicAnswer, Reporter
from casework.models.issues import DAY_ZERO, TOKEN_LENGTH, day_number
from casework.models.public import PHONE_PURPOSE
from casework.services.reporters import may_know
from unionportal.core.common import sealed
from unionportal.core.common.kept import Kept
from unionportal.core.common.pagination import PAGE_SIZE
from unionportal.core.common.phones import plain_phone
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.search import query_tokens, spans, spelled
from unionportal.core.orgs.models import Enterprise

#: How many enterprises or reporters one word may stand for; who types so little gets the rest by typing more.
MOST_NAMES = 200
#: How far a searched list counts: no further than its page, because every row counted is one whose words are compared.
COUNT_BOUND = PAGE_SIZE
#: Among so many of the newest issues a word is looked for that every twenty-fifth or more have; no index is needed for it.
NEWEST = 5000
OFTEN = 4 * PAGE_SIZE / NEWEST
#: A word so few issues have is brought whole by its index. Of others, first those of the last days, in which so many are to be expected; other
#: filters may leave few of them, then those of more days.
FEW = 1000
EXPECTED = (200, 1600)
#: Characters shown on each side of what was found.
AROUND = 24
_LETTERS = re.compile(r"[a-zA-Z]{2,}")
_PHONE = re.compile(r"\d{7,12}")


def search_issues(queryset: QuerySet[Issue], text: str, scope: Scope) -> QuerySet[Issue]:
    """Those in which every word typed is found; words are parted by spaces. Letters are tried as pinyin of enterprise names too."""
    return queryset.filter(*(word.found for word in words_of(text, scope)))


class Word(NamedTuple):
    """A word typed: what it finds, and the tokens all of that has; none where it may stand for a name too."""

    found: Q
    tokens: tuple[str, ...]


def words_of(text: str, scope: Scope) -> list[Word]:
    """The words typed that say something."""
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
        plain = found == Q(search_tokens__contains=tokens)
        wanted.append(Word(found, tuple(tokens) if plain else ()))
    return wanted


def newest_first(issues: QuerySet[Issue], words: Sequence[Word]) -> list[QuerySet[Issue]]:
    """Of the issues in which every word is found the newest, to be tried one after the other before all are read; nothing where all are few.

    The index of words knows no order: of a word in every hundredth of a million issues it would bring ten thousand to show fifty. It knows days.
    """
    issues_in_all, shares = common_tokens.get()
    share = min((shares.get(token, 0.0) for word in words for token in word.tokens), default=1.0)
    # Nothing counted yet: looking through the newest is bounded, what the index brings is not.
    if share >= OFTEN or not issues_in_all:
        return [issues.filter(*(Unindexed(word.found) for word in words), received_on__gte=_newest.get().since(NEWEST))]
    expected = share * issues_in_all
    if expected <= FEW:
        return []
    found = issues.filter(*(word.found for word in words)).alias(day=day_number())
    days = (_newest.get().since(number / share) for number in EXPECTED if number * 2 <= expected)
    return [found.filter(day__gte=(day - DAY_ZERO).days) for day in days]


class Unindexed(Func):
    """A condition for which no index is used."""

    template = "((%(expressions)s) IS TRUE)"
    output_field = BooleanField()


class _Newest(NamedTuple):
    """The day of the newest issue, and the one from which there are NEWEST."""

    last: date
    first: date

    def since(self, issues: float) -> date:
        """The day from which there are about so many, at the pace of the newest."""
        if self.first == date.min:
            return self.first
        return self.last - timedelta(days=ceil((self.last - self.first).days * issues / NEWEST))


def _load_newest() -> _Newest:
    days = Issue.objects.order_by("-received_on", "-id").values_list("received_on", flat=True)
    return _Newest(next(iter(days[:1]), date.max), next(iter(days[NEWEST - 1 : NEWEST]), date.min))


_newest: Kept[_Newest] = Kept(_load_newest)


def _load_common() -> tuple[int, dict[str, float]]:
    with connection.cursor() as cursor:
        cursor.execute(_STATISTICS, [Issue._meta.db_table, KNOWN_SHARE])
        rows = cursor.fetchall()
    return max((number for number, _, _ in rows), default=0), {token: share for _, token, share in rows}


#: Words in a smaller share of the issues are taken for those of a few.
KNOWN_SHARE = 0.001
#: The words in so large a share of the issues, as the database has counted them for its own plans.
_STATISTICS = """
    SELECT class.reltuples::bigint, common.token, common.share
      FROM pg_stats stats
      JOIN pg_class class ON class.oid = to_regclass(quote_ident(stats.schemaname) || '.' || quote_ident(stats.tablename)),
           unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs) AS common (token, share)
     WHERE stats.schemaname = current_schema() AND stats.tablename = %s AND stats.attname = 'search_tokens'
       AND common.token IS NOT NULL AND common.share >= %s
"""
#: How many issues there are, and the share of each of the words many of them have. Statistics move slowly.
common_tokens: Kept[tuple[int, dict[str, float]]] = Kept(_load_common, seconds=60)


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
    """Where else than in what a row shows a word was found, and the words around it; none where they are the reporter's."""

    where: str
    text: str = ""


def spelled_in(name: str, query: str) -> str:
    """The query with what its letters spell of an enterprise's name, so that both are marked there."""
    found = [spelled(name, word) for word in query.split() if _LETTERS.fullmatch(word)] if name else []
    return " ".join([query, *filter(None, found)])


def excerpts(issues: Sequence[Any], query: str, scope: Scope) -> dict[int, Excerpt]:
    """For rows of `selectors.issue_lines` that do not show the word themselves: the first place that has it, last the reporter. At most three
    queries a page, and one for each word where only a reporter can be the reason."""
    hidden = [issue.id for issue in issues if not _shows(issue, query)]
    if not hidden:
        return {}
    found: dict[int, Excerpt] = {}
    for where, rows in _places(hidden):
        if len(found) == len(hidden):
            break
        for pk, text in rows:
            if pk not in found and (cut := _around(text, query)):
                found[pk] = Excerpt(where, cut)
    left = set(hidden) - found.keys()
    for word in (each for each in query.split() if left and query_tokens(each)):
        where = "电话匹配" if _PHONE.fullmatch(plain_phone(word)) else "反映人匹配"
        found = {pk: Excerpt(where) for pk in left.intersection(_of_reporters(word, query_tokens(word), scope))} | found
    return found


def _places(issues: list[int]) -> Iterator[tuple[str, QuerySet[Any, tuple[int, str]]]]:
    """Where else a word may stand, in the order of looking, with the texts of these issues there."""
    yield "内容", Issue.objects.filter(pk__in=issues).order_by().values_list("pk", "description")
    for where, model in (("办理过程", IssueNote), ("答复", PublicAnswer)):
        texts = model._default_manager.filter(issue__in=issues, redacted_at=None).order_by("-id")
        yield where, texts.values_list("issue_id", "text")


def _shows(issue: Any, query: str) -> bool:
    name = issue.enterprise__name or ""
    return bool(spans(f"{issue.code} {issue.title} {name}", spelled_in(name, query)))


def _around(text: str, query: str) -> str:
    """The words around the first hit, on one line; "" without one."""
    flat = " ".join(text.split())
    hits = spans(flat, query)
    if not hits:
        return ""
    start, end = max(0, hits[0][0] - AROUND), min(len(flat), hits[0][1] + AROUND)
    return f"{'…' if start else ''}{flat[start:end]}{'…' if end < len(flat) else ''}"
