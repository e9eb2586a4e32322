"""What the pages of reports list."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.reporting.figures import Figures, VisitFigures, district, rollup_rows, visit_figures
from unionportal.reporting.models import Report, ReportKind, ReportTemplate
from unionportal.reporting.reports.book import report_starts
from unionportal.reporting.rollups.periods import YEAR

#: Newest first; the last field is unique, so the list pages by key.
ORDER = ("-asked_at", "-id")


@dataclass(frozen=True, slots=True)
class YearSummary:
    """One year's line on the reports page, live: each figure opens its rows, and rows are of now."""

    year: int
    figures: Figures
    visits: VisitFigures
    is_complete: bool


def year_summaries() -> list[YearSummary]:
    """Years with figures, newest first."""
    today = clock.today()
    starts = report_starts(ReportKind.ANNUAL)
    if not starts:
        return []
    rows = rollup_rows(period=YEAR, start=starts[-1], end=starts[0], units=[district()])
    return [
        YearSummary(
            year=row.start.year,
            figures=row,
            visits=visit_figures(start=row.start, end=date(row.start.year, 12, 31)),
            is_complete=row.start.year < today.year,
        )
        for row in reversed(rows)
    ]


def kept_reports(scope: Scope) -> QuerySet[Report]:
    """Reports asked for or made by the timetable, for the list."""
    return Report.objects.visible_to(scope).select_related("asked_by", "attachment", "freeze")


@dataclass(frozen=True, slots=True)
class KindTemplates:
    """A kind of report and its templates; `in_force` None: the built-in one."""

    kind: ReportKind
    in_force: ReportTemplate | None
    versions: list[ReportTemplate]


def templates_by_kind() -> list[KindTemplates]:
    """Every kind, with its uploaded templates, newest first."""
    rows = list(ReportTemplate.objects.select_related("attachment", "uploaded_by"))
    return [
        KindTemplates(
            kind,
            next((row for row in rows if row.kind == kind and row.is_in_force), None),
            [row for row in rows if row.kind == kind],
        )
        for kind in ReportKind
    ]
