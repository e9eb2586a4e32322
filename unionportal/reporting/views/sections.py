"""The sections of the dashboard beside the overview: categories, handling units, overdue and red list, visits and coverage."""

from typing import Any

from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.selectors import categories, coverage, handling, lateness
from unionportal.reporting.selectors.months import Months
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.views.dashboard import SectionView


def townships_of(place: Place, units: list[Unit]) -> list[Unit]:
    """The townships of the place: all of the district, or the one."""
    return [unit for unit in units if unit.parent_id == place.unit.pk] if place.is_district else [place.unit]


class CategoriesView(SectionView):
    """/dashboard/categories/"""

    section = "categories/"
    template_name = "reporting/dashboard_categories.html"
    measures = ("received", "resolved", "resolution", "median_workdays", "open_at_end")

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        lines = categories.category_lines(place, months.first)
        return {
            "lines": lines,
            "chart": categories.comparison(place, lines, months.first) if lines else None,
        }


class HandlingView(SectionView):
    """/dashboard/units/"""

    section = "units/"
    freezes = False
    template_name = "reporting/dashboard_units.html"
    measures = ("held", "received", "acceptance", "closing", "median_workdays", "in_hand", "overdue")

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        return {"lines": handling.handling_lines(place)}


class OverdueView(SectionView):
    """/dashboard/overdue/"""

    section = "overdue/"
    freezes = False
    template_name = "reporting/dashboard_overdue.html"
    measures = ("overdue", "closing", "closed_on_time", "closed_with_deadline", "red_list")

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        townships = townships_of(place, units)
        return {
            "latest": lateness.latest(place),
            "late_units": lateness.late_units(place),
            "late_townships": lateness.late_townships(place, townships),
            "red_units": lateness.red_units(handling.handling_lines(place)),
            "red_townships": lateness.red_townships(place, townships),
        }


class VisitsView(SectionView):
    """/dashboard/visits/"""

    section = "visits/"
    freezes = False
    template_name = "reporting/dashboard_visits.html"
    measures = (
        *("visits", "enterprise_visits", "enterprises", "headcount"),
        *("key_covered", "key_missed", "key_total", "key_gap", "quota_weeks", "quota_met"),
    )

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        return {
            "tiles": markup.tiles(coverage.visit_figures(place, months)),
            "townships": coverage.township_lines(place, townships_of(place, units)),
            "gaps": coverage.gap_lines(place),
            "gap_url": place.url("key_gap"),
            "weekly": coverage.weekly(place),
            "quotas": coverage.quotas(place),
        }
