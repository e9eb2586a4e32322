"""Reads around service activities: which issues fit one, which may be linked, and how each stands for whoever would answer it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.activity_flow import KIND_CATEGORIES
from casework.models import ActivityEnterprise, ActivityIssue, Issue, ServiceActivity
from casework.search import search_issues
from casework.services.activity_issues import why_not
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common.scope import Scope

MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A linked issue for whoever reads the page: `why` it cannot be answered by them now, "" if it can."""

    link: ActivityIssue
    why: str

    @property
    def issue(self) -> Issue:
        return self.link.issue


def linked_rows(activity: ServiceActivity, scope: Scope) -> list[LinkRow]:
    """The linked issues the reader sees, in the order they were linked."""
    links = (
        activity.links.filter(issue__in=Issue.objects.visible_to(scope).values("pk"))
        .select_related("issue__holder", "issue__category", "issue__township", "issue__enterprise", "answer")
        .defer("issue__search_tokens", "issue__description", "issue__enterprise__search_tokens")
    )
    return [LinkRow(link, why_not(link.issue, scope)) for link in links.order_by("id")]


def linkable(activity: ServiceActivity, scope: Scope) -> QuerySet[Issue]:
    """Issues the reader sees that count and are not linked yet."""
    return (
        Issue.objects.visible_to(scope)
        .exclude(state__in=UNCOUNTED_STATES)
        .exclude(pk__in=activity.links.values("issue"))
        .select_related("category", "township", "holder", "enterprise")
        .defer("search_tokens", "description", "enterprise__search_tokens")
    )


def fitting_issues(activity: ServiceActivity, scope: Scope) -> list[Issue]:
    """Open issues this activity probably answers: of the kind's categories or those already linked, in its township or of invited
    enterprises; those of invited enterprises first, then the oldest."""
    invited = ActivityEnterprise.objects.filter(activity=activity, enterprise=OuterRef("enterprise"))
    rows = linkable(activity, scope).open().annotate(invited=Exists(invited))
    codes = KIND_CATEGORIES[activity.kind]
    about = Q(category__code__in=codes) | Q(category__parent__code__in=codes)
    about |= Q(category__in=activity.links.values("issue__category"))
    if not codes:
        about |= Q(invited=True)
    rows = rows.filter(about)
    if activity.township_id is not None:
        rows = rows.filter(Q(township_id=activity.township_id) | Q(invited=True))
    return list(rows.order_by("-invited", "received_on", "id")[:MOST_SHOWN])


def found_issues(activity: ServiceActivity, scope: Scope, text: str) -> list[Issue]:
    """Issues by number or words, newest first."""
    return list(search_issues(linkable(activity, scope), text, scope).order_by("-received_on", "-id")[:MOST_SHOWN])


def activities_for(issue: Issue, scope: Scope, text: str = "") -> list[ServiceActivity]:
    """Activities the person keeps to which an issue may be linked: those whose kind fits its category first, then the newest."""
    rows = ServiceActivity.objects.managed_by(scope).exclude(state="cancelled").exclude(links__issue=issue)
    if text:
        for word in text.split():
            rows = rows.filter(Q(title__icontains=word) | Q(code__icontains=word))
    elif not scope.district:
        rows = rows.filter(township_id=issue.township_id)
    else:
        rows = rows.filter(Q(township__isnull=True) | Q(township_id=issue.township_id))
    found = list(rows.select_related("organiser", "township").order_by("-planned_on", "-id")[: MOST_SHOWN * 2])
    kinds = _kinds_for(issue)
    return sorted(found, key=lambda activity: activity.kind not in kinds)[:MOST_SHOWN]


def _kinds_for(issue: Issue) -> Sequence[str]:
    codes = {issue.category.code, issue.category.parent.code if issue.category.parent is not None else ""}
    return [kind for kind, categories in KIND_CATEGORIES.items() if not codes.isdisjoint(categories)]
