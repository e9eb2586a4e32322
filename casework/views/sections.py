"""What the page of an issue shows of the work around it: consultations, mediation, papers, sub-issues."""

from typing import Any

from django.http import HttpRequest

from casework.mediation_clock import standing
from casework.mediation_presentation import state_look
from casework.mediation_workflow import UNFINISHED_STATES
from casework.models import Issue
from casework.services.barriers import unfinished
from casework.services.mediation_standing import may_apply
from casework.services.subissues import may_split
from casework.views.consultations import family
from casework.views.papers import paper_look
from unionportal.core.common import clock
from unionportal.core.common.scope import Role


def around(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """Context of the sections, in a fixed number of queries."""
    may_see_papers = request.may("paper.view")
    consultations = list(issue.consultations.prefetch_related("parties__unit", "tasks__unit"))
    return {
        "consultations": consultations,
        "unfinished": unfinished(issue) if issue.is_open else "",
        "may_split": may_split(issue, request.scope) and issue.is_open,
        "may_tie": request.scope.has(Role.STAFF),
        "papers": [(paper, paper_look(paper)) for paper in issue.papers.all()] if may_see_papers else [],
        "may_paper": request.may("paper.manage") and issue.enterprise_id is not None,
        **_mediations(request, issue),
        **family(request, issue),
    }


def _mediations(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    """The cases of mediation, and whether the reader may write an application down now: one at a time."""
    today = clock.today()
    cases = list(issue.mediations.select_related("organisation"))
    free = issue.is_open and not any(case.state in UNFINISHED_STATES for case in cases)
    return {
        "mediations": [(case, state_look(case), standing(case, today)) for case in cases],
        "may_mediate": free and may_apply(issue, request.scope),
    }
