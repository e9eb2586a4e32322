"""The leaders' pages: one period of the district (or of a township) on one screen, and a page for each way of looking closer."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from unionportal.core.common import clock, panels
from unionportal.core.common.errors import Forbidden, NotFound
from unionportal.core.common.renderer import options
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.figures import RANGE
from unionportal.reporting.rollups.periods import MONTH, PERIOD_LABELS, YEAR
from unionportal.reporting.selectors import dashboard as selectors
from unionportal.reporting.selectors import headline
from unionportal.reporting.selectors.attention import attention
from unionportal.reporting.selectors.definitions import versions_of
from unionportal.reporting.selectors.months import Months, freezes_of, months_of
from unionportal.reporting.selectors.picker import KINDS, BadPeriod, Period, choices, period_of, read_period
from unionportal.reporting.selectors.place import Place, units_of

#: Address below /dashboard/ -> what the tab says.
SECTIONS = {
    "": "总览",
    "categories/": "类别",
    "units/": "承办单位",
    "overdue/": "超期与红榜",
    "visits/": "走访与覆盖",
    "stations/": "驿站",
    "hardship/": "困难帮扶",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A section of the dashboard, for the same place and period."""

    label: str
    url: str
    active: bool


class SectionView(PageView):
    """A section: reads place and period, hands on what every section shows, and asks `content` for the rest."""

    action = "dashboard.view"
    section = ""
    #: Whether the section shows frozen months as frozen; what is counted from the rows of the present cannot be.
    freezes = True
    #: Ids of everything counted on the section.
    measures: tuple[str, ...] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        place, units, notice = read_place(request, freezes=self.freezes)
        months = months_of(place)
        return self.page(
            {
                "place": place,
                "notice": notice,
                "picker": picker(place, months.first),
                "units": unit_options(units, place.unit) if len(units) > 1 else "",
                "tabs_of_sections": tabs(place, self.section),
                "mark": selectors.freeze_mark(place, months),
                "as_of": place.freeze.frozen_at if place.freeze else None,
                "changed": months.as_of(place.period) if self.freezes and not place.freeze else None,
                "definitions": markup.definitions(versions_of(self.measures, place.freeze)),
                "may_open_freezes": request.may("report.view"),
                "query": place_query(place),
                "wall_query": wall_query(place),
                "live_of_frozen": self.freezes and request.GET.get("live") == "1",
                **self.content(place, months, units),
            }
        )

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        """What only this section shows."""
        raise NotImplementedError


class DashboardView(SectionView):
    """/dashboard/: the overview."""

    template_name = "reporting/dashboard.html"
    measures = (
        *(
            "visits",
            "key_covered",
            "key_missed",
            "key_total",
            "received",
            "resolved",
            "in_hand",
            "explained",
            "unresolved",
        ),
        *("resolution", "closing", "closed_on_time", "closed_with_deadline", "closed_late"),
    )

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        figures, totals = headline.overview(place, months)
        heads, lines = attention(place)
        return {
            "tiles": markup.tiles(figures),
            "totals": totals,
            "total_lines": markup.total_lines(totals.figures),
            "trend": selectors.trend(place, months),
            "mix": selectors.mix(place),
            "attention": heads,
            "attention_lines": markup.attention_lines(lines),
            "panels": panels.render("dashboard.main", self.request, place),
            **ranking(
                place, units, whole_year=self.request.GET.get("rank") == YEAR, live=self.request.GET.get("live") == "1"
            ),
        }


def ranking(place: Place, units: list[Unit], *, whole_year: bool = False, live: bool = False) -> dict[str, Any]:
    """The townships of the place in order of the period or of its whole year, the first ten and the rest; nothing for a township."""
    townships = [one for one in units if one.parent_id == place.unit.pk] if place.is_district else []
    period = period_of(YEAR, place.end) if whole_year else place.period
    rows = selectors.ranking(place, townships, period) if townships else []
    other = None
    if place.period.kind != YEAR:
        query = place_query(place) + ("&live=1" if live else "")
        other = ("看" + place.period.label, f"?{query}") if whole_year else ("看全年", f"?{query}&rank={YEAR}")
    return {
        "ranking_head": markup.ranks(rows[: selectors.RANKING_HEAD]),
        "ranking_rest": markup.ranks(rows[selectors.RANKING_HEAD :]),
        "ranking_next": selectors.RANKING_HEAD + 1,
        "ranking_count": len(rows),
        "ranking_period": period,
        "ranking_freeze": place.freeze_of(period),
        "ranking_other": other,
    }


def read_place(request: HttpRequest, *, freezes: bool = True) -> tuple[Place, list[Unit], str]:
    """Unit and period of the address, the units the reader may choose, and a notice where the period could not be read.

    Frozen months are shown as frozen where `freezes`, unless the address says `live=1`.
    """
    today = clock.today()
    units = units_of(request.scope)
    unit = chosen_unit(units, request.GET.get("unit", ""))
    notice = ""
    try:
        period = read_period(request.GET, today)
    except BadPeriod as error:
        period = period_of(MONTH, today)
        notice = f"{error}下面是{period.label}的数据。"
    return (
        place_of(request.scope, unit, period, today, live=not freezes or request.GET.get("live") == "1"),
        units,
        notice,
    )


def place_of(scope: Scope, unit: Unit, period: Period, today: date, *, live: bool = False) -> Place:
    """The place with the frozen months it shows, none if `live`."""
    return Place(scope, unit, period, today, {} if live else freezes_of(period, today))


def chosen_unit(units: list[Unit], code: str) -> Unit:
    """The unit asked for, or the reader's widest. A unit out of reach is not found."""
    if not units:
        raise Forbidden("您的账号还没有对应的镇街，请联系系统管理员。")
    if not code:
        return units[0]
    found = next((unit for unit in units if unit.code == code), None)
    if found is None:
        raise NotFound
    return found


def unit_options(units: list[Unit], chosen: Unit) -> SafeString:
    """The options of the unit select; the reader's widest unit is the page without `unit=`, unless it is a township."""
    pairs = tuple(
        (
            unit.code if unit is not units[0] or unit.kind == Unit.Kind.TOWNSHIP else "",
            "全区" if unit.kind == Unit.Kind.DISTRICT else unit.short_name,
        )
        for unit in units
    )
    whole = chosen is units[0] and chosen.kind != Unit.Kind.TOWNSHIP
    return _options(pairs, "" if whole else chosen.code)


@lru_cache(maxsize=64)  # by what they show alone
def _options(pairs: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    return options(pairs, {chosen})


def place_query(place: Place) -> str:
    """Period and unit as the address names them."""
    return place.period.query + (f"&unit={place.unit.code}" if place.township else "")


def wall_query(place: Place) -> str:
    """The same for the wall; it follows the calendar where it begins with the present month."""
    if place.period == period_of(MONTH, place.today):
        return f"unit={place.unit.code}" if place.township else ""
    return place_query(place)


def tabs(place: Place, active: str) -> list[Tab]:
    """The sections, for the same place and period."""
    query = place_query(place)
    return [Tab(label, f"/dashboard/{path}?{query}", path == active) for path, label in SECTIONS.items()]


def picker(place: Place, first: date | None) -> dict[str, Any]:
    """What the period picker and the switch 月/季/年/自选 need; `first`: the first month that has figures."""
    period, today = place.period, place.today
    kind = MONTH if period.kind == RANGE else period.kind
    oldest = period_of(kind, min(period.start, first or period.start, today))
    following = period.shift(1)
    kinds = [
        {"label": PERIOD_LABELS[one], "period": period_of(one, place.end), "active": one == period.kind}
        for one in KINDS
    ]
    kinds.append({"label": "自选", "period": _some_months(place), "active": period.kind == RANGE})
    found: dict[str, Any] = {
        "kinds": kinds,
        "previous": period.shift(-1) if period.start > oldest.start else None,
        "next": following if following.end <= today or (following.last is None and following.start <= today) else None,
    }
    newest = period_of(kind, today)
    if period.last is None:
        return found | {"options": period_options(oldest, newest, period.value)}
    return found | {
        "from_options": period_options(oldest, newest, f"{period.start:%Y-%m}"),
        "to_options": period_options(oldest, newest, f"{period.last:%Y-%m}"),
    }


@lru_cache(maxsize=256)  # a hundred of them on every page, the same until the month is over
def period_options(oldest: Period, newest: Period, chosen: str) -> SafeString:
    """The options of a select: every period between two of a kind, the newest first."""
    return options([(one.value, one.label) for one in choices(newest.kind, oldest.start, newest.start)], {chosen})


def _some_months(place: Place) -> Period:
    """A run to begin with: from January to the month shown, or the last two months in January."""
    if place.period.kind == RANGE:
        return place.period
    last = period_of(MONTH, place.end)
    first = last.start.replace(month=1) if last.start.month > 1 else last.shift(-1).start
    return Period(RANGE, first, last.start)


def home_place(scope: Scope) -> Place | None:
    """What the workbench's figures are about: this month of the reader's widest unit; None for who has none."""
    units = units_of(scope)
    today = clock.today()
    return place_of(scope, units[0], period_of(MONTH, today), today) if units else None
