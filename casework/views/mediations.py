"""Pages of mediation: the list, an application, one case with its moves, its papers, a party's numbers."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.acts import ActForm
from casework.forms.mediations import ApplicationForm, MoveForm, RevealPartyForm
from casework.mediation_clock import standing
from casework.mediation_figures import figures_by_organisation, mediation_figures
from casework.mediation_filters import MediationFilter
from casework.mediation_presentation import ACTION_HELP, ACTION_LOOKS, state_look, timeline
from casework.mediation_word import PAPERS
from casework.mediation_workflow import MOVES, SIGNATURES, UNFINISHED_STATES, Move
from casework.models import Issue, Mediation, MediationParty
from casework.selectors import issue_detail
from casework.services.mediation_bars import barred
from casework.services.mediation_parties import party_look, party_reveal
from casework.services.mediation_standing import may_apply, reads_words, standings, works_on
from casework.services.mediations import mediation_move, mediation_open
from casework.views.acts import Act, ActsView, Offered
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404

ORDER = ("-applied_on", "-id")


def _act(move: Move) -> Act:
    """A line of the table of moves as a button with its dialog."""

    def run(mediation: Mediation, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
        return mediation_move(mediation_id=mediation.pk, action=move.action, actor=actor, version=version, **given)

    def who(mediation: Mediation, scope: Scope) -> bool:
        return works_on(mediation, scope) and not standings(mediation, scope).isdisjoint(move.who)

    def when(mediation: Mediation) -> bool:
        return mediation.state in move.sources and not why_not(mediation)

    def why_not(mediation: Mediation) -> str:
        return barred(mediation, move, clock.today()) if mediation.state in move.sources else ""

    return Act(
        move.action,
        move.label,
        ACTION_LOOKS[move.action][1],
        MoveForm,
        run,
        who,
        when,
        why_not,
        words=ACTION_HELP.get(move.action, ""),
        done="已保存。",
        submit="保存" if move.action in ("edit", "mend", "session") else "",
        primary=move.primary,
    )


PLACES: dict[str, str] = {move.action: move.place for move in MOVES}


class MediationListView(PageView):
    action = "mediation.view"
    template_name = "casework/mediations/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Mediation.objects.visible_to(request.scope).select_related("issue", "organisation")
        filters = MediationFilter(request.GET, queryset=rows, request=request)
        page = keyset_page(filters.qs.prefetch_related("parties"), request, order=ORDER)
        today = clock.today()
        return self.page(
            {
                "page": page,
                "rows": [_row(mediation, request.scope, today) for mediation in page.items],
                "filter": filters,
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
                "figures": mediation_figures(filters.qs),
                "organisations": figures_by_organisation(filters.qs),
            }
        )


def _row(mediation: Mediation, scope: Scope, today: date) -> dict[str, Any]:
    works = works_on(mediation, scope)
    sides: dict[str, list[str]] = {role: [] for role in MediationParty.Role.values}
    for party in mediation.parties.all():
        sides[party.role].append(party_look(party, works=works, numbers=False).name)
    return {
        "mediation": mediation,
        "look": state_look(mediation),
        "due": standing(mediation, today),
        "applicant": sides[MediationParty.Role.APPLICANT][0],
        "respondents": "、".join(sides[MediationParty.Role.RESPONDENT]),
    }


class MediationCreateView(PageView):
    """/issues/<code>/mediation/: an application about an issue."""

    action = "mediation.manage"
    template_name = "casework/mediations/form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = self.issue(request, code)
        return self.show(issue, self.form(request, issue))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = self.issue(request, code)
        form = self.form(request, issue, request.POST)
        status = 422
        if form.is_valid():
            try:
                mediation = mediation_open(issue_code=issue.code, actor=request.scope, **form.facts())
            except DomainError as error:
                add_errors(form, error)
                status = 422 if isinstance(error, FieldErrors) else error.status
            else:
                messages.success(request, f"已登记调解申请，编号 {mediation.number}。")
                return redirect("mediation", number=mediation.number)
        return self.show(issue, form, status)

    def issue(self, request: HttpRequest, code: str) -> Issue:
        issue = issue_detail(request.scope, code)
        if not may_apply(issue, request.scope):
            raise Forbidden("只有区总工会、所属镇街和承办单位可以登记调解申请。")
        return issue

    def form(self, request: HttpRequest, issue: Issue, data: Any = None) -> ApplicationForm:
        return ApplicationForm(data, subject=issue, scope=request.scope, act="mediation")

    def show(self, issue: Issue, form: ApplicationForm, status: int = 200) -> HttpResponse:
        going_on = issue.mediations.filter(state__in=UNFINISHED_STATES).first()
        return self.page({"issue": issue, "form": form, "going_on": going_on}, status=status)


class MediationView(ActsView):
    action = "mediation.view"
    template_name = "casework/mediations/detail.html"
    acts = tuple(_act(move) for move in MOVES)

    def find(self, request: HttpRequest, **where: Any) -> Mediation:
        return get_or_404(whole(request.scope), number=where["number"])

    def address(self, subject: Mediation) -> str:
        return reverse("mediation", args=[subject.number])

    def context(self, request: HttpRequest, subject: Mediation) -> dict[str, Any]:
        works = works_on(subject, request.scope)
        today = clock.today()
        return {
            "mediation": subject,
            "issue": subject.issue,
            "look": state_look(subject),
            "due": standing(subject, today),
            "over": subject.is_running and today > subject.due_on,
            "parties": [party_look(party, works=works) for party in subject.parties.all()],
            "works": works,
            "reads": reads_words(subject, request.scope),
            "signatures": [(words, getattr(subject, name)) for name, words in SIGNATURES.items()],
            "timeline": timeline(subject.steps.all()),
            "papers": [(key, title) for key, (title, ready, _) in PAPERS.items() if works and ready(subject)],
        }

    def show(
        self,
        request: HttpRequest,
        subject: Mediation,
        *,
        refused: ActForm | None = None,
        act: str = "",
        status: int = 200,
    ) -> HttpResponse:
        offered = self.offered(request, subject, refused, act)
        places: dict[str, list[Offered]] = {}
        for row in offered:
            places.setdefault(PLACES[row.act.name], []).append(row)
        context = {"offered": offered, "places": places, "subject": subject, **self.context(request, subject)}
        return self.page(context, status=status)

    def offered(self, request: HttpRequest, subject: Any, refused: ActForm | None, name: str) -> list[Offered]:
        """One button is the next step: the last primary move of the table that is possible."""
        rows = super().offered(request, subject, refused, name)
        for row in rows[:-1]:
            row.act = replace(row.act, primary=False)
        return rows


def whole(scope: Scope) -> Any:
    """Cases with what their page and their papers show."""
    return (
        Mediation.objects.visible_to(scope)
        .select_related("issue__township", "issue__holder", "organisation", "recorded_by")
        .prefetch_related("parties", "sessions__recorded_by", "handovers", "steps__actor", "steps__note")
    )


class MediationWordView(PageView):
    """/mediations/<number>/word/<paper>/: names and numbers in clear, for those who work on the case."""

    action = "mediation.manage"

    def get(self, request: HttpRequest, number: str, paper: str) -> HttpResponse:
        mediation = get_or_404(whole(request.scope), number=number)
        if not works_on(mediation, request.scope):
            raise Forbidden("只有经办这件调解的人可以下载文书。")
        if paper not in PAPERS:
            raise NotFound
        title, ready, write = PAPERS[paper]
        if not ready(mediation):
            raise InvalidTransition(f"现在还没有{title}。")
        record(
            actor=request.scope,
            action="mediation.download",
            object_type="mediation",
            object_id=mediation.number,
            kind=paper,
        )
        return word_answer(f"{title}-{mediation.number}", write(mediation))


class PartyRevealView(PageView):
    """Asks for the reason, then shows the numbers once: the page is not kept by the browser."""

    action = "mediation.manage"
    template_name = "casework/mediations/reveal.html"

    def get(self, request: HttpRequest, number: str, party: int) -> HttpResponse:
        return self.show(request, number, party, RevealPartyForm())

    def post(self, request: HttpRequest, number: str, party: int) -> HttpResponse:
        form, found = RevealPartyForm(request.POST), ("", "")
        self.party(request, number, party)
        if form.is_valid():
            try:
                found = party_reveal(party_id=party, actor=request.scope, **form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
        return self.show(request, number, party, form, found, status=200 if any(found) else 422)

    def party(self, request: HttpRequest, number: str, pk: int) -> tuple[Mediation, MediationParty]:
        mediation = get_or_404(whole(request.scope), number=number)
        if not works_on(mediation, request.scope):
            raise Forbidden("只有经办这件调解的人可以查看当事人的号码。")
        return mediation, get_or_404(mediation.parties.all(), pk=pk)

    def show(
        self,
        request: HttpRequest,
        number: str,
        pk: int,
        form: RevealPartyForm,
        found: tuple[str, str] = ("", ""),
        *,
        status: int = 200,
    ) -> HttpResponse:
        mediation, party = self.party(request, number, pk)
        phone, id_number = found
        context = {"mediation": mediation, "party": party, "form": form, "phone": phone, "id_number": id_number}
        response = self.page(context, status=status)
        response["Cache-Control"] = "no-store"
        return response
