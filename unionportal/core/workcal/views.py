"""The workday calendar: which years are known, one year at a glance, entering a year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.workcal.forms import CalendarYearForm
from unionportal.core.workcal.notation import write
from unionportal.core.workcal.selectors import months, one_year, specials, year_lines
from unionportal.core.workcal.services import YEARS, calendar_year_clear, calendar_year_set, check_year


class CalendarListView(PageView):
    """/calendar/"""

    action = "parameter.view"
    template_name = "workcal/year_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"years": year_lines(), "can_manage": request.may("calendar.manage")})


class CalendarYearView(PageView):
    """/calendar/<year>/"""

    action = "parameter.view"
    template_name = "workcal/year.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        check_year(year)
        return self.page(
            {
                "line": one_year(year),
                "months": months(year),
                "today": clock.today(),
                "previous": year - 1 if year - 1 in YEARS else None,
                "following": year + 1 if year + 1 in YEARS else None,
                "can_manage": request.may("calendar.manage"),
            }
        )


class CalendarEditView(PageView):
    """/calendar/<year>/edit/"""

    action = "calendar.manage"
    template_name = "workcal/year_form.html"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        check_year(year)
        line = one_year(year)
        source = line.source if line.origin == "entered" else ""
        return self.show(year, CalendarYearForm(initial={"source": source, "days": write(specials(year))}))

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        check_year(year)
        form = CalendarYearForm(request.POST)
        if form.is_valid():
            try:
                calendar_year_set(year=year, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已保存{year}年的工作日历，几秒内全部页面生效。")
                return redirect("calendar-year", year=year)
        return self.show(year, form, status=422)

    def show(self, year: int, form: CalendarYearForm, status: int = 200) -> HttpResponse:
        return self.page({"line": one_year(year), "form": form}, status=status)


class CalendarClearView(PageView):
    """/calendar/<year>/clear/: take back what was entered."""

    action = "calendar.manage"

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        return redirect("calendar-edit", year=year)

    def post(self, request: HttpRequest, year: int) -> HttpResponse:
        calendar_year_clear(year=year, actor=request.scope)
        messages.success(request, f"已撤回{year}年的录入。")
        return redirect("calendar-year", year=year)
