"""`/analyses/`: the quarters, and the page of one place's quarter with its figures and the text staff write."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, StaleVersion
from unionportal.core.common.renderer import options
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.analyses import charts, shown
from unionportal.reporting.analyses.drafting import draft_text
from unionportal.reporting.analyses.publishing import analysis_publish_with_figures
from unionportal.reporting.analyses.sheet import published_sheet, read_sheet
from unionportal.reporting.forms import AnalysisForm
from unionportal.reporting.rollups.periods import QUARTER
from unionportal.reporting.selectors import quarterly
from unionportal.reporting.selectors.definitions import versions_of
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place, places_of
from visits.models import Analysis, Practice
from visits.quarters import quarter_code, reflection_due
from visits.services.analyses import analysis_reopen, analysis_save


class AnalysisListView(PageView):
    """The quarters; of one of them the pages of places and the reflections, with their state."""

    action = "analysis.view"
    template_name = "reporting/analyses/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        scope, today = request.scope, clock.today()
        lines = quarterly.quarter_lines(scope, today)
        quarter = self.chosen(lines)
        townships = [unit for unit in places_of(scope) if unit.kind == Unit.Kind.TOWNSHIP]
        asked = request.GET.get("township", "")
        township = quarterly.place_asked(scope, asked) if asked else None
        if township is not None and township.kind != Unit.Kind.TOWNSHIP:
            township = None
        names = [("", "全部镇街"), *((unit.code, unit.short_name) for unit in townships)]
        return self.page(
            {
                "quarters": lines,
                "chosen": Period(QUARTER, quarter),
                "code": quarter_code(quarter),
                "running": Period(QUARTER, quarter).holds(today),
                "quarter_options": options(((one.code, one.period.label) for one in lines), {quarter_code(quarter)}),
                "township_options": options(names, {asked}) if len(townships) > 1 else "",
                "places": quarterly.place_lines(scope, quarter, township),
                "reflections": quarterly.reflection_lines(scope, quarter, today, township),
                "due": reflection_due(quarter).day,
                "writes": request.may("reflection.write"),
                "may_download": any(line.published for line in lines if line.period.start == quarter),
            }
        )

    def chosen(self, lines: list[quarterly.QuarterLine]) -> date:
        """The quarter asked for, or the last that is over."""
        text = self.request.GET.get("quarter", "")
        if text:
            return quarterly.quarter_asked(text, clock.today())
        over = next((line for line in lines if not line.running), lines[0])
        return over.period.start


class AnalysisView(PageView):
    """One place's quarter. Staff save, publish and have the figures put into words here."""

    action = "analysis.view"
    template_name = "reporting/analyses/analysis.html"

    def get(self, request: HttpRequest, quarter: str, code: str) -> HttpResponse:
        start, unit, analysis = self.find(quarter, code)
        form = AnalysisForm(initial={"version": analysis.version if analysis else 0, "text": _text(analysis)})
        return self.show(unit, start, analysis, form)

    def post(self, request: HttpRequest, quarter: str, code: str) -> HttpResponse:
        start, unit, analysis = self.find(quarter, code)
        form = AnalysisForm(request.POST)
        if not form.is_valid():
            return self.show(unit, start, analysis, form, status=422)
        if "bring_in" in request.POST:
            return self.bring_in(unit, start, analysis, form)
        saving = "save_draft" in request.POST
        try:
            with transaction.atomic():
                self.write(unit, start, form.cleaned_data, saving=saving)
        except StaleVersion as error:
            return self.show_conflict(unit, start, form, error)
        except FieldErrors as error:
            add_errors(form, error)
            return self.show(unit, start, analysis, form, status=422)
        except DomainError as error:
            messages.error(request, error.detail)
            return self.show(unit, start, self.find(quarter, code)[2], form, status=error.status)
        messages.success(request, "已保存。" if saving else "已发布，数据已按此刻留存。")
        return redirect("analysis", quarter=quarter, code=code)

    def write(self, unit: Unit, start: date, given: dict[str, Any], *, saving: bool) -> None:
        """Keep the draft, or publish it with its figures."""
        act = analysis_save if saving else analysis_publish_with_figures
        act(unit=unit, quarter=start, version=given["version"] or 0, text=given["text"], actor=self.request.scope)

    def find(self, quarter: str, code: str) -> tuple[date, Unit, Analysis | None]:
        """What the address names, and its text where the person may read one."""
        start = quarterly.quarter_asked(quarter, clock.today())
        unit = quarterly.place_asked(self.request.scope, code)
        rows = Analysis.objects.visible_to(self.request.scope).select_related("unit", "edited_by", "published_by")
        return start, unit, rows.filter(unit=unit, quarter=start).first()

    def bring_in(self, unit: Unit, start: date, analysis: Analysis | None, form: AnalysisForm) -> HttpResponse:
        """The figures in words behind what was typed, which stays; nothing is saved yet."""
        place = Place(self.request.scope, unit, Period(QUARTER, start), clock.today())
        typed, drafted = form.cleaned_data["text"].strip(), draft_text(place, read_sheet(place).sheet)
        form.data = {**form.data.dict(), "text": f"{typed}\n\n{drafted}".strip()}
        messages.warning(self.request, "已把数据写成草稿，接在您写的内容后面；请核对修改后保存，现在还没有保存。")
        return self.show(unit, start, analysis, form, brought_in=True)

    def show(
        self,
        unit: Unit,
        start: date,
        analysis: Analysis | None,
        form: AnalysisForm,
        *,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        form.mark_required()
        request, today = self.request, clock.today()
        published = analysis if analysis and analysis.is_published and request.GET.get("live") != "1" else None
        number = published.pk if published else None
        place = Place(request.scope, unit, Period(QUARTER, start), today, published=number)
        read = read_sheet(place)
        sheet = (published and published_sheet(published)) or read.sheet
        lines = shown.unit_lines(place, sheet)
        quarter = quarter_code(start)
        context |= {
            "place": place,
            "quarter": quarter,
            "analysis": analysis,
            "published": published,
            "known_at": published.known_at if published else read.as_of,
            "differences": shown.differences(sheet, read.sheet) if published else [],
            "tiles": markup.tiles(shown.tiles(place, sheet)),
            "rising": shown.rising_lines(place, sheet),
            "has_before": sheet.before is not None,
            "repeats": shown.repeat_lines(place, sheet),
            "repeat_count": sheet.repeat_count,
            "units": lines,
            "slow": sum(line.slow for line in lines),
            "townships": shown.township_lines(place, sheet, f"/analyses/{quarter}/"),
            "trend": charts.trend(place, sheet),
            "category_chart": charts.category_chart(place, sheet) if sheet.categories else None,
            "own_definitions": shown.own_definitions(),
            "definitions": markup.definitions(versions_of(shown.MEASURED, None)),
            "form": form if request.may("analysis.edit") and not (analysis and analysis.is_published) else None,
            "may_reopen": bool(analysis and analysis.is_published and request.may("analysis.edit")),
            **self.versions(analysis),
            **self.recommended(analysis),
        }
        return self.page(context, status=status)

    def versions(self, analysis: Analysis | None) -> dict[str, Any]:
        """What was saved before, for staff, and the one of them that the address asks for."""
        if analysis is None or not self.request.may("analysis.edit"):
            return {}
        rows = analysis.versions.select_related("author")
        number = self.request.GET.get("version", "")
        asked = rows.filter(number=number).first() if number.isdecimal() and len(number) < 9 else None
        return {"versions": rows.defer("text"), "version_shown": asked}

    def recommended(self, analysis: Analysis | None) -> dict[str, Any]:
        """The practice drawn from it, or whether it may be recommended."""
        if analysis is None or not analysis.is_published:
            return {}
        practices = Practice.objects.visible_to(self.request.scope).exclude(state=Practice.State.WITHDRAWN)
        practice = practices.filter(analysis=analysis).first()
        return {"practice": practice, "may_recommend": practice is None and self.request.may("practice.propose")}

    def show_conflict(self, unit: Unit, start: date, form: AnalysisForm, error: DomainError) -> HttpResponse:
        """Both texts; the form goes on from the newest version, unless that one is published."""
        analysis = self.find(quarter_code(start), unit.code)[2]
        mine, stored = form.cleaned_data["text"], _text(analysis)
        form.data = {**form.data.dict(), "version": str(analysis.version if analysis else 0)}
        rows = [{"label": "分析", "theirs": stored, "mine": mine, "changed": stored != mine}]
        return self.show(unit, start, analysis, form, status=error.status, conflict=rows)


def _text(analysis: Analysis | None) -> str:
    return analysis.text if analysis else ""


class AnalysisReopenView(PageView):
    """Take a published analysis back."""

    action = "analysis.edit"

    def post(self, request: HttpRequest, quarter: str, code: str) -> HttpResponse:
        start = quarterly.quarter_asked(quarter, clock.today())
        version = request.POST.get("version", "")
        analysis_reopen(
            unit=quarterly.place_asked(request.scope, code),
            quarter=start,
            version=int(version) if version.isdecimal() and len(version) < 9 else None,
            actor=request.scope,
        )
        messages.success(request, "已撤回，可以修改；改好后请重新发布。")
        return redirect("analysis", quarter=quarter, code=code)
