"""Pages of deadlines: the list of what is due, and the recount of provisional ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.deadlines import CLOCKS, STANDINGS, running, standing_of
from casework.services.recount import BATCH, digest, recount_apply, recount_preview
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict
from unionportal.core.common.pagination import count_label, keyset_page
from unionportal.core.common.views import PageView


class DueListView(PageView):
    """/issues/due/"""

    action = "issue.view"
    template_name = "casework/due_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        chosen = CLOCKS.get(request.GET.get("clock", ""), CLOCKS["handling"])
        standing = request.GET.get("standing", "all")
        standing = standing if standing in chosen.standings else "all"
        page = keyset_page(running(request.scope, chosen, standing, today), request, order=(chosen.due, "pk"))
        return self.page(
            {
                "clocks": CLOCKS.values(),
                "chosen": chosen,
                "standings": [
                    (key, STANDINGS[key], count_label(running(request.scope, chosen, key, today)))
                    for key in chosen.standings
                ],
                "standing": standing,
                "page": page,
                "rows": [(issue, standing_of(issue, chosen, today)) for issue in page.items],
                "can_recount": request.may("deadline.recount"),
            }
        )


class RecountView(PageView):
    """/issues/due/recount/: old and new side by side, then applied."""

    action = "deadline.recount"
    template_name = "casework/recount.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            number = recount_apply(seen=request.POST.get("seen", ""), actor=request.scope)
        except Conflict as error:
            return self.show(request, problem=error.detail, status=error.status)
        messages.success(request, f"已重算 {number} 条诉求的期限，每条都记入了办理过程。")
        return redirect("due-recount")

    def show(self, request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
        changes = recount_preview(request.scope)
        context = {"changes": changes, "seen": digest(changes), "problem": problem, "batch": BATCH}
        return self.page(context, status=status)
