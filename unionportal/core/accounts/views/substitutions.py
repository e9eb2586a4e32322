"""Substitutes (AB 岗): who stands in for whom, and when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.accounts import services
from unionportal.core.accounts.forms import SubstitutionForm
from unionportal.core.accounts.models import Substitution
from unionportal.core.accounts.selectors import substitutions
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, Forbidden
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404


class SubstitutionListView(PageView):
    """/postings/substitutions/"""

    action = "posting.view"
    template_name = "accounts/substitution_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = keyset_page(substitutions(request.scope), request, order=("-start_on", "-id"))
        today, all_of_them = clock.today(), request.may("posting.manage")
        rows = [
            (row, row.state_on(today), row.end_on > today and (all_of_them or row.cadre_id == request.scope.user_id))
            for row in page.items
        ]
        return self.page({"page": page, "rows": rows, "can_create": request.may("substitution.manage")})


class SubstitutionCreateView(PageView):
    """/postings/substitutions/new/"""

    action = "substitution.manage"
    template_name = "accounts/substitution_form.html"

    @property
    def own(self) -> bool:
        """A cadre names only their own substitute."""
        return not self.request.may("posting.manage")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": SubstitutionForm(own=self.own, initial={"start_on": clock.today()})})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SubstitutionForm(request.POST, own=self.own)
        if form.is_valid():
            try:
                row = services.substitution_create(actor=request.scope, **{"cadre": request.user, **form.cleaned_data})
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已安排{row.substitute.display_name}代{row.cadre.display_name}的岗。")
                return redirect("substitutions")
        return self.page({"form": form}, status=422)


class SubstitutionEndView(PageView):
    """/postings/substitutions/<id>/end/"""

    action = "substitution.manage"
    template_name = "accounts/substitution_end.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.find(pk)
        return self.page({"row": row, "ahead": row.state_on(clock.today()) == "ahead"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.find(pk)
        ended = services.substitution_end(substitution=row, actor=request.scope)
        messages.success(request, "代岗到今天为止。" if ended else "代岗已取消。")
        return redirect("substitutions")

    def find(self, pk: int) -> Substitution:
        row = get_or_404(substitutions(self.request.scope), pk=pk)
        if not self.request.may("posting.manage") and row.cadre_id != self.request.scope.user_id:
            raise Forbidden
        return row
