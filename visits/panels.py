"""What visits show on pages of the floors below; attached in `unionportal/composition.py`."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from casework.models import Issue, ServiceActivity
from unionportal.core.accounts.models import User
from unionportal.core.common.panels import Panel
from unionportal.core.orgs.models import Enterprise
from visits.activity_selectors import brought_in
from visits.meeting_selectors import decisions_on
from visits.models import CalendarFeed, Visit
from visits.selectors import issues_of, last_visits
from visits.services.bringing_in import why_not


def enterprise_visits(request: HttpRequest, enterprise: Enterprise) -> SafeString | str:
    """The latest visits of an enterprise that the reader may see."""
    if not request.may("visit.view"):
        return ""
    latest = last_visits(enterprise, request.scope)
    issues = issues_of(latest, request.scope)
    rows = [{"visit": visit, "issues": issues[visit.pk]} for visit in latest]
    return render_to_string("visits/panel_enterprise.html", {"rows": rows, "enterprise": enterprise}, request)


def issue_source(request: HttpRequest, issue: Issue) -> SafeString | str:
    """The visit an issue was raised on, as a link for those who may see the visit."""
    if issue.source_kind != Issue.Source.VISIT or not request.may("visit.view"):
        return ""
    if not Visit.objects.visible_to(request.scope).filter(pk=issue.source_uuid).exists():
        return ""
    return format_html('<a href="{}">{}</a>', reverse("visit-detail", args=[issue.source_uuid]), issue.source_label)


def issue_meetings(request: HttpRequest, issue: Issue) -> SafeString | str:
    """What monthly meetings decided on the issue, for those who may see the meeting."""
    if not request.may("meeting.view") or "agenda_items" not in issue.attached:
        return ""
    items = decisions_on(issue, request.scope)
    return render_to_string("visits/meetings/panel_issue.html", {"items": items}, request) if items else ""


def own_feed(request: HttpRequest, person: User) -> SafeString | str:
    """Where the feed of one's calendar is given out, for those who have a calendar."""
    if not request.may("plan.view"):
        return ""
    feed = CalendarFeed.objects.filter(user=person).first()
    return render_to_string("visits/plan/panel_feed.html", {"feed": feed}, request)


def activity_visits(request: HttpRequest, activity: ServiceActivity) -> SafeString | str:
    """The visits brought in from a policy briefing, and the way to bring in more."""
    if not request.may("visit.view") or why_not(activity):
        return ""
    context = {
        "activity": activity,
        "brought": brought_in(activity, request.scope),
        "can_bring": request.may("visit.bring_in"),
    }
    return render_to_string("visits/panel_activity.html", context, request)


#: Slot -> panels, in the order they are shown.
PANELS: tuple[tuple[str, Panel], ...] = (
    ("enterprise.main", enterprise_visits),
    ("issue.source", issue_source),
    ("issue.side", issue_meetings),
    ("me.main", own_feed),
    ("activity.main", activity_visits),
)
