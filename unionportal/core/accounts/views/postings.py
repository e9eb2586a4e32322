"""Postings (分片包干): who answers for which township or enterprise, now, before and after."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from unionportal.core.accounts import services
from unionportal.core.accounts.filters import PostingFilter
from unionportal.core.accounts.forms import HandOverForm, PostingEndForm, PostingForm
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.selectors import postings, stand_ins
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import Enterprise

PICKED = 20


class PostingListView(PageView):
    """/postings/"""

    action = "posting.view"
    template_name = "accounts/posting_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = PostingFilter(request.GET, queryset=postings(request.scope))
        page = keyset_page(filters.qs, request, order=("-start_on", "-id"))
        today = clock.today()
        away = stand_ins((posting.cadre_id for posting in page.items), today)
        rows = [(posting, posting.state_on(today), away.get(posting.cadre_id)) for posting in page.items]
        return self.page({"page": page, "rows": rows, "filter": filters, "can_manage": request.may("posting.manage")})


class PostingCreateView(PageView):
    """/postings/new/"""

    action = "posting.manage"
    template_name = "accounts/posting_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        enterprise = Enterprise.objects.filter(pk=_number(request.GET.get("enterprise"))).first()
        initial = {"start_on": clock.today(), "enterprise": enterprise and enterprise.pk}
        return self.page({"form": PostingForm(initial=initial), "enterprise": enterprise})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PostingForm(request.POST)
        enterprise = Enterprise.objects.filter(pk=_number(request.POST.get("enterprise"))).first()
        if form.is_valid():
            try:
                posting = services.posting_create(actor=request.scope, **form.cleaned_data | {"enterprise": enterprise})
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已安排{posting.cadre.display_name}负责{posting.target}。")
                return redirect("postings")
        return self.page({"form": form, "enterprise": enterprise}, status=422)


class PostingAction(PageView):
    """A page that changes one posting in force or ahead."""

    action = "posting.manage"
    template_name = "accounts/posting_action.html"
    heading = submit = ""
    form_class: type[PostingEndForm] | type[HandOverForm]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.posting(pk), self.form_class())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        posting = self.posting(pk)
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                messages.success(request, self.perform(posting, form.cleaned_data))
            except DomainError as error:
                add_errors(form, error)
            else:
                return redirect("postings")
        return self.show(posting, form, status=422)

    def posting(self, pk: int) -> Posting:
        return get_or_404(postings(self.request.scope), pk=pk)

    def show(self, posting: Posting, form: Any, status: int = 200) -> HttpResponse:
        context = {"posting": posting, "form": form, "heading": self.heading, "submit": self.submit}
        return self.page(context, status=status)

    def perform(self, posting: Posting, data: dict[str, Any]) -> str:
        raise NotImplementedError


class PostingEndView(PostingAction):
    """/postings/<id>/end/"""

    heading, submit, form_class = "结束分工", "结束分工", PostingEndForm

    def perform(self, posting: Posting, data: dict[str, Any]) -> str:
        services.posting_end(posting=posting, actor=self.request.scope, **data)
        return f"{posting.cadre.display_name}对{posting.target}的分工已定结束日期。"


class PostingHandOverView(PostingAction):
    """/postings/<id>/hand-over/"""

    heading, submit, form_class = "交接分工", "交接", HandOverForm

    def perform(self, posting: Posting, data: dict[str, Any]) -> str:
        following = services.posting_hand_over(posting=posting, actor=self.request.scope, **data)
        return f"{posting.target}将由{following.cadre.display_name}接任。"


class EnterprisePickerView(PageView):
    """/postings/enterprises/?q=: enterprises to choose from, for the picker."""

    action = "posting.manage"

    def get(self, request: HttpRequest) -> JsonResponse:
        found = list(
            Enterprise.objects.filter(is_active=True)
            .matching(request.GET.get("q", ""))
            .select_related("township")
            .order_by("pinyin_key", "id")[: PICKED + 1]
        )
        results = [{"id": e.pk, "label": e.name, "detail": str(e.township)} for e in found[:PICKED]]
        return JsonResponse({"results": results, "more": len(found) > PICKED})


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
