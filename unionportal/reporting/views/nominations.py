"""Nominations of a year's evaluation: handed in and mended by cadres and townships, admitted or refused by staff."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView, sent_version
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response
from unionportal.reporting.evaluations import pages
from unionportal.reporting.evaluations.forms import (
    MoveForm,
    NominationForm,
    OrderRecusalForm,
    ReasonForm,
    nomination_texts,
)
from visits.evaluation_workflow import KINDS, NOMINATING, REVIEWING
from visits.models import EvaluationRound, Nomination
from visits.services.evaluation_lock import require_nominating
from visits.services.nominations import (
    NominationInput,
    may_change,
    nomination_admit,
    nomination_edit,
    nomination_refuse,
    nomination_submit,
    nomination_withdraw,
)
from visits.services.recusals import recusal_order

State = Nomination.State


class NominationListView(PageView):
    """Those the reader may see: staff and leaders all, a cadre and a township their own."""

    action = "evaluation.view"
    template_name = "evaluations/nominations.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        found = pages.round_of(request.scope, year)
        return self.page(
            {
                "round": found,
                "nominations": pages.nominations_for(found, request.scope),
                "tones": pages.NOMINATION_TONES,
                "kinds": KINDS.items(),
                "nominates": request.may("evaluation.nominate") and found.state == NOMINATING,
                "sees_progress": request.scope.district,
            }
        )


class NominateView(PageView):
    action = "evaluation.nominate"
    template_name = "evaluations/nominate.html"

    def get(self, request: HttpRequest, year: int, kind: str) -> HttpResponse:
        found = self.find(year, kind)
        form = NominationForm(scope=request.scope, initial={"authors": str(request.user)})
        return self.show(found, kind, form)

    def post(self, request: HttpRequest, year: int, kind: str) -> HttpResponse:
        found = self.find(year, kind)
        form = NominationForm(request.POST, request.FILES, scope=request.scope)
        status = 422
        if form.is_valid():
            try:
                nomination = nomination_submit(
                    uuid=form.cleaned_data["uuid"],
                    round_id=found.pk,
                    kind=kind,
                    given=_given(form),
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, "已提名，等待区总受理。提名截止前可以修改或撤回。")
                return redirect("evaluation-nomination", year, nomination.pk)
        return self.show(found, kind, form, status)

    def find(self, year: int, kind: str) -> EvaluationRound:
        if kind not in KINDS:
            raise NotFound
        return pages.round_of(self.request.scope, year)

    def show(self, found: EvaluationRound, kind: str, form: NominationForm, status: int = 200) -> HttpResponse:
        context = {"round": found, "what": KINDS[kind], "form": form, "closed": _closed(found)}
        return self.page(context | {"draft_key": f"nominate-{found.year}-{kind}"}, status=status)


class NominationEditView(PageView):
    action = "evaluation.nominate"
    template_name = "evaluations/nominate.html"

    def get(self, request: HttpRequest, year: int, pk: UUID) -> HttpResponse:
        nomination = self.find(year, pk)
        form = NominationForm(scope=request.scope, nomination=nomination, initial=nomination_texts(nomination))
        return self.show(nomination, form)

    def post(self, request: HttpRequest, year: int, pk: UUID) -> HttpResponse:
        nomination = self.find(year, pk)
        form = NominationForm(request.POST, request.FILES, scope=request.scope, nomination=nomination)
        status = 422
        if form.is_valid():
            try:
                nomination_edit(
                    nomination_id=nomination.pk,
                    version=sent_version(request),
                    given=_given(form),
                    remove_files=[row.pk for row in form.cleaned_data["remove"]],
                    actor=request.scope,
                )
            except Forbidden:
                raise
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, "已修改，等待区总受理。")
                return redirect("evaluation-nomination", year, nomination.pk)
        return self.show(nomination, form, status)

    def find(self, year: int, pk: UUID) -> Nomination:
        nomination = _nomination(self.request.scope, year, pk)
        if not may_change(nomination, self.request.scope):
            raise Forbidden("只能修改本人或本镇街的提名。")
        return nomination

    def show(self, nomination: Nomination, form: NominationForm, status: int = 200) -> HttpResponse:
        return self.page(
            {
                "round": nomination.round,
                "what": nomination.get_kind_display(),
                "form": form,
                "nomination": nomination,
                "closed": _closed(nomination.round),
                "draft_key": f"nomination-{nomination.pk}",
            },
            status=status,
        )


def _given(form: NominationForm) -> NominationInput:
    given = form.cleaned_data
    names = ("title", "abstract", "text", "authors", "unit", "issues")
    return NominationInput(**{name: given[name] for name in names}, files=given["attachments"])


def _closed(found: EvaluationRound) -> str:
    """Why nothing can be handed in now; "" where it can."""
    try:
        require_nominating(found, clock.today())
    except InvalidTransition as error:
        return error.detail
    return ""


def _nomination(scope: Scope, year: int, pk: UUID) -> Nomination:
    rows = Nomination.objects.visible_to(scope).select_related("round", "unit", "submitted_by")
    return get_or_404(rows.prefetch_related("authors__user"), pk=pk, round__year=year)


def _manages(nomination: Nomination, scope: Scope) -> bool:
    return allowed(scope, "evaluation.manage")


def _waits(nomination: Nomination) -> bool:
    return nomination.round.state == NOMINATING and nomination.state == State.HANDED_IN


NOMINATION_ACTS = (
    Act(
        "withdraw",
        "撤回",
        "back",
        MoveForm,
        lambda n, actor, version, given: nomination_withdraw(nomination_id=n.pk, version=version, actor=actor),
        lambda n, scope: allowed(scope, "evaluation.nominate") and may_change(n, scope),
        lambda n: n.state != State.WITHDRAWN and not _closed(n.round),
        lambda n: _closed(n.round) or "这件提名已经撤回。",
        words="撤回后不参加评审，不能恢复；需要时请重新提名。",
        done="已撤回。",
        danger=True,
    ),
    Act(
        "refuse",
        "不予受理",
        "close-circle",
        ReasonForm,
        lambda n, actor, version, given: nomination_refuse(nomination_id=n.pk, version=version, actor=actor, **given),
        _manages,
        _waits,
        words="理由会告诉提名人和作者。",
        done="已记为不予受理。",
        danger=True,
    ),
    Act(
        "admit",
        "受理",
        "check",
        MoveForm,
        lambda n, actor, version, given: nomination_admit(nomination_id=n.pk, version=version, actor=actor),
        _manages,
        _waits,
        words="受理前请核对：正文和附件里没有姓名和单位，可以不记名评审。",
        done="已受理。",
        primary=True,
    ),
    Act(
        "recuse",
        "指定回避",
        "users",
        OrderRecusalForm,
        lambda n, actor, version, given: recusal_order(nomination_id=n.pk, actor=actor, **given),
        _manages,
        lambda n: n.round.state == REVIEWING and n.state == State.ADMITTED,
        words="这名评审人不再为这件提名打分，已打的分作废。",
        done="已指定回避。",
        submit="回避",
    ),
)


class NominationView(ActsView):
    action = "evaluation.view"
    template_name = "evaluations/nomination.html"
    acts = NOMINATION_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Nomination:
        return _nomination(request.scope, where["year"], where["pk"])

    def address(self, subject: Nomination) -> str:
        return reverse("evaluation-nomination", args=[subject.round.year, subject.pk])

    def context(self, request: HttpRequest, subject: Nomination) -> dict[str, Any]:
        scope = request.scope
        recusals = subject.recusals.select_related("reviewer__user") if scope.district else []
        return {
            "round": subject.round,
            "nomination": subject,
            "tone": pages.NOMINATION_TONES[subject.state],
            "files": subject.files.select_related("attachment"),
            "issues": subject.issues.visible_to(scope).order_by("code"),
            "may_edit": allowed(scope, "evaluation.nominate")
            and may_change(subject, scope)
            and subject.state != State.WITHDRAWN
            and not _closed(subject.round),
            "recusals": recusals,
        }


class NominationFileView(PageView):
    """A file under its own name, for those who may know whose it is."""

    action = "evaluation.view"

    def get(self, request: HttpRequest, year: int, pk: UUID, file_id: int) -> FileResponse:
        nomination = _nomination(request.scope, year, pk)
        return attachment_response(get_or_404(nomination.files.select_related("attachment"), pk=file_id).attachment)
