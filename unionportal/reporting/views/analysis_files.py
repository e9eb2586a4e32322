"""Quarterly analyses as Word: one, and all that are published of a quarter bound together."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.downloads import word_answer
from unionportal.core.common.errors import NotFound
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Unit
from unionportal.reporting.analyses.sheet import published_sheet, read_sheet
from unionportal.reporting.analyses.word import Chapter, analyses_word
from unionportal.reporting.rollups.periods import QUARTER
from unionportal.reporting.selectors import quarterly
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place, places_of
from visits.models import Analysis
from visits.quarters import quarter_label


class AnalysisWordView(PageView):
    """One place's quarter: as published; for those who may read the draft, as it is now."""

    action = "analysis.view"

    def get(self, request: HttpRequest, quarter: str, code: str) -> HttpResponse:
        start = quarterly.quarter_asked(quarter, clock.today())
        unit = quarterly.place_asked(request.scope, code)
        analysis = Analysis.objects.visible_to(request.scope).filter(unit=unit, quarter=start).first()
        if analysis is None:
            raise NotFound("这一季的分析还没有发布。")
        chapter = chapter_of(request, unit, start, analysis)
        return word_response(request, [analysis], [chapter], f"{chapter.place.name}{quarter_label(start)}分析")


class QuarterWordView(PageView):
    """All that are published of a quarter, within the reader's reach: the district first, then the townships."""

    action = "analysis.view"

    def get(self, request: HttpRequest, quarter: str) -> HttpResponse:
        start = quarterly.quarter_asked(quarter, clock.today())
        rows = Analysis.objects.visible_to(request.scope).filter(quarter=start, state=Analysis.State.PUBLISHED)
        known = {row.unit_id: row for row in rows}
        units = [unit for unit in places_of(request.scope) if unit.pk in known]
        if not units:
            raise NotFound("这一季还没有发布的分析。")
        chapters = [chapter_of(request, unit, start, known[unit.pk]) for unit in units]
        return word_response(request, list(known.values()), chapters, f"{quarter_label(start)}分析汇编")


def chapter_of(request: HttpRequest, unit: Unit, start: date, analysis: Analysis) -> Chapter:
    """A published analysis needs no figures but those it keeps."""
    place = Place(request.scope, unit, Period(QUARTER, start), clock.today())
    sheet = published_sheet(analysis)
    if sheet is not None and analysis.known_at is not None:
        return Chapter(place, sheet, analysis.known_at, analysis.text, is_draft=False)
    read = read_sheet(place)
    return Chapter(place, read.sheet, read.as_of, analysis.text, is_draft=True)


def word_response(request: HttpRequest, analyses: list[Analysis], chapters: list[Chapter], title: str) -> HttpResponse:
    """The file, with a line in the audit trail for each analysis in it."""
    for analysis in analyses:
        record(actor=request.scope, action="analysis.download", object_type="analysis", object_id=analysis.pk)
    return word_answer(title, analyses_word(chapters, title=title))
