"""What hardship hangs on pages of lower floors."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.models import Issue
from hardship.models import Lead
from hardship.services.leads import is_about_hardship
from unionportal.core.common.panels import Panel


def issue_lead(request: HttpRequest, issue: Issue) -> SafeString | str:
    """On an issue about hardship: the lead it became, or the button that makes one."""
    if not request.may("lead.view") or not is_about_hardship(issue):
        return ""
    lead = Lead.objects.filter(issue=issue).order_by("-id").first()
    visible = lead is not None and Lead.objects.visible_to(request.scope).filter(pk=lead.pk).exists()
    may_raise = request.may("lead.raise") and (lead is None or lead.state == Lead.State.DISMISSED)
    context = {"issue": issue, "lead": lead, "visible": visible, "may_raise": may_raise}
    return render_to_string("hardship/leads/_issue_panel.html", context, request)


PANELS: tuple[tuple[str, Panel], ...] = (("issue.side", issue_lead),)
