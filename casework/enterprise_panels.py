"""What casework shows on the page of an enterprise: its issues, the return of its dues, its supervision papers."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.models import Issue, Paper, TrackerValues
from casework.presentation import state_look
from casework.tracker_figures import shown
from unionportal.core.common.panels import Panel
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise

MOST = 10
DUES_REFUND = "dues_refund"
#: The tracker's code of the money that arrived; it keeps its meaning from version to version.
PAID = "amount_paid"


def enterprise_issues(request: HttpRequest, enterprise: Enterprise) -> SafeString | str:
    """The latest issues of an enterprise that the reader may see."""
    if not request.may("issue.view"):
        return ""
    issues = Issue.objects.visible_to(request.scope).filter(enterprise=enterprise)
    latest = list(issues.select_related("category").order_by("-received_on", "-id")[: MOST + 1])
    context = {
        "enterprise": enterprise,
        "rows": [(issue, state_look(issue)) for issue in latest[:MOST]],
        "more": len(latest) > MOST,
        "can_create": request.may("issue.create"),
    }
    return render_to_string("casework/enterprise/issues.html", context, request)


def enterprise_refunds(request: HttpRequest, enterprise: Enterprise) -> SafeString | str:
    """经费返还: issues of that category with what their tracker says, and the sum that arrived."""
    if not request.may("issue.view"):
        return ""
    rows = _refunds(request.scope, enterprise)
    if not rows:
        return ""
    paid = [Decimal(row["paid"]) for row in rows if row["paid"]]
    return render_to_string("casework/enterprise/refunds.html", {"rows": rows, "paid": sum(paid) if paid else None})


def _refunds(scope: Scope, enterprise: Enterprise) -> list[dict[str, Any]]:
    issues = (
        Issue.objects.visible_to(scope)
        .counted()
        .filter(enterprise=enterprise, category__code=DUES_REFUND)
        .select_related("tracker_values__tracker")
        .prefetch_related("tracker_values__tracker__fields")
        .order_by("-received_on", "-id")
    )
    return [_refund(issue) for issue in issues]


def _refund(issue: Issue) -> dict[str, Any]:
    kept: TrackerValues | None = getattr(issue, "tracker_values", None)
    row: dict[str, Any] = {"issue": issue, "look": state_look(issue), "facts": [], "paid": None}
    if kept is None or kept.tracker.category_id != issue.category_id:
        return row
    facts = [(field.label, shown(field, kept.values.get(field.code))) for field in kept.tracker.fields.all()]
    return row | {"facts": facts, "paid": kept.values.get(PAID)}


def enterprise_papers(request: HttpRequest, enterprise: Enterprise) -> SafeString | str:
    """Supervision papers to the enterprise; nothing where there are none."""
    if not request.may("paper.view"):
        return ""
    papers = Paper.objects.visible_to(request.scope).filter(enterprise=enterprise).select_related("issue")
    latest = list(papers.order_by("-drafted_at")[:MOST])
    return render_to_string("casework/enterprise/papers.html", {"papers": latest}) if latest else ""


PANELS: tuple[tuple[str, Panel], ...] = (
    ("enterprise.main", enterprise_issues),
    ("enterprise.main", enterprise_refunds),
    ("enterprise.main", enterprise_papers),
)
