"""Who may have reported this already: newest issues of the same enterprise or township that share words. Source: docs/domain.md, "Duplicates"."""

from dataclasses import dataclass

from casework.models import Issue
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common.scope import Scope
from unionportal.core.common.search import query_tokens

#: How many of the newest are looked at: what bounds the cost, however many there are.
LOOKED_AT = 200
SHOWN = 5
#: Share of the typed word pairs an issue must have, and how many of them at least.
LEAST_SHARE = 0.4
LEAST_PAIRS = 2
#: The same enterprise weighs as much as this share of words.
ENTERPRISE_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Similar:
    """An issue that may be the same matter. `share`: of the typed word pairs it has, 0 to 1."""

    issue: Issue
    share: float
    same_enterprise: bool


def similar_issues(
    scope: Scope, *, text: str, enterprise_id: int | None, township_id: int | None, but: int | None = None
) -> list[Similar]:
    """Up to SHOWN issues in the reader's scope that may be what `text` says, the likeliest first.

    Looks at the LOOKED_AT newest of the enterprise and of the township, by index; merged, rejected and voided ones are left out.
    """
    typed = {token for token in query_tokens(text) if len(token) > 1}
    if len(typed) < LEAST_PAIRS:
        return []
    near: set[int] = set()
    for column, value in (("enterprise_id", enterprise_id), ("township_id", township_id)):
        if value is not None:
            newest = Issue.objects.filter(**{column: value}).order_by("-received_on", "-id")
            near |= set(newest.values_list("pk", flat=True)[:LOOKED_AT])
    near.discard(but or 0)
    rows = (
        Issue.objects.visible_to(scope)
        .filter(pk__in=near, search_tokens__overlap=sorted(typed))
        .exclude(state__in=UNCOUNTED_STATES)
        .select_related("enterprise", "category")
        .defer("description", "enterprise__search_tokens")
    )
    found = []
    for row in rows:
        shared = typed & set(row.search_tokens)
        same = enterprise_id is not None and row.enterprise_id == enterprise_id
        share = len(shared) / len(typed)
        if len(shared) >= LEAST_PAIRS and share + ENTERPRISE_WEIGHT * same >= LEAST_SHARE:
            found.append(Similar(row, share, same))
    found.sort(key=lambda each: (-(each.share + ENTERPRISE_WEIGHT * each.same_enterprise), -each.issue.pk))
    return found[:SHOWN]
