"""What the page of an issue shows of the work around it: consultations, sub-issues, papers, service activities."""

from typing import Any

from django.http import HttpRequest

from casework.models import Issue
from casework.services.barriers import nothing_around, unfinished
from casework.services.subissues import may_split
from casework.views.activities import activity_look
from casework.views.consultations import family
from casework.views.papers import paper_look
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common.scope import Role


def around(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Context of the sections; what the issue has nothing of costs no query."""
    consulted = "consultations" in issue.attached
    has_papers = request.may("paper.view") and "papers" in issue.attached
    return {
        "consultations": list(issue.consultations.prefetch_related("parties__unit", "tasks__unit"))
        if consulted
        else [],
        "unfinished": unfinished(issue) if issue.is_open and not nothing_around(issue) else "",
        "may_split": may_split(issue, request.scope) and issue.is_open,
        "may_tie": request.scope.has(Role.STAFF),
        "papers": [(paper, paper_look(paper)) for paper in issue.papers.all()] if has_papers else [],
        "may_paper": request.may("paper.manage") and issue.enterprise_id is not None,
        # Whoever sees an issue sees the activities it is linked to.
        "activities": [
            (link, activity_look(link.activity)) for link in issue.activity_links.select_related("activity")
        ],
        "may_link": request.may("activity.manage") and issue.state not in UNCOUNTED_STATES,
        **family(request, issue),
    }
