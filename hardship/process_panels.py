"""What the process shows on the page of a file: how far it is, what is due, and the household's measures."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hardship.figures import any_hardship
from hardship.models import HardshipFile
from hardship.models.process import process_of
from hardship.personal import may_see_personal
from hardship.process_presentation import way
from hardship.queues import step_label
from hardship.selectors import townships_without_officer
from hardship.views.plans import plan_of
from unionportal.core.common import clock
from unionportal.core.workcal.days import workdays_left


def process_panel(request: HttpRequest, file: HardshipFile) -> SafeString:
    """The way as steps, with a link to the page where the next one is taken."""
    process, today = process_of(file), clock.today()
    context = {
        "file": file,
        "process": process,
        "steps": way(file, process),
        "due_label": step_label(process) if process.awaits else "",
        "due_left": workdays_left(process.due_on, today) if process.due_on else None,
        "measures": plan_of(file, today, personal=may_see_personal(request.scope, file)),
    }
    return render_to_string("hardship/process/_panel.html", context, request)


def officers_panel(request: HttpRequest, subject: object) -> SafeString | str:
    """Which townships have no aid officer of their own: for those who give out roles, and for those who review in their place."""
    places = list(townships_without_officer(request.scope)) if any_hardship() else []
    return render_to_string("hardship/process/_officers.html", {"places": places}, request) if places else ""


PANELS = [("hardship_file.main", process_panel), ("accounts.list", officers_panel), ("hardship.list", officers_panel)]
