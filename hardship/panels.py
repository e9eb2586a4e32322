"""What hardship hangs on pages of lower floors."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.models import Issue
from hardship.models import FileSignal, HardshipFile, Lead
from hardship.services.leads import is_about_hardship
from unionportal.core.common.panels import Panel

#: Changes a file's page shows.
SIGNALS_SHOWN = 10


def issue_lead(request: HttpRequest, issue: Issue) -> SafeString | str:
    """On an issue about hardship: the lead it became, or the button that makes one."""
    if not request.may("lead.view") or not is_about_hardship(issue):
        return ""
    lead = Lead.objects.filter(issue=issue).order_by("-id").first()
    visible = lead is not None and Lead.objects.visible_to(request.scope).filter(pk=lead.pk).exists()
    may_raise = request.may("lead.raise") and (lead is None or lead.state == Lead.State.DISMISSED)
    context = {"issue": issue, "lead": lead, "visible": visible, "may_raise": may_raise}
    return render_to_string("hardship/leads/_issue_panel.html", context, request)


def file_signals(request: HttpRequest, file: HardshipFile) -> SafeString | str:
    """On a file: what departments' sheets said anew of its members, newest first."""
    signals = FileSignal.objects.filter(file=file).select_related("batch", "member")[:SIGNALS_SHOWN]
    return render_to_string("hardship/watch/_signals.html", {"signals": signals}) if signals else ""


PANELS: tuple[tuple[str, Panel], ...] = (("issue.side", issue_lead), ("hardship_file.side", file_signals))
