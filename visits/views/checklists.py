"""Pages by which staff keep the checklists: list, one with its versions, the draft, a version as it is seen on the phone."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView, sent_version
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from visits.forms.checklists import (
    ChecklistCreateForm,
    PublishForm,
    SheetForm,
    SureForm,
    item_inputs,
    item_rows,
    show_item_errors,
)
from visits.models import Checklist, ChecklistVersion
from visits.services.checklists import (
    checklist_create,
    checklist_discard,
    checklist_draft,
    checklist_publish,
    checklist_switch,
)


class ChecklistListView(PageView):
    action = "checklist.manage"
    template_name = "visits/checklists/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        in_force = {version.checklist_id: version for version in ChecklistVersion.objects.in_force(clock.today())}
        drafts = set(ChecklistVersion.objects.filter(published_at=None).values_list("checklist_id", flat=True))
        rows = [(each, in_force.get(each.pk), each.pk in drafts) for each in Checklist.objects.order_by("kind", "pk")]
        return self.page({"rows": rows})


class ChecklistCreateView(PageView):
    action = "checklist.manage"
    template_name = "visits/checklists/create.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": ChecklistCreateForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChecklistCreateForm(request.POST)
        if form.is_valid():
            try:
                checklist = checklist_create(actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已新建，请写检查项目，再发布启用。")
                return redirect("checklist-draft", code=checklist.code)
        return self.page({"form": form}, status=422)


def _manages(checklist: Checklist, scope: Scope) -> bool:
    return allowed(scope, "checklist.manage")


def _has_draft(checklist: Checklist) -> bool:
    return any(version.is_draft for version in checklist.versions.all())


CHECKLIST_ACTS = (
    Act(
        "stop",
        "停用",
        "minus",
        SureForm,
        lambda c, actor, version, given: checklist_switch(code=c.code, version=version, is_active=False, actor=actor),
        _manages,
        lambda c: c.is_active,
        words="停用后不再出现；以前填的都还在，可以再启用。",
        done="已停用。",
    ),
    Act(
        "resume",
        "重新启用",
        "check",
        SureForm,
        lambda c, actor, version, given: checklist_switch(code=c.code, version=version, is_active=True, actor=actor),
        _manages,
        lambda c: not c.is_active,
        done="已重新启用。",
    ),
    Act(
        "discard",
        "放弃草稿",
        "trash",
        SureForm,
        lambda c, actor, version, given: checklist_discard(code=c.code, version=version, actor=actor),
        _manages,
        _has_draft,
        words="草稿删除后不能找回；已发布的版本不受影响。",
        done="草稿已删除。",
        danger=True,
    ),
    Act(
        "publish",
        "发布草稿",
        "check-circle",
        PublishForm,
        lambda c, actor, version, given: checklist_publish(code=c.code, version=version, actor=actor, **given),
        _manages,
        _has_draft,
        words="从启用日期起用这一版。发布后不能再改，要改请另起草新的一版；以前填的仍按当时的版本显示。",
        done="已发布。",
        submit="发布",
        primary=True,
    ),
)


class ChecklistView(ActsView):
    action = "checklist.manage"
    template_name = "visits/checklists/detail.html"
    acts = CHECKLIST_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Checklist:
        versions = ChecklistVersion.objects.select_related("published_by").order_by("-number")
        return get_or_404(Checklist.objects.prefetch_related(Prefetch("versions", versions)), code=where["code"])

    def address(self, subject: Checklist) -> str:
        return reverse("checklist", args=[subject.code])

    def context(self, request: HttpRequest, subject: Checklist) -> dict[str, Any]:
        in_force = ChecklistVersion.objects.in_force(clock.today()).filter(checklist=subject).first()
        versions = list(subject.versions.all())
        draft = next((version for version in versions if version.is_draft), None)
        shown = draft or in_force or next(iter(versions), None)
        return {
            "checklist": subject,
            "versions": versions,
            "in_force": in_force,
            "draft": draft,
            "shown": shown,
            "preview": SheetForm(checklist_version=shown) if shown else None,
            "today": clock.today(),
        }


class ChecklistVersionView(PageView):
    """A version as it is, or was, filled in."""

    action = "checklist.manage"
    template_name = "visits/checklists/version.html"

    def get(self, request: HttpRequest, code: str, number: int) -> HttpResponse:
        rows = ChecklistVersion.objects.select_related("checklist", "published_by")
        version = get_or_404(rows, checklist__code=code, number=number)
        return self.page({"version": version, "preview": SheetForm(checklist_version=version)})


class ChecklistDraftView(PageView):
    """The items of the next version: opened with the draft, else with the newest version."""

    action = "checklist.manage"
    template_name = "visits/checklists/draft.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        checklist = get_or_404(Checklist.objects.all(), code=code)
        return self.show(checklist, item_rows(version=checklist.versions.order_by("-number").first()))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        checklist = get_or_404(Checklist.objects.all(), code=code)
        rows = item_rows(request.POST)
        if not rows.is_valid():
            return self.show(checklist, rows, status=422)
        try:
            checklist_draft(code=code, version=sent_version(request) or 0, items=item_inputs(rows), actor=request.scope)
        except FieldErrors as error:
            return self.show(checklist, rows, problem=show_item_errors(rows, error), status=422)
        except DomainError as error:
            return self.show(checklist, rows, problem=error.detail, status=error.status)
        messages.success(request, "草稿已保存，看过样子后可以发布。")
        return redirect("checklist", code=code)

    def show(self, checklist: Checklist, rows: Any, *, problem: str = "", status: int = 200) -> HttpResponse:
        return self.page({"checklist": checklist, "rows": rows, "problem": problem}, status=status)
