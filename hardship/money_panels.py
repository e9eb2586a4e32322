"""What the money hangs on a file's page."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hardship.models import Grant, HardshipFile
from hardship.money_querysets import keeps_the_books
from hardship.money_selectors import allowance_of, grant_sums
from hardship.personal import may_see_personal
from hardship.views.batches import GRANT_TONES
from hardship.views.orders import TONES
from hardship.workflow import State
from unionportal.core.common import clock
from unionportal.core.common.panels import Panel

SHOWN = 20


def grants_panel(request: HttpRequest, file: HardshipFile) -> SafeString | str:
    """Grants and services of the household; opened further only by those who read the district's books."""
    if not request.may("grant.view"):
        return ""
    grants = Grant.objects.visible_to(request.scope).filter(file=file)
    orders = file.orders.select_related("service").order_by("-id")[:SHOWN]
    in_force = file.state == State.IN_FORCE
    whole = keeps_the_books(request.scope)
    context = {
        "file": file,
        "grants": [
            (grant, GRANT_TONES[grant.state])
            for grant in grants.select_related("batch").order_by("-batch__prepared_at", "-seq")[:SHOWN]
        ],
        "sums": grant_sums(grants),
        "orders": [(order, TONES[order.state]) for order in orders],
        "allowance": allowance_of(file, clock.today()),
        "whole": whole,
        "may_order": in_force and whole and request.may("service.order") and may_see_personal(request.scope, file),
    }
    return render_to_string("hardship/money/_file_panel.html", context, request=request)


PANELS: list[tuple[str, Panel]] = [("hardship_file.main", grants_panel)]
