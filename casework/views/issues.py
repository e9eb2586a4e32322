"""Pages of issues: list, registration, the issue itself and its moves."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.bulk import bulk_moves
from casework.clocks import following_up, handling, signing
from casework.filters import IssueListFilter
from casework.forms.issues import IssueForm, MoveForm
from casework.forms.notes import NoteForm
from casework.holdings import holdings
from casework.models import Issue, IssueEvent
from casework.presentation import ACTION_HELP, ACTION_ICONS, actor_name, state_look, steps, timeline
from casework.rows import issue_rows
from casework.search import COUNT_BOUND as SEARCH_BOUND
from casework.search import excerpts
from casework.selectors import events_of, issue_detail, issue_lines, made_already
from casework.services import issue_move, issue_register
from casework.services.correct import may_correct
from casework.services.standing import permitted_moves, why_no_extension
from casework.together import chosen_answer, offered, together
from casework.tracker_figures import tracker_card
from casework.views.sections import around
from casework.workflow import ACTION_LABELS, find_move
from unionportal.core.accounts.saved_views import view_bar
from unionportal.core.common import clock, panels
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, NotFound, StaleVersion
from unionportal.core.common.pagination import COUNT_BOUND, keyset_page
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.orgs.models import Enterprise

ORDER = ("-received_on", "-id")
PICKS = 12


class IssueListView(PageView):
    action = "issue.view"
    template_name = "casework/issue_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        views = view_bar(request, "issues")
        if views.opens:
            return redirect(views.opens)
        filters = IssueListFilter(request.GET, queryset=Issue.objects.visible_to(request.scope), request=request)
        query = request.GET.get("q", "").strip()
        bound = SEARCH_BOUND if query else COUNT_BOUND
        page = keyset_page(
            filters.qs,
            request,
            order=ORDER,
            bound=bound,
            lines=issue_lines,
            near=filters.newest_first(),
            parts=filters.in_parts(),
        )
        found = excerpts(page.items, query, request.scope) if query else {}
        enterprise = filters.form.cleaned_data.get("enterprise") if filters.form.is_valid() else None
        bulk = bulk_moves(request.scope)
        return self.page(
            {
                "page": page,
                "views": views,
                "rows": issue_rows(page.items, clock.today(), query=query, found=found, choosable=bool(bulk)),
                "bulk": [(move, ACTION_ICONS[move.action]) for move in bulk],
                "filter": filters,
                "enterprise": enterprise,
                "mine": request.GET.get("mine", ""),
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name not in ("q", "mine")),
                "can_create": request.may("issue.create"),
                "can_manage_categories": request.may("category.manage"),
                "can_export": request.may("issue.export"),
            }
        )


class IssueCreateView(PageView):
    action = "issue.create"
    template_name = "casework/issue_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        opening = IssueForm.opening(request.scope)
        code = request.GET.get("enterprise", "")
        chosen = Enterprise.objects.visible_to(request.scope).filter(credit_code=code).first() if code else None
        if chosen is not None:
            opening["enterprise"] = chosen.credit_code
        return self.page({"form": IssueForm(initial=opening, scope=request.scope), "chosen": chosen})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = IssueForm(request.POST, scope=request.scope)
        if form.is_valid():
            try:
                issue = issue_register(actor=request.scope, **form.facts())
            except Conflict:
                return self._taken(request)
            except FieldErrors as error:
                add_errors(form, form.named(error))
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已登记，编号 {issue.code}。")
                return redirect("issue-detail", code=issue.code)
        return self._again(request, form)

    def _taken(self, request: HttpRequest) -> HttpResponse:
        """Sent before, then changed and sent again: say so, and let the next submit be a new issue."""
        data = request.POST.copy()
        data["uuid"] = str(uuid4())
        form = IssueForm(data, scope=request.scope)
        form.add_error(None, "这条诉求刚才已经登记过，内容与现在的不同。如要另外登记一条，请再提交一次。")
        return self._again(request, form, status=409)

    def _again(self, request: HttpRequest, form: IssueForm, status: int = 422) -> HttpResponse:
        code = form.data.get("enterprise", "")
        chosen = Enterprise.objects.visible_to(request.scope).filter(credit_code=code).first()
        return self.page({"form": form, "chosen": chosen}, status=status)


class EnterprisePickView(PageView):
    """What the enterprise picker of the form asks: JSON, the reader's enterprises that match `q`, within `township` if given."""

    action = "issue.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Enterprise.objects.visible_to(request.scope).filter(is_active=True).select_related("township")
        rows = rows.matching(request.GET.get("q", "")).defer("search_tokens")
        if township := request.GET.get("township", ""):
            rows = rows.filter(township__code=township)
        found = list(rows.order_by("-is_key", "pinyin_key", "id")[: PICKS + 1])
        results = [
            {
                "id": row.credit_code,
                "label": row.name,
                "detail": f"{row.township} · {row.credit_code}",
                "chips": [{"label": "重点", "tone": "brand"}] if row.is_key else [],
            }
            for row in found[:PICKS]
        ]
        return JsonResponse({"results": results, "more": len(found) > PICKS})


@dataclass(frozen=True, slots=True)
class Refused:
    """A move that was sent and not made: its form with what was typed, and why."""

    form: MoveForm | None
    conflict: dict[str, Any] | None = None


class IssueDetailView(PageView):
    action = "issue.view"
    template_name = "casework/issue_detail.html"
    note_form: NoteForm | None = None

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.show(request, issue_detail(request.scope, code))

    def show(
        self, request: HttpRequest, issue: Issue, *, refused: Refused | None = None, status: int = 200
    ) -> HttpResponse:
        today = clock.today()
        events = events_of(issue)
        registered_on = clock.local_date(events[0].happened_at) if events else issue.received_on
        return self.page(
            {
                "issue": issue,
                "state": state_look(issue),
                "steps": steps(issue, registered_on, today),
                "timeline": timeline(issue, events),
                "holdings": holdings(events, clock.now()),
                "handling": handling(issue, today),
                "signing": signing(issue, today),
                "following_up": following_up(issue, today),
                **self._buttons(request, issue, refused),
                "refused": refused,
                "main_panels": panels.render("issue.main", request, issue),
                "side_panels": panels.render("issue.side", request, issue),
                "source_links": panels.render("issue.source", request, issue),
                "enterprise_link": self._enterprise_link(request, issue),
                "can_correct": may_correct(issue, request.scope),
                **self.more(request, issue),
                **around(request, issue),
            },
            status=status,
        )

    def _buttons(self, request: HttpRequest, issue: Issue, refused: Refused | None) -> dict[str, Any]:
        """The moves permitted now, by where their buttons stand, and why more time cannot be asked for where that needs saying."""
        moves = self._moves(request, issue, refused)
        return {
            "moves": moves,
            "answers": offered(issue) if any(move["action"] == "report" for move in moves) else [],
            "head_moves": [move for move in moves if move["place"] == "head"],
            "clock_moves": [move for move in moves if move["place"] == "clock"],
            "extension_barred": why_no_extension(issue, request.scope),
            "extension_words": f"申请再延 {issue.extension_days} 个工作日，待答复",
        }

    def more(self, request: HttpRequest, issue: Issue) -> dict[str, Any]:
        """What colleagues keep beside the steps: notes, files, who watches."""
        return {
            "together": together(request, issue, self.note_form),
            "tracker": tracker_card(request, issue),
        }

    def _moves(self, request: HttpRequest, issue: Issue, refused: Refused | None) -> list[dict[str, Any]]:
        """The buttons permitted now, the primary one last; each with the form it opens."""
        rows = []
        for move in permitted_moves(issue, request.scope):
            sent = refused.form if refused and refused.form and refused.form.move == move else None
            form = sent or MoveForm(issue=issue, move=move, scope=request.scope)
            if move.action == "report" and not sent:
                form.initial.update(chosen_answer(request, issue, "answer" if "answer" in form.fields else "note"))
            if "main" in form.fields and not form.is_bound:
                form.initial["main"] = request.GET.get("main", "")
            if "unit" in form.fields and not form.by_code:
                continue  # a holder with nobody below itself has nobody to hand it to
            rows.append(
                {
                    "action": move.action,
                    "label": move.label,
                    "primary": move.primary,
                    "place": move.place,
                    "icon": ACTION_ICONS[move.action],
                    "help": ACTION_HELP[move.action],
                    "url": reverse("issue-move", args=[issue.code, move.action]),
                    "form": form,
                    "conflict": refused.conflict if sent and refused else None,
                }
            )
        # Followed up and yet not to be closed: what bars it comes next, not a second follow-up.
        again = "follow_up" if issue.followed_up_on else ""
        primary = next((row for row in reversed(rows) if row["primary"] and row["action"] != again), None)
        for row in rows:
            row["primary"] = row is primary
        return sorted(rows, key=lambda row: row["primary"])

    def _enterprise_link(self, request: HttpRequest, issue: Issue) -> str:
        """The enterprise's page, where the reader may open it."""
        if issue.enterprise is None or not request.may("enterprise.view"):
            return ""
        visible = Enterprise.objects.visible_to(request.scope)
        if not request.scope.district and not visible.filter(pk=issue.enterprise_id).exists():
            return ""
        return f"/enterprises/{issue.enterprise.credit_code}/"


class IssueMoveView(IssueDetailView):
    """One move, sent from a dialog of the issue's page. What is refused comes back in that dialog."""

    def get(self, request: HttpRequest, code: str, action: str) -> HttpResponse:
        """Here after a lost session: the page with the dialog open, where the draft is put back."""
        return redirect(f"{reverse('issue-detail', args=[code])}#{action}")

    def post(self, request: HttpRequest, code: str, action: str) -> HttpResponse:
        issue = issue_detail(request.scope, code)
        move = find_move(action, issue.state)
        form = MoveForm(request.POST, issue=issue, move=move, scope=request.scope) if move else None
        version = _version(request)
        try:
            issue_move(
                code=code,
                action=action,
                version=version,
                actor=request.scope,
                input_problems={name: str(errors[0]) for name, errors in form.errors.items()} if form else {},
                **(form.cleaned_data if form else {}),
            )
        except NotFound:
            raise
        except FieldErrors as error:
            return self._show_field_errors(request, issue, form, error)
        except DomainError as error:
            typed = request.POST.get("note", "")
            if made_already(code=code, action=action, version=version or 0, actor=request.scope, note=typed):
                return self._done(request, code, action)
            return self._show_conflict(request, code, action, error)
        return self._done(request, code, action)

    def _done(self, request: HttpRequest, code: str, action: str) -> HttpResponse:
        """To the issue, or to the list where the step took it out of the person's hands and sight."""
        messages.success(request, f"{code} 已{ACTION_LABELS[action]}。")
        if Issue.objects.visible_to(request.scope).filter(code=code).exists():
            return redirect("issue-detail", code=code)
        return redirect("issue-list")

    def _show_field_errors(
        self, request: HttpRequest, issue: Issue, form: MoveForm | None, error: FieldErrors
    ) -> HttpResponse:
        if form is not None:
            told = set(form.errors)
            add_errors(form, FieldErrors({name: text for name, text in error.fields.items() if name not in told}))
        return self.show(request, issue, refused=Refused(form), status=422)

    def _show_conflict(self, request: HttpRequest, code: str, action: str, error: DomainError) -> HttpResponse:
        """Somebody was faster, or the step is not permitted now: what changed, by whom, beside what was typed. Read anew:
        while this request waited for the row, the other one saved."""
        issue = issue_detail(request.scope, code)
        last = next(reversed(events_of(issue)), None)
        conflict = {
            "rows": _both_sides(issue, last, request, action),
            "who": actor_name(last) if last else "",
            "at": last.happened_at if last else None,
            "detail": _faster(last) if isinstance(error, StaleVersion) and last else error.detail,
        }
        move = next((m for m in permitted_moves(issue, request.scope) if m.action == action), None)
        form = MoveForm(request.POST, issue=issue, move=move, scope=request.scope) if move else None
        return self.show(request, issue, refused=Refused(form, conflict), status=error.status)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _faster(last: IssueEvent) -> str:
    return f"{actor_name(last)}刚刚做了“{ACTION_LABELS.get(last.action, last.action)}”，请核对后再操作。"


def _both_sides(issue: Issue, last: IssueEvent | None, request: HttpRequest, action: str) -> list[dict[str, str]]:
    """What is now and what was sent, for the two sides of a conflict."""
    happened = ACTION_LABELS.get(last.action, last.action) if last else ""
    note = last.note.text if last and last.note and not last.note.redacted_at else ""
    return [
        {"label": "操作", "theirs": happened, "mine": ACTION_LABELS.get(action, action)},
        {"label": "状态", "theirs": state_look(issue).label, "mine": ""},
        {"label": "说明", "theirs": note, "mine": request.POST.get("note", "")},
    ]
