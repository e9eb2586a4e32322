"""What the reports page lists."""

from dataclasses import dataclass
from datetime import date

from unionportal.core.common import clock
from unionportal.reporting.figures import Figures, VisitFigures, district, unit_figures, visit_figures
from unionportal.reporting.reports.annual import report_years
from unionportal.reporting.rollups.periods import YEAR


@dataclass(frozen=True, slots=True)
class YearSummary:
    """One year's line on the reports page: the figures the report will state."""

    year: int
    figures: Figures
    visits: VisitFigures
    is_complete: bool


def year_summaries() -> list[YearSummary]:
    """Years with figures, newest first."""
    today = clock.today()
    return [
        YearSummary(
            year=year,
            figures=unit_figures(period=YEAR, start=date(year, 1, 1), unit=district()),
            visits=visit_figures(start=date(year, 1, 1), end=date(year, 12, 31)),
            is_complete=year < today.year,
        )
        for year in report_years()
    ]
