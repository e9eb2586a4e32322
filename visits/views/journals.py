"""Pages of the week's journal: mine, the district's week, one journal."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, NotFound, StaleVersion
from unionportal.core.common.scope import Role
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.workcal.days import iso_week, week_range
from visits.forms.journals import JournalForm, RemarkForm
from visits.models import Journal
from visits.plan_selectors import WEEK, plan_text
from visits.selectors import (
    cadre_weeks,
    district_week,
    issues_of,
    journals_whole,
    quota_of_week,
    visits,
)
from visits.services import journal_open, journal_save, journal_submit
from visits.weeks import monday_of

FIRST_YEAR = 2000


class JournalListView(PageView):
    action = "journal.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = request.scope.has(Role.CADRE) and (not request.scope.district or "mine" in request.GET)
        return self.mine(request) if mine else self.district(request)

    def mine(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        this_year = iso_week(today)[0]
        year = _whole(request.GET.get("year", ""), this_year)
        if not FIRST_YEAR <= year <= this_year:
            year = this_year
        rows = cadre_weeks(request.scope, year, today)
        context = {
            "rows": rows,
            "year": year,
            "years": range(max(year, this_year), min(year, this_year - 2) - 1, -1),
            "this_week": iso_week(today),
        }
        return self.page(context, template="visits/journals_mine.html")

    def district(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        monday = min(monday_of(request.GET.get("week", "")) or today, today)
        year, week = iso_week(monday)
        monday, sunday = week_range(year, week)
        rows = district_week(request.scope, year, week)
        following = monday + timedelta(days=7)
        context = {
            "rows": rows,
            "year": year,
            "week": week,
            "monday": monday,
            "sunday": sunday,
            "previous": iso_week(monday - timedelta(days=7)),
            "following": iso_week(following) if following <= today else None,
            "this_week": iso_week(today),
            "submitted": sum(1 for r in rows if r.journal and not r.journal.is_open),
            "waiting": sum(1 for r in rows if r.journal and r.journal.state == Journal.State.SUBMITTED),
            "visit_count": sum(r.quota.done for r in rows),
            "short": sum(1 for r in rows if not r.quota.is_met),
        }
        return self.page(context, template="visits/journals_district.html")


class OwnJournalView(PageView):
    """The reader's own journal of a week, also before it exists."""

    action = "journal.write"
    template_name = "visits/journal.html"

    def get(self, request: HttpRequest, year: int, week: int) -> HttpResponse:
        journal = self.find(year, week)
        return self.show(year, week, journal, JournalForm(initial=journal_texts(journal)))

    def post(self, request: HttpRequest, year: int, week: int) -> HttpResponse:
        form = JournalForm(request.POST)
        if not form.is_valid():
            return self.show(year, week, self.find(year, week), form, status=422)
        saving = "save_draft" in request.POST
        try:
            journal = self.write(year, week, form.cleaned_data, saving=saving)
        except StaleVersion as error:
            return self.show_conflict(year, week, form, error)
        except FieldErrors as error:
            add_errors(form, error)
            return self.show(year, week, self.find(year, week), form, status=422)
        except DomainError as error:
            messages.error(request, error.detail)
            return self.show(year, week, self.find(year, week), form, status=error.status)
        messages.success(request, "已保存。" if saving else f"{journal}的周记已提交。")
        return redirect("journal-week", year=year, week=week)

    @transaction.atomic
    def write(self, year: int, week: int, texts: dict[str, Any], *, saving: bool) -> Journal:
        """Both steps or none: a refused submission leaves no empty journal behind."""
        actor = self.request.scope
        journal = journal_open(year=year, week=week, actor=actor)
        return (journal_save if saving else journal_submit)(
            journal_id=journal.pk,
            version=texts["version"] or 0,
            reflections=texts["reflections"],
            next_plan=texts["next_plan"],
            actor=actor,
        )

    def find(self, year: int, week: int) -> Journal | None:
        """The journal, or None where nothing was written yet; no such week (or one to come) is not found."""
        try:
            monday, _ = week_range(year, week)
        except ValueError:
            raise NotFound from None
        if monday > clock.today():
            raise NotFound("这一周还没有开始。")
        own = journals_whole(self.request.scope).filter(cadre_id=self.request.scope.user_id)
        return own.filter(iso_year=year, iso_week=week).first()

    def show(
        self, year: int, week: int, journal: Journal | None, form: JournalForm, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= journal_context(self.request, self.request.scope.user_id, year, week, journal)
        context |= {"own": True, "form": form if journal is None or journal.is_open else None}
        if context["form"] is not None:
            context["plan_text"] = plan_text(self.request.scope.user_id, week_range(year, week)[0] + WEEK)
        if journal is not None and (journal.remarks.all() or not journal.is_open):
            context["answer_form"] = RemarkForm(subject=journal, scope=self.request.scope, act="remark")
        return self.page(context, status=status)

    def show_conflict(self, year: int, week: int, form: JournalForm, error: DomainError) -> HttpResponse:
        newest = self.find(year, week)
        mine = form.cleaned_data
        form.data = {**form.data.dict(), "version": str(newest.version if newest else 1)}
        stored = journal_texts(newest)
        rows = [
            {
                "label": form.fields[name].label,
                "theirs": stored[name],
                "mine": mine[name],
                "changed": stored[name] != mine[name],
            }
            for name in ("reflections", "next_plan")
        ]
        return self.show(year, week, newest, form, status=error.status, conflict=rows)


def journal_context(
    request: HttpRequest, cadre_id: int, year: int, week: int, journal: Journal | None
) -> dict[str, Any]:
    """What the page of a week shows: quota, visits with their issues, neighbours."""
    quota = quota_of_week(cadre_id, year, week)
    made = list(
        visits(request.scope)
        .filter(cadre_id=cadre_id, visited_on__range=(quota.start, quota.end))
        .order_by("visited_on", "created_at", "id")
    )
    issues = issues_of(made, request.scope)
    following = quota.end + timedelta(days=1)
    return {
        "journal": journal,
        "remarks": list(journal.remarks.all()) if journal else [],
        "readers": list(journal.readers.select_related("reader")) if journal else [],
        "month": f"{quota.start + timedelta(days=3):%Y-%m}",
        "quota": quota,
        "rows": [{"visit": visit, "issues": issues[visit.pk]} for visit in made],
        "issue_count": sum(len(found) for found in issues.values()),
        "previous": iso_week(quota.start - timedelta(days=1)),
        "following": iso_week(following) if following <= clock.today() else None,
        "runs": quota.end >= clock.today(),
    }


def journal_texts(journal: Journal | None) -> dict[str, Any]:
    """What the form of a week starts from."""
    if journal is None:
        return {"version": 1, "reflections": "", "next_plan": ""}
    return {"version": journal.version, "reflections": journal.reflections, "next_plan": journal.next_plan}


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else otherwise
