"""`/figures/`: what every figure means, those of handling units and of cadres, and how the figures are kept up."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.pagination import PAGE_SIZE
from unionportal.core.common.renderer import options
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Unit
from unionportal.reporting.behind import PLACES
from unionportal.reporting.definitions import KIND_LABELS, KIND_MEANINGS, Kind
from unionportal.reporting.figures import RANGE, district
from unionportal.reporting.hardship_measures import HARDSHIP_MEASURES
from unionportal.reporting.measures import (
    KEY_GAPS,
    MEASURES,
    MEDIATION,
    OF_ISSUES,
    RATES,
    RESOLUTION_SO_FAR,
    VISIT_SHARES,
    VISITS,
    all_definitions,
)
from unionportal.reporting.rollups.periods import MONTH, PERIOD_LABELS
from unionportal.reporting.selectors import people
from unionportal.reporting.selectors.picker import KINDS, BadPeriod, Period, choices, period_of, read_period
from unionportal.reporting.station_measures import STATION_MEASURES, STATION_SHARES
from unionportal.reporting.upkeep import recomputation_ask, upkeep

#: Name of the address, label, policy action.
_TABS = (
    ("figures", "指标口径", "figure.define"),
    ("figure-units", "承办单位", "figure.units"),
    ("figure-cadres", "驻联干部", "figure.cadres"),
    ("figure-past", "往期查证", "dashboard.view"),
    ("figure-state", "更新情况", "report.view"),
)


class FiguresPage(PageView):
    """A page of this group: with the tabs of those the reader may open."""

    tab: str = ""

    def show(self, request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render the template with the tabs."""
        tabs = [
            {"label": label, "url": reverse(name), "active": name == self.tab}
            for name, label, action in _TABS
            if request.may(action)
        ]
        return self.page({"figure_tabs": tabs if len(tabs) > 1 else [], **context}, status=status)


@dataclass(frozen=True, slots=True)
class Group:
    """The definitions of one kind, rates last."""

    label: str
    meaning: str
    definitions: list[Any]


class DefinitionsView(FiguresPage):
    action = "figure.define"
    template_name = "reporting/figures.html"
    tab = "figures"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, {"groups": _groups(), "names": {one.id: one.name for one in all_definitions()}})


def _groups() -> list[Group]:
    """Issues by kind, of which the four never stand in one table; then visits, mediation, stations, hardship aid."""
    rates = (*RATES, RESOLUTION_SO_FAR)
    groups = [
        Group(
            KIND_LABELS[kind],
            KIND_MEANINGS[kind],
            [one for one in (*MEASURES.values(), *OF_ISSUES, *rates) if one.kind == kind],
        )
        for kind in Kind
    ]
    visits = Group("走访", "从走访记录数出来的数字，各期、各镇街之间不可相加。", [*VISITS, *VISIT_SHARES, *KEY_GAPS])
    present = "从现在的记录数出来的数字，不冻结。"
    stations = Group("驿站", present, [*STATION_MEASURES.values(), *STATION_SHARES.values()])
    mediation = Group("调解", "从本人能看到的调解案件数出来的数字，按申请日期计。", [*MEDIATION])
    return [*groups, visits, mediation, stations, Group("困难帮扶", present, [*HARDSHIP_MEASURES.values()])]


class StateView(FiguresPage):
    """When the figures were refreshed, what waits, and the full computation: staff may ask for one."""

    action = "report.view"
    template_name = "reporting/figures_state.html"
    tab = "figure-state"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, {"upkeep": upkeep(), "may_recompute": request.may("figure.recompute")})

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = recomputation_ask(actor=request.scope)
        words = (
            "已交给后台全部重算，完成前各处照常显示原来的数字。"
            if asked.is_new
            else "已经有一次全部重算还没有完成，不必再发起。"
        )
        messages.success(request, words)
        return redirect("figure-state")


@dataclass(frozen=True, slots=True)
class Picked:
    """The period a page shows, and what its picker needs."""

    period: Period
    kind: str
    kinds: list[dict[str, Any]]
    options: str
    previous: Period | None
    following: Period | None
    kept: str  # what else the address asks for, as the end of a query


def picked_period(request: HttpRequest, *, runs: bool = False) -> Picked:
    """Read the period from the address. Raises DomainError for one that cannot be, and for a run of months unless `runs`."""
    today = clock.today()
    try:
        period = read_period(request.GET, today)
    except BadPeriod as error:
        raise DomainError(str(error)) from None
    is_run = period.kind == RANGE
    if is_run and not runs:
        raise DomainError("这一页按月、季或年统计，请选其中一种。")
    kind = MONTH if is_run else period.kind
    oldest = min(people.oldest_day() or today, period.start)
    periods = choices(kind, oldest, today)
    run = [("", period.label)] if is_run else []
    following = period.shift(1)
    return Picked(
        period=period,
        kind=kind,
        kinds=[
            {
                "label": PERIOD_LABELS[each],
                "query": period_of(each, min(period.end, today)).query,
                "active": each == period.kind,
            }
            for each in KINDS
        ],
        options=options([*run, *((one.value, one.label) for one in periods)], {"" if is_run else period.value}),
        previous=period.shift(-1) if period.start > periods[-1].start else None,
        following=following if following.start <= today else None,
        kept="".join(f"&{urlencode({name: request.GET[name]})}" for name in ("unit", "part") if request.GET.get(name)),
    )


class UnitsView(FiguresPage):
    """What each unit handles. A township reads its own line."""

    action = "figure.units"
    template_name = "reporting/figures_units.html"
    tab = "figure-units"

    def get(self, request: HttpRequest) -> HttpResponse:
        picked = picked_period(request)
        return self.show(request, {"picked": picked, "lines": people.unit_lines(request.scope, picked.period)})


class CadresView(FiguresPage):
    """What each cadre registered and visited. A cadre reads their own line."""

    action = "figure.cadres"
    template_name = "reporting/figures_cadres.html"
    tab = "figure-cadres"

    def get(self, request: HttpRequest) -> HttpResponse:
        picked = picked_period(request)
        table = people.cadre_table(request.scope, picked.period, clock.today())
        whole = district() if table.visits else None
        return self.show(request, {"picked": picked, "table": table, "lines": table.lines, "district": whole})


class WeeksPage(FiguresPage):
    """Weeks in which cadres owed visits: all of them, or those of a part (`part=`), with how many each part has."""

    action = "figure.cadres"
    template_name = "reporting/figures_weeks.html"
    tab = "figure-cadres"

    def show_weeks(
        self, request: HttpRequest, picked: Picked, weeks: list[people.WeekLine], context: dict[str, Any]
    ) -> HttpResponse:
        """Render them."""
        parts = {
            "": ("应走访", weeks),
            people.MET: ("达标", [line for line in weeks if line.week.is_met]),
            people.WRITTEN: ("已交周记", [line for line in weeks if line.is_written]),
        }
        part = request.GET.get("part", "")
        part = part if part in parts else ""
        sizes = [(key, label, len(lines), key == part) for key, (label, lines) in parts.items()]
        page = Paginator(parts[part][1], PAGE_SIZE).get_page(request.GET.get("page"))
        return self.show(request, {"picked": picked, "parts": sizes, "page": page, **context})


class CadreWeeksView(WeeksPage):
    """The weeks behind one cadre's quota; with `unit=` those in which the cadre was posted to the township."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (request.scope.district or request.scope.user_id == pk):
            raise NotFound
        cadre = User.objects.filter(pk=pk).first()
        if cadre is None:
            raise NotFound
        picked, unit = picked_period(request, runs=True), None
        if request.GET.get("unit"):
            unit = _place(request.GET["unit"])
        weeks = people.weeks_owed(picked.period, clock.today(), cadre=cadre, unit=unit)
        return self.show_weeks(request, picked, weeks, {"name": str(cadre), "unit": unit})


def _place(code: str) -> Unit:
    """The district or one of its townships."""
    found = Unit.objects.filter(code=code, kind__in=PLACES).first()
    if found is None:
        raise NotFound
    return found


class UnitWeeksView(WeeksPage):
    """The weeks of all cadres, or of those posted to a township, for the district: a cadre's week runs across townships."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        if not request.scope.district:
            raise NotFound
        picked, unit = picked_period(request, runs=True), _place(code)
        weeks = people.weeks_owed(picked.period, clock.today(), unit=unit)
        return self.show_weeks(request, picked, weeks, {"name": unit.short_name, "by_cadre": True})
