"""What the process shows on the page of a file: how far it is, what is due, and the household's measures."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hardship.models import HardshipFile
from hardship.models.process import process_of
from hardship.process_presentation import way
from hardship.queues import step_label
from hardship.views.plans import measure_look
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
        "measures": [(row, measure_look(row, today)) for row in file.measures.select_related("kind", "owner")],
    }
    return render_to_string("hardship/process/_panel.html", context, request)


PANELS = [("hardship_file.main", process_panel)]
