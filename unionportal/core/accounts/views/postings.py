"""Postings (分片包干): who answers for which township or enterprise, now, before and after."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from unionportal.core.accounts import services
from unionportal.core.accounts.filters import PostingFilter
from unionportal.core.accounts.forms import PostingEndForm, PostingForm
from unionportal.core.accounts.matrix import posting_matrix, years
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


class PostingMatrixView(PageView):
    """/postings/matrix/?year=: who answered for what and when, a year at a time."""

    action = "posting.view"
    template_name = "accounts/posting_matrix.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        choices = years(request.scope, today)
        asked = _number(request.GET.get("year"))
        year = asked if asked in choices else today.year
        return self.page({"year": year, "years": choices, "matrix": posting_matrix(request.scope, year, today)})


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


class PostingEndView(PageView):
    """/postings/<id>/end/"""

    action = "posting.manage"
    template_name = "accounts/posting_end.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page({"posting": self.posting(pk), "form": PostingEndForm()})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        posting = self.posting(pk)
        form = PostingEndForm(request.POST)
        if form.is_valid():
            try:
                services.posting_end(posting=posting, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"{posting.cadre.display_name}对{posting.target}的分工已定结束日期。")
                return redirect("postings")
        return self.page({"posting": posting, "form": form}, status=422)

    def posting(self, pk: int) -> Posting:
        return get_or_404(postings(self.request.scope), pk=pk)


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
