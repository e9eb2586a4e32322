"""The leader's page: one period of the district (or of a township) on one screen."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from unionportal.core.common import clock
from unionportal.core.common.errors import Forbidden, NotFound
from unionportal.core.common.renderer import options
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import first_period
from unionportal.reporting.rollups.periods import MONTH, PERIOD_LABELS
from unionportal.reporting.selectors import dashboard as selectors
from unionportal.reporting.selectors import workbench
from unionportal.reporting.selectors.dashboard import Place
from unionportal.reporting.selectors.picker import KINDS, BadPeriod, Period, choices, period_of, read_period
from unionportal.reporting.selectors.queues import find_queue

ATTENTION = ("overdue", "redone_often", "provisional")
ATTENTION_LINES = 6


class DashboardView(PageView):
    action = "dashboard.view"
    template_name = "reporting/dashboard.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        units = selectors.units_of(request.scope)
        unit = chosen_unit(units, request.GET.get("unit", ""))
        notice = ""
        try:
            period = read_period(request.GET, today)
        except BadPeriod as error:
            period = period_of(MONTH, today)
            notice = f"{error} 下面是{period.label}的数据。"
        place = Place(request.scope, unit, period, today)
        townships = [one for one in units if one.parent_id == unit.pk] if place.is_district else []
        ranking = selectors.ranking(place, townships) if townships else []
        found = selectors.found_for(place)
        heads, lines = attention(place)
        return self.page(
            {
                "place": place,
                "notice": notice,
                "picker": picker(place, first_period(period.kind, unit)),
                "units": unit_options(units, unit) if len(units) > 1 else "",
                "figures": selectors.headline(place, found),
                "totals": selectors.totals(place, found),
                "trend": selectors.trend(place, found),
                "ranking_head": ranking[: selectors.RANKING_HEAD],
                "ranking_rest": ranking[selectors.RANKING_HEAD :],
                "ranking_count": len(ranking),
                "ranking_year": period.start.year,
                "mix": selectors.mix(place),
                "attention": heads,
                "attention_lines": lines,
                "as_of": selectors.as_of(place, found),
                "definitions_version": selectors.DEFINITIONS_VERSION,
            }
        )


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
    pairs = (
        (
            unit.code if unit is not units[0] or unit.kind == Unit.Kind.TOWNSHIP else "",
            "全区" if unit.kind == Unit.Kind.DISTRICT else unit.short_name,
        )
        for unit in units
    )
    whole = chosen is units[0] and chosen.kind != Unit.Kind.TOWNSHIP
    return options(pairs, {"" if whole else chosen.code})


def picker(place: Place, first: date | None) -> dict[str, Any]:
    """What the period picker and the switch 月/季/年 need; `first`: the first period that has figures."""
    period, today = place.period, place.today
    periods = choices(period.kind, min(period.start, first or period.start), today)
    following = period.shift(1)
    return {
        "kinds": [
            {"label": PERIOD_LABELS[kind], "period": _inside(period, kind, today), "active": kind == period.kind}
            for kind in KINDS
        ],
        "options": options(((one.value, one.label) for one in periods), {period.value}),
        "previous": period.shift(-1) if period.start > periods[-1].start else None,
        "next": following if following.start <= today else None,
    }


def _inside(period: Period, kind: str, today: date) -> Period:
    """The period of another kind that shows the same days: the last one begun within this."""
    return period_of(kind, min(period.end, today))


def attention(place: Place) -> tuple[list[workbench.QueueHead], list[dict[str, Any]]]:
    """需要您关注: what is overdue, was redone too often, or has a provisional deadline, today; sizes and the first lines."""
    heads = []
    for key in ATTENTION:
        queue = find_queue(place.scope, key)
        if queue is not None:
            heads.append(
                workbench.queue_head(
                    queue, place.scope, place.today, size=ATTENTION_LINES // 2, township=place.township
                )
            )
    seen: set[str] = set()
    lines = []
    for head in heads:
        for line in head.lines:
            if line.key not in seen:
                seen.add(line.key)
                lines.append({"line": line, "mark": head.queue.label})
    return heads, lines[:ATTENTION_LINES]


def home_place(scope: Scope) -> Place | None:
    """What the workbench's figures are about: this month of the reader's widest unit; None for who has none."""
    units = selectors.units_of(scope)
    today = clock.today()
    return Place(scope, units[0], period_of(MONTH, today), today) if units else None
