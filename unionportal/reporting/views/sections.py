"""The sections of the dashboard beside the overview: categories, handling units, overdue and red list, visits and coverage."""

from typing import Any

from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.measures import MEASURES, RATES_BY_ID
from unionportal.reporting.selectors import categories, coverage, handling, lateness
from unionportal.reporting.selectors.months import Months
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.rows import DEFINITIONS
from unionportal.reporting.views.dashboard import SectionView, definitions


def words_of(*ids: str) -> list[tuple[str, str]]:
    """Name and definition of measures and rates by their ids."""
    found = []
    for one in ids:
        measure = RATES_BY_ID.get(one) or MEASURES.get(one) or DEFINITIONS[one]
        found.append((measure.name, measure.formula))
    return found


def townships_of(place: Place, units: list[Unit]) -> list[Unit]:
    """The townships of the place: all of the district, or the one."""
    return [unit for unit in units if unit.parent_id == place.unit.pk] if place.is_district else [place.unit]


class CategoriesView(SectionView):
    """/dashboard/categories/"""

    section = "categories/"
    template_name = "reporting/dashboard_categories.html"

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        lines = categories.category_lines(place)
        return {
            "lines": lines,
            "chart": categories.comparison(place, lines) if lines else None,
            "definitions": words_of("received", "resolved", "resolution", "median_workdays", "open_at_end"),
        }


class HandlingView(SectionView):
    """/dashboard/units/"""

    section = "units/"
    freezes = False
    template_name = "reporting/dashboard_units.html"

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        held = ("承办", "收集日期在本期、目前由该单位承办的件数；以下各项都在这些诉求中计。")
        more = words_of("acceptance", "closing", "median_workdays", "in_hand", "overdue")
        return {"lines": handling.handling_lines(place), "definitions": [held, *more]}


class OverdueView(SectionView):
    """/dashboard/overdue/"""

    section = "overdue/"
    freezes = False
    template_name = "reporting/dashboard_overdue.html"

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        townships = townships_of(place, units)
        red = ("红榜", "本期有期限的办结全部按时、此刻没有逾期的单位和镇街；件数少的标灰，排在后面，仅供参考。")
        return {
            "latest": lateness.latest(place),
            "late_units": lateness.late_units(place),
            "late_townships": lateness.late_townships(place, townships),
            "red_units": lateness.red_units(handling.handling_lines(place)),
            "red_townships": lateness.red_townships(place, townships),
            "definitions": [*words_of("overdue", "closing", "closed_with_deadline"), red],
        }


class VisitsView(SectionView):
    """/dashboard/visits/"""

    section = "visits/"
    freezes = False
    template_name = "reporting/dashboard_visits.html"

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        figures = coverage.visit_figures(place, months)
        quota = (
            "周任务",
            "每名驻联干部一周应走访的家次；工作日少的周不计。按整周计，不分镇街，没有过完的周未完成的不计。",
        )
        return {
            "tiles": markup.tiles(figures),
            "townships": coverage.township_lines(place, townships_of(place, units)),
            "gaps": coverage.gap_lines(place),
            "gap_url": place.url("key_gap"),
            "weekly": coverage.weekly(place),
            "quotas": coverage.quotas(place),
            "definitions": [*definitions(figures), quota],
        }
