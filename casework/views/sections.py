"""What the page of an issue shows of the work around it: consultations, mediation, papers, service activities, sub-issues."""

from typing import Any

from django.http import HttpRequest

from casework.mediation_clock import standing
from casework.mediation_presentation import state_look
from casework.mediation_workflow import UNFINISHED_STATES
from casework.models import ActivityIssue, Issue
from casework.services.barriers import nothing_around, unfinished
from casework.services.mediation_standing import may_apply
from casework.services.subissues import may_split
from casework.views.activities import activity_look
from casework.views.consultations import family
from casework.views.papers import paper_look
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common import clock
from unionportal.core.common.scope import Role


def around(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Context of the sections; what the issue has nothing of costs no query."""
    consulted = "consultations" in issue.attached
    has_papers = request.may("paper.view") and "papers" in issue.attached
    return {
        "merged_into": Issue.objects.visible_to(request.scope).filter(pk=issue.main_id).first()
        if issue.main_id
        else None,
        "consultations": list(issue.consultations.prefetch_related("parties__unit", "tasks__unit"))
        if consulted
        else [],
        "unfinished": unfinished(issue) if issue.is_open and not nothing_around(issue) else "",
        "may_split": may_split(issue, request.scope) and issue.is_open,
        "may_tie": request.scope.has(Role.STAFF),
        "papers": [(paper, paper_look(paper)) for paper in issue.papers.all()] if has_papers else [],
        "may_paper": request.may("paper.manage") and issue.enterprise_id is not None,
        # Whoever sees an issue sees the activities it is linked to.
        "activities": _activities(issue) if "activity_links" in issue.attached else [],
        "may_link": request.may("activity.manage") and issue.state not in UNCOUNTED_STATES,
        **_mediations(request, issue),
        **family(request, issue),
    }


def _activities(issue: Issue) -> list[tuple[ActivityIssue, Any]]:
    return [(link, activity_look(link.activity)) for link in issue.activity_links.select_related("activity")]


def _mediations(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """The cases of mediation, and whether the reader may write an application down now: one at a time."""
    today = clock.today()
    cases = list(issue.mediations.select_related("organisation")) if "mediations" in issue.attached else []
    free = issue.is_open and not any(case.state in UNFINISHED_STATES for case in cases)
    return {
        "mediations": [(case, state_look(case), standing(case, today)) for case in cases],
        "may_mediate": free and may_apply(issue, request.scope),
    }
