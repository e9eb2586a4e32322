"""What casework hangs on its own issue page and on pages of upper floors."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework import enterprise_panels
from casework.duplicates import similar_issues
from casework.models import Issue, PublicAnswer, Reporter
from casework.routing import broken_rules
from casework.services.reporters import masked_phone, may_know
from casework.workflow import State
from unionportal.core.common.panels import Panel
from unionportal.core.common.scope import Role, Scope


def reporter_panel(request: HttpRequest, issue: Issue) -> SafeString | str:
    """Who reported as far as the reader may know, what they sent along, what they were answered."""
    if "reporter" not in issue.attached:
        return ""
    reporter = Reporter.objects.select_related("code__unit", "code__enterprise", "consent").get(issue=issue)
    reporter.issue = issue
    knows = may_know(reporter, request.scope)
    context = {
        "issue": issue,
        "reporter": reporter,
        "knows": knows,
        "phone": masked_phone(reporter) if knows else "",
        "photos": issue.photos.select_related("attachment"),
        "answers": PublicAnswer.objects.filter(issue=issue).select_related("written_by"),
        "may_link": request.scope.has(Role.STAFF) or issue.registered_by_id == request.scope.user_id,
    }
    return render_to_string("casework/_reporter.html", context, request=request)


def merged_panel(request: HttpRequest, issue: Issue) -> SafeString | str:
    """On a main issue those merged into it; where a merged one went is said under its title."""
    if "merged_issues" not in issue.attached:
        return ""
    visible = Issue.objects.visible_to(request.scope)
    merged = list(visible.filter(main=issue).only("code", "title", "received_on").order_by("id"))
    return render_to_string("casework/_merged.html", {"merged": merged}) if merged else ""


def similar_panel(request: HttpRequest, issue: Issue) -> SafeString | str:
    """What else may be the same matter, for those who can merge it while it waits to be assigned."""
    if issue.state != State.REGISTERED or not request.scope.has(Role.STAFF):
        return ""
    found = similar_issues(
        request.scope, text=issue.title, enterprise_id=issue.enterprise_id, township_id=issue.township_id, but=issue.pk
    )
    return render_to_string("casework/_similar_panel.html", {"issue": issue, "similar": found}) if found else ""


def broken_routing(request: HttpRequest, scope: Scope) -> SafeString | str:
    """Rules of assignment that cannot be followed: for staff, until they are mended."""
    broken = broken_rules() if request.may("routing.manage") else []
    return render_to_string("casework/_broken_rules.html", {"broken": broken}) if broken else ""


PANELS: tuple[tuple[str, Panel], ...] = (
    ("issue.main", reporter_panel),
    ("issue.main", merged_panel),
    ("issue.side", similar_panel),
    ("workbench.notices", broken_routing),
    *enterprise_panels.PANELS,
)
