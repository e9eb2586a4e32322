"""Reviewing, blind: who reviews, what they have to score, one nomination by its number. Nothing here says who wrote what."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView, sent_version
from unionportal.core.common.errors import DomainError, Forbidden, NotFound
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.params.values import value
from unionportal.reporting.evaluations import pages
from unionportal.reporting.evaluations.blind import blind_response
from unionportal.reporting.evaluations.forms import (
    ReasonForm,
    ReviewerForm,
    ReviewerOfRoundForm,
    ScoresForm,
    closed,
)
from visits.evaluation_workflow import REVIEWING
from visits.models import Criterion, EvaluationRound, Nomination, Reviewer
from visits.services.recusals import recusal_declare, reviewer_add, reviewer_remove
from visits.services.scoring import review_save


def _manages(found: EvaluationRound, scope: Scope) -> bool:
    return allowed(scope, "evaluation.manage")


def _open(found: EvaluationRound) -> bool:
    return not found.is_settled


REVIEWER_ACTS = (
    Act(
        "remove",
        "撤换评审人",
        "minus",
        ReviewerOfRoundForm,
        lambda found, actor, version, given: reviewer_remove(reviewer_id=given["reviewer"].pk, actor=actor),
        _manages,
        _open,
        words="没有提交过评分的才能撤换，草稿作废。",
        done="已撤换。",
        submit="撤换",
    ),
    Act(
        "add",
        "指定评审人",
        "plus",
        ReviewerForm,
        lambda found, actor, version, given: reviewer_add(round_id=found.pk, actor=actor, **given),
        _manages,
        _open,
        words="区总工作人员受理提名、知道作者，不参加评审。同单位、同镇街和本人的提名自动回避。",
        done="已指定。",
        submit="指定",
        primary=True,
    ),
)


class ReviewersView(ActsView):
    """Who reviews, and how far they are: numbers of reviews, never points."""

    action = "evaluation.manage"
    template_name = "evaluations/reviewers.html"
    acts = REVIEWER_ACTS

    def find(self, request: HttpRequest, **where: Any) -> EvaluationRound:
        return pages.round_of(request.scope, where["year"])

    def address(self, subject: EvaluationRound) -> str:
        return reverse("evaluation-reviewers", args=[subject.year])

    def context(self, request: HttpRequest, subject: EvaluationRound) -> dict[str, Any]:
        return {
            "round": subject,
            "lines": pages.reviewer_lines(subject),
            "least": int(value("evaluations.min_reviewers")),
        }


class ReviewListView(PageView):
    """What a reviewer has to score."""

    action = "evaluation.review"
    template_name = "evaluations/reviews.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        found, reviewer = _reviewing(request.scope, year)
        rows = pages.to_review(reviewer) if _begun(found) else []
        return self.page(
            {
                "round": found,
                "rows": rows,
                "recused": pages.recused_from(reviewer),
                "done": sum(1 for row in rows if row.review and row.review.submitted_at),
            }
        )


class ReviewView(ActsView):
    """One nomination by its number, and the form to score it."""

    action = "evaluation.review"
    template_name = "evaluations/review.html"
    acts = (
        Act(
            "recuse",
            "申请回避",
            "users",
            ReasonForm,
            lambda n, actor, version, given: recusal_declare(
                round_id=n.round_id, number=n.number, actor=actor, **given
            ),
            lambda n, scope: True,
            lambda n: n.round.state == REVIEWING,
            lambda n: f"{n.round.year}年度评议的评分已经锁定，不能再改。",
            words="认出作者，或有其他可能影响公正的情形时，请申请回避。已打的分作废。",
            done="已回避。",
            submit="回避",
            danger=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> Nomination:
        return _blind(request.scope, where["year"], where["number"])

    def address(self, subject: Nomination) -> str:
        return reverse("evaluation-review", args=[subject.round.year, subject.number])

    def post(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        if act:
            return super().post(request, act, **where)
        nomination = self.find(request, **where)
        status, submit = 422, "save_draft" not in request.POST
        form = self._form(nomination, request.POST, whole=submit)
        if form.is_valid():
            try:
                review_save(
                    round_id=nomination.round_id,
                    number=nomination.number,
                    points=form.points(),
                    comment=form.cleaned_data["comment"],
                    submit=submit,
                    version=sent_version(request),
                    actor=request.scope,
                )
            except Forbidden:
                raise
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(
                    request, f"{nomination.blind_name}的评分已{'提交，锁定前可以修改' if submit else '保存为草稿'}。"
                )
                return redirect("evaluation-reviews", nomination.round.year)
        offered = self.offered(request, nomination, None, "")
        return self.page({"offered": offered, "subject": nomination, **self._context(nomination, form)}, status=status)

    def after(self, request: HttpRequest, subject: Nomination, act: Act, result: Any) -> HttpResponse:
        return redirect("evaluation-reviews", subject.round.year)

    def context(self, request: HttpRequest, subject: Nomination) -> dict[str, Any]:
        form = self._form(subject)
        if subject.round.state != REVIEWING:
            closed(form)
        return self._context(subject, form)

    def _form(self, nomination: Nomination, data: Any = None, *, whole: bool = True) -> ScoresForm:
        criteria = list(Criterion.objects.filter(round_id=nomination.round_id, kind=nomination.kind))
        return ScoresForm(data, criteria=criteria, review=self._review(nomination), whole=whole)

    def _review(self, nomination: Nomination) -> Any:
        rows = nomination.reviews.filter(reviewer__user_id=self.request.scope.user_id).prefetch_related(
            "scores__criterion"
        )
        return rows.first()

    def _context(self, nomination: Nomination, form: ScoresForm) -> dict[str, Any]:
        review = self._review(nomination)
        return {
            "round": nomination.round,
            "nomination": nomination,
            "files": range(1, nomination.files.count() + 1),
            "form": form,
            "points": [form[f"points_{each.pk}"] for each in form.criteria],
            "review": review,
            "review_version": review.version if review else 0,
            "is_open": nomination.round.state == REVIEWING,
        }


class ReviewFileView(PageView):
    """A file of a nomination by its place: its name says nothing."""

    action = "evaluation.review"

    def get(self, request: HttpRequest, year: int, number: int, position: int) -> FileResponse:
        files = list(_blind(request.scope, year, number).files.select_related("attachment"))
        if not 1 <= position <= len(files):
            raise NotFound
        return blind_response(files[position - 1].attachment, position)


def _begun(found: EvaluationRound) -> bool:
    return found.state == REVIEWING or found.is_settled


def _reviewing(scope: Scope, year: int) -> tuple[EvaluationRound, Reviewer]:
    """The round, for whom it has named; NotFound for everybody else."""
    found = pages.round_of(scope, year)
    reviewer = pages.reviewer_of(found, scope)
    if reviewer is None:
        raise NotFound
    return found, reviewer


def _blind(scope: Scope, year: int, number: int) -> Nomination:
    """A nomination the reader has to score; one with a conflict of interest is not there for them."""
    found, reviewer = _reviewing(scope, year)
    if not _begun(found):
        raise NotFound
    rows = Nomination.objects.filter(round=found).to_review(reviewer.pk).select_related("round")
    return get_or_404(rows, number=number)
