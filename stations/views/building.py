"""Pages of building: targets and the year's plan with its progress, a plan, the projects."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.views.acts import sent_version
from stations.building_selectors import plans_of, standings_of, units_of_plan, with_money
from stations.building_workflow import STATE_LABELS, TONES
from stations.forms.building import PlanForm, ProjectForm
from stations.models import BuildPlan, BuildProject
from stations.services.building import YEARS, build_plan_save, project_edit, project_propose
from stations.services.building_log import may_manage_project
from stations.targets import LABELS
from stations.views.asked import year_asked
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, Forbidden, NotFound
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import Unit

SHOWN = 200


class BuildingView(PageView):
    action = "building.view"
    template_name = "stations/building/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        year, today = year_asked(request, ahead=5), clock.today()
        units = units_of_plan(request.scope)
        projects = BuildProject.objects.visible_to(request.scope).filter(year=year)
        rows = with_money(projects.select_related("township", "station")).order_by("township__code", "planned_on", "pk")
        plans, projects_all = plans_of(request.scope, units, year), projects.count()
        return self.page(
            {
                "year": year,
                "years": range(today.year + 1, today.year - 3, -1),
                "standings": standings_of(units, today),
                "plans": plans,
                "first": plans[0] if plans else None,
                "labels": LABELS.values(),
                "projects": [(project, STATE_LABELS[project.state], TONES[project.state]) for project in rows[:SHOWN]],
                "projects_all": projects_all,
                "may_plan": request.may("building.plan"),
                "may_propose": request.may("building.manage"),
            }
        )


class PlanView(PageView):
    """A unit's plan of a year."""

    action = "building.plan"
    template_name = "stations/building/plan_form.html"

    def get(self, request: HttpRequest, year: int, unit: str) -> HttpResponse:
        place, plan = self.find(year, unit)
        initial = {**plan.numbers, "note": plan.note} if plan else None
        return self.show(year, place, plan, PlanForm(initial=initial))

    def post(self, request: HttpRequest, year: int, unit: str) -> HttpResponse:
        place, plan = self.find(year, unit)
        form = PlanForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                build_plan_save(
                    year=year,
                    unit=place,
                    numbers=form.numbers(),
                    note=form.cleaned_data["note"],
                    version=sent_version(request) or 0,
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, f"已保存{place.short_name}{year}年建设计划。")
                return redirect("building")
        return self.show(year, place, plan, form, status)

    def find(self, year: int, unit: str) -> tuple[Unit, BuildPlan | None]:
        if year not in YEARS:
            raise NotFound
        place = get_or_404(Unit.objects.filter(kind__in=[Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP]), code=unit)
        return place, BuildPlan.objects.filter(year=year, unit=place).first()

    def show(self, year: int, unit: Unit, plan: BuildPlan | None, form: PlanForm, status: int = 200) -> HttpResponse:
        return self.page({"year": year, "unit": unit, "plan": plan, "form": form}, status=status)


class ProjectCreateView(PageView):
    action = "building.manage"
    template_name = "stations/building/project_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": ProjectForm(scope=request.scope, township=request.GET.get("township", ""))})

    def post(self, request: HttpRequest) -> HttpResponse:
        form, status = ProjectForm(request.POST, scope=request.scope), 422
        if form.is_valid():
            try:
                project = project_propose(uuid=form.cleaned_data["uuid"], facts=form.facts(), actor=request.scope)
            except Conflict as error:
                # Sent before, then changed and sent again: say so, and let the next submit be a new project.
                data = request.POST.copy()
                data["uuid"] = str(uuid4())
                form, status = ProjectForm(data, scope=request.scope), 409
                add_errors(form, error)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已申报。")
                return redirect("build-project", project_id=project.pk)
        return self.page({"form": form}, status=status)


class ProjectEditView(PageView):
    action = "building.manage"
    template_name = "stations/building/project_form.html"

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        project = self.find(request, project_id)
        return self.page({"form": ProjectForm(scope=request.scope, project=project), "project": project})

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        project = self.find(request, project_id)
        form = ProjectForm(request.POST, scope=request.scope, project=project)
        status = 422
        if form.is_valid():
            try:
                project_edit(
                    project_id=project_id, facts=form.facts(), version=sent_version(request), actor=request.scope
                )
            except FieldErrors as error:
                add_errors(form, error)
            except DomainError as error:
                add_errors(form, error)
                status = error.status
            else:
                messages.success(request, "已保存。")
                return redirect("build-project", project_id=project_id)
        return self.page({"form": form, "project": project}, status=status)

    def find(self, request: HttpRequest, project_id: int) -> BuildProject:
        rows: Any = BuildProject.objects.visible_to(request.scope).select_related("township", "station")
        project = get_or_404(rows, pk=project_id)
        if not may_manage_project(project, request.scope):
            raise Forbidden
        return project
