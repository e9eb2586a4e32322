"""The week plan: one cadre's week, every cadre's week in figures, and what changes a plan."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date

from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, StaleVersion
from unionportal.core.common.formats import zh_date, zh_short
from unionportal.core.common.scope import Role
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import Enterprise
from visits.forms.plans import PlanAddForm, PlannedVisitForm, initial_of_plan, initial_of_planned
from visits.models import PlannedVisit, Visit
from visits.plan_selectors import (
    WEEK,
    cadre_lines,
    left_over,
    planned_visits,
    readable_cadre,
    stood_in_for,
    week_plan,
)
from visits.planning import suggestions
from visits.services.plan_checks import NeedsAnswer
from visits.services.plans import plan_carry, planned_visit_add, planned_visit_change, planned_visit_remove
from visits.weeks import monday_of, week_code, week_of

#: Suggestions shown at once; the others unfold.
FIRST_SUGGESTIONS = 5
#: Weeks further than this from today are nobody's plan.
FURTHEST_WEEKS = 53


class PlanView(PageView):
    """/plan/: `?week=2024-W37`, `?cadre=` for somebody else's, `?all=1` for everybody's."""

    action = "plan.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        monday = shown_week(request.GET.get("week", ""), today)
        username = request.GET.get("cadre", "")
        if username:
            return self.week(readable_cadre(request.scope, username, monday), monday, today)
        if request.scope.has(Role.CADRE) and "all" not in request.GET:
            return self.week(cast(User, request.user), monday, today)
        context = {"rows": cadre_lines(request.scope, monday), **week_context(monday, today)}
        return self.page(context, template="visits/plan/all.html")

    def week(self, cadre: User, monday: date, today: date) -> HttpResponse:
        own = cadre.pk == self.request.scope.user_id
        edits = own and monday >= week_of(today)
        plan = week_plan(cadre.pk, monday, self.request.scope)
        found = suggestions(cadre.pk, monday, today) if edits else []
        sees_others = self.request.scope.district or self.request.scope.has(Role.TOWNSHIP)
        rows = [{"id": uuid4(), "suggestion": each} for each in found]
        context = {
            "cadre": cadre,
            "own": own,
            "edits": edits,
            "plan": plan,
            "today": today,
            "choices": plan.left(today) if edits else [],
            "proposed": plan.proposed(today) if edits else None,
            "first": rows[:FIRST_SUGGESTIONS],
            "others": rows[FIRST_SUGGESTIONS:],
            "left_over": left_over(cadre.pk, monday) if edits else [],
            "absent": list(stood_in_for(cadre.pk)) if own else [],
            "sees_others": sees_others,
            "sees_visits": own or sees_others,  # a substitute reads the plan, not the other's visits
            **week_context(monday, today),
        }
        return self.page(context, template="visits/plan/week.html")


class PlanWriteView(PageView):
    """What adding and changing share: a refusal, a question or both versions, on a page that keeps what was typed."""

    action = "plan.write"
    template_name = "visits/plan/form.html"

    def refused(self, form: PlannedVisitForm, error: DomainError, **context: Any) -> HttpResponse:
        if isinstance(error, NeedsAnswer):
            context["questions"] = error.questions
            return self.show(form, status=error.status, **context)
        add_errors(form, error)
        return self.show(form, status=422 if isinstance(error, FieldErrors) else error.status, **context)

    def show(self, form: PlannedVisitForm, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.page({"form": form, **context}, status=status)

    def done(self, row: PlannedVisit, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect(f"{plan_address(row.planned_on)}#day-{row.planned_on}")


class PlanAddView(PlanWriteView):
    """/plan/new/: any enterprise of one's own on a day; the suggestions are sent here too."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        day = parsed_day(request.GET.get("day", "")) or today
        form = PlanAddForm(initial=initial_of_plan(day, request.GET.get("enterprise", "")[:18]), today=today)
        return self.show(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PlanAddForm(request.POST, today=clock.today())
        if not form.is_valid():
            return self.show(form, status=422)
        typed = form.cleaned_data
        try:
            row, created = planned_visit_add(
                uuid=typed["id"],
                enterprise=typed["enterprise"],
                planned_on=typed["planned_on"],
                kind=typed["kind"],
                note=typed["note"],
                agreed=request.POST.getlist("agreed"),
                actor=request.scope,
            )
        except DomainError as error:
            return self.refused(form, error)
        words = f"已把“{row.enterprise.name}”排入{zh_short(row.planned_on)}。"
        return self.done(row, words if created else "这条计划刚才已经排好，没有重复。")

    def show(self, form: PlannedVisitForm, *, status: int = 200, **context: Any) -> HttpResponse:
        code = str(form["enterprise"].value() or "").strip()
        chosen = Enterprise.objects.filter(credit_code=code).first() if code else None
        day = parsed_day(str(form["planned_on"].value() or "")) or clock.today()
        context |= {"chosen_label": chosen.name if chosen else code, "back": plan_address(day)}
        return super().show(form, status=status, **context)


class PlannedVisitView(PlanWriteView):
    """/plan/<id>/: to another day, another kind, other words."""

    def get(self, request: HttpRequest, planned_id: UUID) -> HttpResponse:
        row = self.find(planned_id)
        return self.show(PlannedVisitForm(initial=initial_of_planned(row), today=clock.today()), **about(row))

    def post(self, request: HttpRequest, planned_id: UUID) -> HttpResponse:
        row = self.find(planned_id)
        form = PlannedVisitForm(request.POST, today=clock.today())
        if not form.is_valid():
            return self.show(form, status=422, **about(row))
        typed = form.cleaned_data
        try:
            saved = planned_visit_change(
                planned_id=planned_id,
                version=typed["version"] or 0,
                planned_on=typed["planned_on"],
                kind=typed["kind"],
                note=typed["note"],
                agreed=request.POST.getlist("agreed"),
                actor=request.scope,
            )
        except StaleVersion as error:
            return self.show_conflict(self.find(planned_id), form, error)
        except DomainError as error:
            return self.refused(form, error, **about(row))
        return self.done(saved, f"“{saved.enterprise.name}”已排在{zh_short(saved.planned_on)}。")

    def find(self, planned_id: UUID) -> PlannedVisit:
        own = planned_visits(self.request.scope).filter(cadre_id=self.request.scope.user_id)
        return get_or_404(own, pk=planned_id)

    def show_conflict(self, newest: PlannedVisit, form: PlannedVisitForm, error: DomainError) -> HttpResponse:
        """Both versions; sending again now writes upon the newest one."""
        form.data = {**form.data.dict(), "version": str(newest.version)}
        mine = form.cleaned_data
        pairs = [
            ("计划日期", zh_date(newest.planned_on), zh_date(mine["planned_on"])),
            ("走访类型", newest.get_kind_display(), str(Visit.Kind(mine["kind"]).label)),
            ("备注", newest.note, mine["note"]),
        ]
        rows = [{"label": label, "theirs": a, "mine": b, "changed": a != b} for label, a, b in pairs]
        return self.show(form, status=error.status, conflict=rows, **about(newest))


class PlannedVisitRemoveView(PageView):
    """/plan/<id>/remove/"""

    action = "plan.write"

    def post(self, request: HttpRequest, planned_id: UUID) -> HttpResponse:
        version = request.POST.get("version", "")
        row = planned_visit_remove(
            planned_id=planned_id, version=int(version) if version.isdecimal() else None, actor=request.scope
        )
        messages.success(request, f"已从计划中去掉“{row.enterprise.name}”。")
        return redirect(plan_address(row.planned_on))


class PlanCarryView(PageView):
    """/plan/carry/: what was not done in the week before comes over to this one."""

    action = "plan.write"

    def post(self, request: HttpRequest) -> HttpResponse:
        monday = shown_week(request.POST.get("week", ""), clock.today())
        carried = plan_carry(monday=monday, actor=request.scope)
        if carried.made:
            messages.success(request, f"已顺延 {len(carried.made)} 家。")
        if carried.left:
            names = "、".join(carried.left)
            messages.warning(request, f"没有顺延：{names}。这一周已排过，或不在您的驻联分工内。")
        if not carried.made and not carried.left:
            messages.info(request, "没有要顺延的，可能刚才已经顺延过。")
        return redirect(plan_address(monday))


def shown_week(code: str, today: date) -> date:
    """The Monday of the week asked for; this week's for anything that is no week, or far away."""
    monday = monday_of(code) or week_of(today)
    return monday if abs((monday - today).days) <= FURTHEST_WEEKS * 7 else week_of(today)


def week_context(monday: date, today: date) -> dict[str, Any]:
    """What the head of a week's page shows."""
    return {
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "week": week_code(monday),
        "previous": week_code(monday - WEEK),
        "following": week_code(monday + WEEK),
        "is_this_week": monday == week_of(today),
        "is_over": monday < week_of(today),
    }


def about(row: PlannedVisit) -> dict[str, Any]:
    """What the page of a planned visit shows beside its form."""
    return {"planned": row, "back": plan_address(row.planned_on)}


def plan_address(day: date) -> str:
    """The own plan of a day's week."""
    return f"{reverse('plan')}?week={week_code(day)}"


def parsed_day(text: str) -> date | None:
    """A day as a browser sends it; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None
