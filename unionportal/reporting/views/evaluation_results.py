"""Results of a year's evaluation: the ranked list, awards, certificates."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.audit.services import record
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.views import PageView
from unionportal.reporting.evaluations import pages
from unionportal.reporting.evaluations.certificates import Certificate, certificates, certificates_word
from unionportal.reporting.evaluations.forms import AwardForm
from visits.evaluation_workflow import LOCKED
from visits.models import Award
from visits.services.awards import award_revoke, award_set


class ResultsView(PageView):
    """The results: for staff and leaders from the lock on, for everybody once they are published."""

    action = "evaluation.view"
    template_name = "evaluations/results.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        return self.show(request, year)

    def show(
        self, request: HttpRequest, year: int, *, error: DomainError | None = None, of: UUID | None = None
    ) -> HttpResponse:
        scope = request.scope
        found = pages.round_of(scope, year)
        mine = {paper.author_id for paper in certificates(found) if paper.user_id == scope.user_id or scope.district}
        return self.page(
            {
                "round": found,
                "results": pages.results_for(found, scope),
                "levels": [("", "不评奖"), *Award.Level.choices],
                "tones": pages.LEVEL_TONES,
                "decides": request.may("evaluation.manage") and found.state == LOCKED,
                "revokes": request.may("evaluation.publish") and found.is_published,
                "sees_scores": scope.district,
                "certified": mine,
                "all_certificates": bool(mine) and scope.district,
                "error": error,
                "error_of": of,
            },
            status=error.status if error else 200,
        )


class AwardView(ResultsView):
    """Staff decide one award between lock and publication."""

    action = "evaluation.manage"

    def get(self, request: HttpRequest, year: int, pk: UUID) -> HttpResponse:
        return redirect("evaluation-results", year)

    def post(self, request: HttpRequest, year: int, pk: UUID) -> HttpResponse:
        found = pages.round_of(request.scope, year)
        if not found.nominations.filter(pk=pk).exists():
            raise NotFound
        form = AwardForm(request.POST)
        if not form.is_valid():
            return self.show(request, year, error=DomainError("请选择等次。"), of=pk)
        try:
            award_set(nomination_id=pk, level=form.cleaned_data["level"], actor=request.scope)
        except DomainError as error:
            return self.show(request, year, error=_one_line(error, "level"), of=pk)
        messages.success(request, "等次已记下，公布前可以修改。")
        return redirect("evaluation-results", year)


class RevokeView(ResultsView):
    """A published award is taken back, with a reason."""

    action = "evaluation.publish"

    def get(self, request: HttpRequest, year: int, pk: UUID) -> HttpResponse:
        return redirect("evaluation-results", year)

    def post(self, request: HttpRequest, year: int, pk: UUID) -> HttpResponse:
        found = pages.round_of(request.scope, year)
        if not found.nominations.filter(pk=pk).exists():
            raise NotFound
        try:
            award_revoke(nomination_id=pk, reason=request.POST.get("reason", ""), actor=request.scope)
        except DomainError as error:
            return self.show(request, year, error=_one_line(error, "reason"), of=pk)
        messages.success(request, "奖项已撤销，证书不再提供。")
        return redirect("evaluation-results", year)


def _one_line(error: DomainError, field: str) -> DomainError:
    """The refusal as the one sentence beside the line it is about."""
    told = DomainError(error.fields.get(field) or error.detail)
    told.status = 422 if error.status == 400 else error.status
    return told


class CertificatesView(PageView):
    """Certificates in Word: all of a year (the district), or one author's (theirs and the district's). Each download is in the audit trail."""

    action = "evaluation.view"

    def get(self, request: HttpRequest, year: int, author_id: int | None = None) -> HttpResponse:
        found, scope = pages.round_of(request.scope, year), request.scope
        papers = [paper for paper in certificates(found) if scope.district or paper.user_id == scope.user_id]
        if author_id is not None:
            papers = [paper for paper in papers if paper.author_id == author_id]
        elif not scope.district:
            papers = []
        if not papers:
            raise NotFound("没有可以下载的证书。")
        for paper in papers:
            record(
                actor=scope,
                action="evaluation.certificate",
                object_type="nomination",
                object_id=paper.nomination_id,
                number=paper.number,
            )
        return _word(papers, f"{year}年度荣誉证书" if author_id is None else f"{year}年度荣誉证书-{papers[0].name}")


def _word(papers: list[Certificate], name: str) -> HttpResponse:
    return word_answer(name, certificates_word(papers))
