"""Many issues at once: what would be done to each (GET), then the doing with its result for each (POST)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from casework.bulk import MOST, Candidate, bulk_move, candidates
from casework.forms.bulk import BulkForm
from casework.models import Issue
from casework.presentation import ACTION_ICONS, state_look
from casework.services.bulk import Result, issues_move
from casework.workflow import Move
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.views import PageView, add_errors


class IssueBulkView(PageView):
    """`?code=…&code=…` as the list's boxes send them; `back` is the list's own query, to return to."""

    action = "issue.bulk"
    template_name = "casework/bulk.html"

    def get(self, request: HttpRequest, action: str) -> HttpResponse:
        move = bulk_move(action, request.scope)
        codes = list(dict.fromkeys(request.GET.getlist("code")))
        if len(codes) > MOST:
            raise FieldErrors({}, f"一次最多 {MOST} 条，请少选一些。")
        chosen = candidates(request.scope, move, codes)
        return self._preview(move, chosen, codes, back=request.GET.get("back", ""))

    def post(self, request: HttpRequest, action: str) -> HttpResponse:
        move = bulk_move(action, request.scope)
        codes = list(dict.fromkeys(request.POST.getlist("code")))
        versions = _versions(request.POST.getlist("row"))
        chosen = candidates(request.scope, move, codes[:MOST], seen=versions)
        ticked = [each.issue for each in chosen if each.issue.code in versions]
        possible = [each.issue for each in chosen if not each.problem]
        form = BulkForm(request.POST, move=move, issues=ticked or possible, scope=request.scope)
        if form.is_valid():
            try:
                results = issues_move(action=action, versions=versions, actor=request.scope, **form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                return self._results(move, results, back=request.POST.get("back", ""))
        return self._preview(move, chosen, codes, back=request.POST.get("back", ""), form=form, ticked=versions)

    def _preview(
        self,
        move: Move,
        chosen: list[Candidate],
        codes: list[str],
        *,
        back: str,
        form: BulkForm | None = None,
        ticked: Mapping[str, int] | None = None,
    ) -> HttpResponse:
        possible = [each.issue for each in chosen if not each.problem]
        return self.page(
            {
                "move": move,
                "icon": ACTION_ICONS[move.action],
                "rows": [
                    (each, state_look(each.issue), ticked is None or each.issue.code in ticked) for each in chosen
                ],
                "possible": len(possible),
                "missing": len(codes) - len(chosen),
                "form": form or BulkForm(move=move, issues=possible, scope=self.request.scope),
                "back": back,
            },
            status=200 if form is None else 422,
        )

    def _results(self, move: Move, results: list[Result], *, back: str) -> HttpResponse:
        """Drawn at once, not after a redirect: sent again, it changes nothing and shows the same."""
        shown = Issue.objects.visible_to(self.request.scope).filter(code__in=[result.code for result in results])
        titles = dict(shown.values_list("code", "title"))
        context: dict[str, Any] = {
            "move": move,
            "results": [(result, titles.get(result.code, "")) for result in results],
            "done": sum(not result.problem for result in results),
            "refused": sum(bool(result.problem) for result in results),
            "back": back,
        }
        return self.page(context, template="casework/bulk_done.html")


def _versions(rows: Iterable[str]) -> dict[str, int]:
    """number -> version of `YC-2024-000001:3`; what is not of that shape was not sent by the page."""
    found = {}
    for row in rows:
        code, _, version = row.partition(":")
        if version.isascii() and version.isdigit() and len(version) < 10:
            found[code] = int(version)
    return found
