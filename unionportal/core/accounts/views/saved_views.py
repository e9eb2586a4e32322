"""The pages on which a person keeps their saved views of lists."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from unionportal.core.accounts.forms import SavedViewForm
from unionportal.core.accounts.models import SavedView
from unionportal.core.accounts.saved_views import LISTS, conditions, view_url
from unionportal.core.accounts.services.saved_views import MOST, saved_view_remove, saved_view_save
from unionportal.core.accounts.views.own import OwnPage
from unionportal.core.common.errors import FieldErrors, Forbidden, NotFound
from unionportal.core.common.views import add_errors, get_or_404


class SavedViewsView(OwnPage):
    """/me/views/: my views, and what to do with them."""

    template_name = "accounts/saved_views.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [
            (view, LISTS[view.list_key].label, view_url(view), len(QueryDict(view.query)))
            for view in SavedView.objects.owned_by(request.scope)
            if view.list_key in LISTS
        ]
        return self.page({"rows": rows, "most": MOST})


class SavedViewCreateView(OwnPage):
    """/me/views/new/?list=issues&query=…: keep the conditions of a list under a name."""

    template_name = "accounts/saved_view_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, SavedViewForm(may_share=request.may("view.share")), request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SavedViewForm(request.POST, may_share=request.may("view.share"))
        given = {"list_key": request.POST.get("list", ""), "query": request.POST.get("query", "")}
        return _saved(request, form, **given) or self._page(request, form, request.POST, status=422)

    def _page(self, request: HttpRequest, form: SavedViewForm, given: QueryDict, status: int = 200) -> HttpResponse:
        key, query = given.get("list", ""), conditions(given.get("query", ""))
        if key not in LISTS:
            raise NotFound("没有这个列表。")
        if not request.may(LISTS[key].action):
            raise Forbidden
        view = SavedView(list_key=key, query=query)
        return self.page({"form": form, "view": view, "back": view_url(view)}, status=status)


class SavedViewEditView(OwnPage):
    """/me/views/<pk>/: another name, the default, shared or not; the conditions stay."""

    template_name = "accounts/saved_view_form.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = get_or_404(SavedView.objects.owned_by(request.scope), pk=pk)
        initial = {name: getattr(view, name) for name in SavedViewForm.base_fields}
        form = SavedViewForm(initial=initial, may_share=request.may("view.share"))
        return self.page({"form": form, "view": view, "back": view_url(view)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = get_or_404(SavedView.objects.owned_by(request.scope), pk=pk)
        form = SavedViewForm(request.POST, may_share=request.may("view.share"))
        again = {"form": form, "view": view, "back": view_url(view)}
        return _saved(request, form, pk=pk) or self.page(again, status=422)


class SavedViewRemoveView(OwnPage):
    """Takes an own view away."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        name = saved_view_remove(pk=pk, actor=request.scope)
        messages.success(request, f"已删除视图“{name}”。")
        return redirect("saved-views")


def _saved(request: HttpRequest, form: SavedViewForm, **given: Any) -> HttpResponse | None:
    """To the list with the view, or None with the form saying what is wrong."""
    if not form.is_valid():
        return None
    try:
        view = saved_view_save(actor=request.scope, **form.cleaned_data, **given)
    except FieldErrors as error:
        add_errors(form, error)
        return None
    messages.success(request, f"已保存视图“{view.name}”。")
    return redirect(view_url(view))
