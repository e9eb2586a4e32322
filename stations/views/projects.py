"""The page of a building project with its moves, money and photos, and its acceptance."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.acts import ActForm
from casework.views.acts import Act, ActsView, sent_version
from stations.building_selectors import money_by_source, photos_by_stage, project_whole
from stations.building_workflow import MOVES, PATH, STATE_LABELS, STEP_LOOKS, TONES, ProjectState
from stations.forms.building import AcceptanceForm, AcceptanceSheet, MoneyForm, ProjectPhotosForm
from stations.forms.repairs import NoteForm, ReasonForm
from stations.models import BuildProject, ProjectPhoto
from stations.presentation import shown_step
from stations.services.accepting import acceptance_version, project_accept
from stations.services.building import may_move_project, project_move
from stations.services.building_log import may_manage_project
from stations.services.building_records import project_money_add, project_photos_add
from stations.views.asked import number_in
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response
from visits.models import ChecklistVersion

FORMS: dict[str, tuple[type[ActForm], str]] = {
    "cancel": (ReasonForm, "close-circle"),
    "approve": (NoteForm, "check"),
    "start": (NoteForm, "play"),
    "finish": (NoteForm, "flag"),
}


def _runs(action: str, project: BuildProject, actor: Scope, version: int | None, given: dict[str, Any]) -> BuildProject:
    return project_move(project_id=project.pk, action=action, version=version, actor=actor, **given)


def _may(action: str, project: BuildProject, scope: Scope) -> bool:
    return may_move_project(project, action, scope)


def _fits(action: str, project: BuildProject) -> bool:
    return project.state in MOVES[action].sources


PROJECT_ACTS = (
    Act(
        "money",
        "登记资金",
        "money",
        MoneyForm,
        lambda p, actor, version, given: project_money_add(project_id=p.pk, actor=actor, **given),
        may_manage_project,
        lambda p: p.state != ProjectState.CANCELLED,
        done="已登记。",
        submit="登记",
    ),
    Act(
        "photos",
        "上传照片",
        "camera",
        ProjectPhotosForm,
        lambda p, actor, version, given: project_photos_add(project_id=p.pk, actor=actor, **given),
        may_manage_project,
        lambda p: p.may_change,
        done="已上传。",
        submit="上传",
    ),
    *(
        Act(
            action,
            MOVES[action].label,
            icon,
            form,
            partial(_runs, action),
            partial(_may, action),
            partial(_fits, action),
            done="已保存。",
            primary=action != "cancel",
            danger=action == "cancel",
        )
        for action, (form, icon) in FORMS.items()
    ),
)


class ProjectView(ActsView):
    action = "building.view"
    template_name = "stations/building/project.html"
    acts = PROJECT_ACTS

    def find(self, request: HttpRequest, **where: Any) -> BuildProject:
        return get_or_404(project_whole(request.scope), pk=where["project_id"])

    def address(self, subject: BuildProject) -> str:
        return reverse("build-project", args=[subject.pk])

    def context(self, request: HttpRequest, subject: BuildProject) -> dict[str, Any]:
        sources = money_by_source(subject)
        at = PATH.index(ProjectState(subject.state)) if subject.state in PATH else -1
        return {
            "project": subject,
            "tone": TONES[subject.state],
            "steps": [
                {"label": STATE_LABELS[state], "state": "done" if n < at else "now" if n == at else "todo"}
                for n, state in enumerate(PATH)
            ],
            "sources": sources,
            "granted": sum(row[1] for row in sources),
            "spent": sum(row[2] for row in sources),
            "stages": photos_by_stage(subject),
            "may_edit": subject.may_change and may_manage_project(subject, request.scope),
            "may_accept": subject.state == ProjectState.FINISHED and request.may("building.accept"),
            "timeline": [shown_step(step, STEP_LOOKS) for step in reversed(subject.steps.all())],
        }


class ProjectPhotoView(PageView):
    action = "building.view"

    def get(self, request: HttpRequest, project_id: int, photo_id: int) -> HttpResponseBase:
        project = get_or_404(BuildProject.objects.visible_to(request.scope), pk=project_id)
        rows = ProjectPhoto.objects.filter(project=project).select_related("attachment")
        return attachment_response(get_or_404(rows, pk=photo_id).attachment)


class AcceptanceView(PageView):
    """Judge a finished project by the checklist of its level; the page goes on with the version it was opened with."""

    action = "building.accept"
    template_name = "stations/building/acceptance.html"

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        project = self.find(request, project_id)
        if project.state != ProjectState.FINISHED:
            raise InvalidTransition(f"项目现在是“{project.get_state_display()}”，完工后才能验收。")
        version = acceptance_version(project, clock.today())
        form = AcceptanceForm(initial={"uuid": uuid4(), "checklist": version.pk, "accepted_on": clock.today()})
        return self.show(project, form, AcceptanceSheet(checklist_version=version))

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        project = self.find(request, project_id)
        form = AcceptanceForm(request.POST)
        shown = ChecklistVersion.objects.published().filter(pk=self.shown(request)).first()
        sheet = AcceptanceSheet(request.POST, checklist_version=shown or acceptance_version(project, clock.today()))
        status = 422
        if form.is_valid() and sheet.is_valid():
            try:
                check = project_accept(
                    project_id=project.pk,
                    version=sent_version(request),
                    answers=sheet.answers(),
                    actor=request.scope,
                    **form.cleaned_data,
                )
            except FieldErrors as error:
                self.refuse(form, sheet, error)
            except DomainError as error:
                add_errors(form, error)
                status = error.status
            else:
                if check.findings:
                    messages.warning(request, f"验收不合格，{check.findings} 项不符合，已退回整改。")
                else:
                    messages.success(request, "验收合格。")
                return redirect("build-project", project_id=project.pk)
        return self.show(project, form, sheet, status)

    def find(self, request: HttpRequest, project_id: int) -> BuildProject:
        rows = BuildProject.objects.visible_to(request.scope).select_related("township", "station")
        return get_or_404(rows, pk=project_id)

    def shown(self, request: HttpRequest) -> int:
        return number_in(request.POST.get("checklist", "")) or 0

    def refuse(self, form: AcceptanceForm, sheet: AcceptanceSheet, error: FieldErrors) -> None:
        """Each refusal at its item or field; what belongs to neither on top."""
        for name, words in error.fields.items():
            code = name.removeprefix("answers.")
            if code in sheet.fields:
                sheet.add_error(code, words)
            else:
                form.add_error(name if name in form.fields else None, words)

    def show(
        self, project: BuildProject, form: AcceptanceForm, sheet: AcceptanceSheet, status: int = 200
    ) -> HttpResponse:
        return self.page({"project": project, "form": form, "sheet": sheet}, status=status)
