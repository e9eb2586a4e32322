"""Handing a posting over in two steps (who and when, then what is open and where it goes), and what is open at one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.accounts.forms import HandOverForm
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.selectors import postings
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import PageView, add_errors, get_or_404
from visits.handing_over import open_work
from visits.services.handing_over import hand_over, hand_over_refusal


class PostingPage(PageView):
    """A page of one posting that shows what is open there."""

    def posting(self, pk: int) -> Posting:
        return get_or_404(postings(self.request.scope), pk=pk)

    def show(self, posting: Posting, *, status: int = 200, **context: object) -> HttpResponse:
        work = open_work(posting, self.request.scope, clock.today())
        may_see = {"sees_issues": self.request.may("issue.view"), "sees_enterprises": self.request.may("coverage.view")}
        return self.page({"posting": posting, "work": work, **may_see, **context}, status=status)


class OpenWorkView(PostingPage):
    """/postings/<id>/open/"""

    action = "posting.view"
    template_name = "visits/open_work.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.posting(pk))


class HandOverView(PostingPage):
    """/postings/<id>/hand-over/: with successor and day in the address it shows what will happen; sent, it happens."""

    action = "posting.manage"
    template_name = "visits/hand_over.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        posting = self.posting(pk)
        if "successor" not in request.GET:
            return self.show(posting, form=HandOverForm())
        form = HandOverForm(request.GET)
        if form.is_valid():
            refusal = hand_over_refusal(posting=posting, actor=request.scope, **form.cleaned_data)
            if refusal is None:
                return self.show(posting, form=form, agreed=form.cleaned_data)
            add_errors(form, refusal)
        return self.show(posting, form=form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        posting = self.posting(pk)
        form = HandOverForm(request.POST)
        if form.is_valid():
            try:
                following = hand_over(posting=posting, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"{posting.target}将由{following.cadre.display_name}接任，已通知本人。")
                return redirect("postings")
        return self.show(posting, form=form, status=422)
