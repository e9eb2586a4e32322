"""`/evaluations/`: the years, one year with its phases and indicators, the working of one cadre or township, weights and criteria."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView, sent_version
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors
from unionportal.reporting.evaluations import pages
from unionportal.reporting.evaluations.forms import (
    CriteriaForm,
    DatesForm,
    LockForm,
    MoveForm,
    RoundForm,
    WeightsForm,
    closed,
    criteria_texts,
)
from unionportal.reporting.evaluations.indicators import INDICATORS
from unionportal.reporting.evaluations.working import kept_figures
from visits.evaluation_workflow import (
    CADRE,
    KINDS,
    MOVES,
    NOMINATING,
    PREPARING,
    SUBJECTS,
    TOWNSHIP,
    Move,
)
from visits.meeting_figures import cadre_meetings, unit_meetings
from visits.models import EvaluationRound
from visits.services.evaluation_rules import criteria_set, weights_set
from visits.services.evaluations import evaluation_create, evaluation_dates, evaluation_move, reviews_missing


def _manages(subject: Any, scope: Scope) -> bool:
    return allowed(scope, "evaluation.manage")


LIST_ACTS = (
    Act(
        "new",
        "建立年评议",
        "plus",
        RoundForm,
        lambda _, actor, version, given: evaluation_create(actor=actor, **given),
        _manages,
        words="一年一次。指标权重和评审标准先照上一次的，准备阶段可以改。",
        done="已建立，请核对指标权重和评审标准。",
        submit="建立",
        primary=True,
    ),
)


class EvaluationListView(ActsView):
    action = "evaluation.view"
    template_name = "evaluations/list.html"
    acts = LIST_ACTS

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: None) -> str:
        return reverse("evaluations")

    def context(self, request: HttpRequest, subject: None) -> dict[str, Any]:
        return {"rounds": EvaluationRound.objects.visible_to(request.scope), "tones": pages.TONES}

    def after(self, request: HttpRequest, subject: None, act: Act, result: Any) -> HttpResponse:
        return redirect("evaluation", result.year)


def _move_act(move: Move) -> Act:
    """The button of a move of the table."""

    def run(found: EvaluationRound, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
        return evaluation_move(
            round_id=found.pk, move=move.name, version=version, actor=actor, figures=kept_figures, **given
        )

    return Act(
        move.name,
        move.label,
        "lock" if move.name == "lock" else "check-circle",
        LockForm if move.name == "lock" else MoveForm,
        run,
        lambda found, scope: allowed(scope, move.action),
        lambda found: found.state == move.source,
        lambda found: f"现在是“{found.get_state_display()}”阶段，不能{move.label}。",
        words=move.words,
        done=f"已{move.label}。",
        primary=True,
    )


ROUND_ACTS = (
    Act(
        "dates",
        "修改日期",
        "calendar",
        DatesForm,
        lambda found, actor, version, given: evaluation_dates(round_id=found.pk, version=version, actor=actor, **given),
        _manages,
        lambda found: not found.is_settled,
        done="日期已修改。",
        submit="保存",
    ),
    *(_move_act(move) for move in MOVES),
)


class EvaluationView(ActsView):
    """One year: where it stands, the indicators of those the reader may see, and the ways to its other pages."""

    action = "evaluation.view"
    template_name = "evaluations/round.html"
    acts = ROUND_ACTS

    def find(self, request: HttpRequest, **where: Any) -> EvaluationRound:
        return pages.round_of(request.scope, where["year"])

    def address(self, subject: EvaluationRound) -> str:
        return reverse("evaluation", args=[subject.year])

    def context(self, request: HttpRequest, subject: EvaluationRound) -> dict[str, Any]:
        scope = request.scope
        reviewer = pages.reviewer_of(subject, scope)
        return {
            "round": subject,
            "steps": pages.steps_of(subject),
            "tone": pages.TONES[subject.state],
            "tables": _tables(subject, scope),
            "indicators": INDICATORS,
            "results": pages.results_for(subject, scope),
            "missing": reviews_missing(subject) if subject.state == "reviewing" and scope.district else 0,
            "to_review": pages.to_review(reviewer) if reviewer and subject.state == "reviewing" else None,
            "manages": _manages(subject, scope),
            "nominates": allowed(scope, "evaluation.nominate") and subject.state == NOMINATING,
            "kinds": KINDS.items(),
            "subjects": SUBJECTS.items(),
            "knows_outcomes": pages.knows_outcomes(subject, scope),
        }


def _tables(found: EvaluationRound, scope: Scope) -> list[dict[str, Any]]:
    """The tables of cadres and townships; one the reader sees nobody of is left out."""
    tables = []
    for subject, label in SUBJECTS.items():
        rows = pages.workings_for(found, scope, subject)
        if rows:
            weights = {row.indicator: row.weight for row in found.weights.all() if row.subject == subject}
            heads = [(each, weights[each.id]) for each in INDICATORS]
            tables.append({"subject": subject, "label": label, "rows": rows, "heads": heads})
    return tables


class WorkingView(PageView):
    """How one cadre or township comes to its total, line by line."""

    action = "evaluation.view"
    template_name = "evaluations/working.html"
    subject = CADRE

    def get(self, request: HttpRequest, year: int, key: str) -> HttpResponse:
        found = pages.round_of(request.scope, year)
        working = pages.working_of(found, request.scope, self.subject, key)
        meetings = cadre_meetings if self.subject == CADRE else unit_meetings
        lines = [(line, line.indicator.words(self.subject)) for line in working.lines]
        return self.page(
            {
                "round": found,
                "working": working,
                "lines": lines,
                "meetings": meetings(year, working.who.pk),
                "label": SUBJECTS[self.subject],
                "is_locked": found.is_settled and pages.knows_outcomes(found, request.scope),
                "left_out": any(line.points is None and line.weight for line in working.lines),
            }
        )


class TownshipWorkingView(WorkingView):
    subject = TOWNSHIP


class WeightsView(PageView):
    """The weights of cadres' or townships' indicators: read by all who see the round, changed by staff while it is prepared."""

    action = "evaluation.manage"
    template_name = "evaluations/weights.html"

    def get(self, request: HttpRequest, year: int, subject: str) -> HttpResponse:
        found = self.find(year, subject)
        weights = {row.indicator: row.weight for row in found.weights.all() if row.subject == subject}
        return self.show(found, subject, WeightsForm(initial=weights))

    def post(self, request: HttpRequest, year: int, subject: str) -> HttpResponse:
        found = self.find(year, subject)
        form = WeightsForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                weights_set(
                    round_id=found.pk,
                    version=sent_version(request),
                    subject=subject,
                    weights=form.cleaned_data,
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, f"{SUBJECTS[subject]}的指标权重已保存。")
                return redirect("evaluation", year)
        return self.show(found, subject, form, status)

    def find(self, year: int, subject: str) -> EvaluationRound:
        if subject not in SUBJECTS:
            raise NotFound
        return pages.round_of(self.request.scope, year)

    def show(self, found: EvaluationRound, subject: str, form: WeightsForm, status: int = 200) -> HttpResponse:
        if found.state != PREPARING:
            closed(form)
        rows = [(form[each.id], each.words(subject), each.rule_words) for each in INDICATORS]
        context = {"round": found, "what": SUBJECTS[subject], "form": form, "rows": rows}
        return self.page(context | {"is_open": found.state == PREPARING}, status=status)


class CriteriaView(PageView):
    """What nominations of a kind are scored on; changed by staff before reviewing begins."""

    action = "evaluation.manage"
    template_name = "evaluations/criteria.html"

    def get(self, request: HttpRequest, year: int, kind: str) -> HttpResponse:
        found = self.find(year, kind)
        return self.show(found, kind, CriteriaForm(initial=criteria_texts(list(found.criteria.filter(kind=kind)))))

    def post(self, request: HttpRequest, year: int, kind: str) -> HttpResponse:
        found = self.find(year, kind)
        form = CriteriaForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                criteria_set(
                    round_id=found.pk,
                    version=sent_version(request),
                    kind=kind,
                    criteria=form.criteria(),
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, f"{KINDS[kind]}的评审标准已保存。")
                return redirect("evaluation", year)
        return self.show(found, kind, form, status)

    def find(self, year: int, kind: str) -> EvaluationRound:
        if kind not in KINDS:
            raise NotFound
        return pages.round_of(self.request.scope, year)

    def show(self, found: EvaluationRound, kind: str, form: CriteriaForm, status: int = 200) -> HttpResponse:
        is_open = found.state in (PREPARING, NOMINATING)
        if not is_open:
            closed(form)
        return self.page({"round": found, "what": KINDS[kind], "form": form, "is_open": is_open}, status=status)
