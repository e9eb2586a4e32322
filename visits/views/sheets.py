"""The checklist as part of the visit form, and the log of one day of a stay."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, NotFound
from unionportal.core.common.formats import zh_day, zh_short
from unionportal.core.common.views import PageView, get_or_404
from unionportal.core.workcal.days import iso_week
from visits.forms.checklists import SheetForm
from visits.forms.visits import VisitForm, initial_of_new
from visits.models import Journal, Sheet, Visit
from visits.selectors import visits
from visits.services import day_log_save
from visits.services.sheets import daily_version, day_problem
from visits.sheet_selectors import sheets_of


class ChecklistPartView(PageView):
    """What of the visit form follows the kind of visit: sent alone when the kind changes."""

    action = "visit.create"
    template_name = "visits/_checklist.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today, asked = clock.today(), request.GET
        kind = asked.get("kind", "")
        same = asked.get("sheet_kind", kind) == kind  # else the choice was made among another kind's checklists
        form = VisitForm(
            initial=initial_of_new(today, kind=kind),
            cadre_id=request.scope.user_id,
            today=today,
            checklist=asked.get("checklist", "") if same else "",
            kept=self._kept(asked.get("visit", "")),
        )
        return self.page({"form": form, "sheet": form.sheet})

    def _kept(self, visit_id: str) -> Sheet | None:
        """What was answered on the own visit that is being changed."""
        if not visit_id:
            return None
        visit = get_or_404(Visit.objects.visible_to(self.request.scope), pk=visit_id)
        return sheets_of([visit]).get(visit.pk)


class DayLogView(PageView):
    """The log of one day of an own stay."""

    action = "visit.create"
    template_name = "visits/day_log.html"

    def get(self, request: HttpRequest, visit_id: UUID, day: date) -> HttpResponse:
        visit, sheet = self._found(request, visit_id, day)
        version = sheet.checklist_version if sheet else daily_version(clock.today())
        initial = {answer.item.code: answer.value for answer in sheet.answers.all()} if sheet else {}
        return self.show(visit, day, SheetForm(checklist_version=version, initial=initial), sheet)

    def post(self, request: HttpRequest, visit_id: UUID, day: date) -> HttpResponse:
        visit, sheet = self._found(request, visit_id, day)
        version = sheet.checklist_version if sheet else daily_version(clock.today())
        form = SheetForm(request.POST, checklist_version=version)
        sent = request.POST.get("version", "")
        if not form.is_valid():
            return self.show(visit, day, form, sheet, status=422)
        try:
            day_log_save(
                visit_id=visit_id,
                day=day,
                answers=form.answers(),
                version=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1,
                actor=request.scope,
            )
        except FieldErrors as error:
            for name, message in error.fields.items():
                form.add_error(name if name in form.fields else None, message)
            return self.show(visit, day, form, sheet, status=422)
        except DomainError as error:
            form.add_error(None, error.detail)
            return self.show(visit, day, form, sheet, status=error.status)
        messages.success(request, f"已保存{zh_day(day)}的蹲点日志。")
        return redirect(f"{reverse('visit-detail', args=[visit_id])}#days")

    def _found(self, request: HttpRequest, visit_id: UUID, day: date) -> tuple[Visit, Sheet | None]:
        visit = get_or_404(visits(request.scope), pk=visit_id, cadre_id=request.scope.user_id)
        if words := day_problem(visit, day, clock.today()):
            raise NotFound(words)
        year, week = iso_week(day)
        journal = Journal.objects.filter(cadre_id=visit.cadre_id, iso_year=year, iso_week=week).first()
        if journal is not None and not journal.is_open:
            raise Conflict(f"{journal}的周记已经提交，这一天的日志不能再修改。")
        rows = visit.sheets.select_related("checklist_version__checklist").prefetch_related("answers__item")
        return visit, rows.filter(day=day).first()

    def show(self, visit: Visit, day: date, form: SheetForm, sheet: Sheet | None, *, status: int = 200) -> HttpResponse:
        context = {
            "visit": visit,
            "day": day,
            "heading": f"{zh_short(day)}蹲点日志",
            "form": form,
            "version": sheet.version if sheet else 0,
        }
        return self.page(context, status=status)
