"""`/dashboard/rows/`: exactly the rows behind a figure, with what the figure means."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from casework.models import Category
from unionportal.core.accounts.models import User
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.pagination import count_label, keyset_page
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.workcal.days import iso_week
from unionportal.reporting.exporting import COLUMNS, export_lines
from unionportal.reporting.models import Freeze
from unionportal.reporting.moments import BadMoment, is_whole_day, read_moment
from unionportal.reporting.rollups.known import Known
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors import rows as selectors
from unionportal.reporting.selectors.definitions import said
from unionportal.reporting.selectors.past import past_url
from unionportal.reporting.selectors.picker import BadPeriod, Period, read_period
from unionportal.reporting.selectors.place import places_of, units_of
from unionportal.reporting.selectors.rows import (
    ALL,
    DEFINITIONS,
    ENTERPRISE_ORDER,
    ENTERPRISE_VISITS,
    ENTERPRISES,
    HEADCOUNT,
    KEY_GAP,
    OVERDUE,
    RATE_PARTS,
    SO_FAR,
    VISIT_ORDER,
    WEEK,
    Cut,
    Definition,
)
from unionportal.reporting.views.dashboard import chosen_unit
from unionportal.reporting.views.figure_file import figure_file
from visits.models import Analysis, EvaluationRound, Visit
from visits.quarters import quarter_code

#: Figures stand for as many rows as they say: counted exactly up to here, "100000+" beyond.
COUNT_BOUND = 100_000
#: Figures whose page is the section of visits.
_ON_VISITS = frozenset({ENTERPRISES.id, ENTERPRISE_VISITS.id, HEADCOUNT.id, KEY_GAP.id})


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists of a rate: all, those that count, the rest."""

    key: str
    label: str
    count: str
    active: bool


@dataclass(frozen=True, slots=True)
class Span:
    """The days of the rows, in words and as the dashboard's address names them.

    `freeze`: they are those of a frozen month; `analysis`: those of an analysis as it was published; `evaluation`: of a year's evaluation as it was locked;
    `moment`: as known at a moment somebody asked for.
    """

    first: date | None
    end: date
    label: str
    query: str = ""
    freeze: Freeze | None = None
    analysis: Analysis | None = None
    evaluation: EvaluationRound | None = None
    moment: datetime | None = None
    period: Period | None = None

    @property
    def known(self) -> Known | None:
        """Up to where the log is read; None: the rows of the present."""
        if self.moment is not None:
            return self.moment
        if self.analysis is not None:
            return self.analysis.last_step
        if self.evaluation is not None:
            return self.evaluation.last_step
        return self.freeze.last_step if self.freeze else None


class RowsView(PageView):
    """The list; with `format=csv` the same rows as a file."""

    action = "figure.rows"
    template_name = "reporting/rows.html"

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        cut, span = read_cut(request)
        measure = request.GET.get("measure", "")
        rate = RATE_PARTS.get(measure)
        definition = rate.denominator if rate else DEFINITIONS.get(measure)
        if definition is None:
            raise NotFound("没有这个指标。")
        if span.moment is not None and definition.id not in selectors.OF_THE_LOG:
            raise DomainError("这个指标只有现在的数字，不能按往期查证。")
        context: dict[str, Any] = {}
        if rate is not None:
            rows, context = _rate(rate, cut, request.GET.get("part", ""))
        else:
            rows = definition.rows(cut)
        means = rate.means if rate else definition.means
        people = means.id == HEADCOUNT.id
        if people:
            rows = selectors.with_people(rows, cut)
        if request.GET.get("format") == "csv":
            kind = _kind(definition)
            lines = export_lines(kind, rows.order_by(*definition.order))
            return figure_file(request, measure, f"{means.name}-{span.label}", list(COLUMNS[kind]), lines)
        context |= {
            "heading": f"{means.name} {context['rate']}" if rate else means.name,
            "name": means.name,
            "definition": means,
            "said": said(means.id, span.freeze).edition,
            "kind": _kind(definition),
            "page": keyset_page(_prefetched(definition, rows), request, order=definition.order),
            "count": context.get("count") or count_label(rows, COUNT_BOUND),
            "people": _people(rows) if people else None,
            "cut": cut,
            "span": span,
            "back_url": _back_url(request, cut, span, measure),
            "is_whole_day": span.moment is not None and is_whole_day(span.moment),
            "out_of_reach": "" if rate and request.GET.get("part") else _out_of_reach(definition, cut),
            "may_export": request.may("figure.export"),
        }
        return self.page(context)


def _out_of_reach(definition: Definition, cut: Cut) -> str:
    """How many rows of the figure the reader no longer sees, with their unit; "" where there are none, or none that can be told."""
    if definition.id in selectors.OF_THE_LOG:
        number, unit = selectors.issues_out_of_reach(definition.id, cut), "件"
    elif definition.id == selectors.VISITS.id:
        number, unit = selectors.visits_out_of_reach(cut), "次"
    else:
        return ""
    return f"{number} {unit}" if number else ""


def read_cut(request: HttpRequest) -> tuple[Cut, Span]:
    """The part of the rows the URL names, within the reader's reach. Raises DomainError for what cannot be read."""
    scope, query, today = request.scope, request.GET, clock.today()
    holder = _holder(scope, query.get("holder", ""), of_place=bool(query.get("unit")))
    cadre = _cadre(scope, query.get("cadre", ""))
    mine = query.get("mine") == "1" or not scope.has(Role.LEADER, Role.STAFF, Role.TOWNSHIP)
    place, units = query.get("unit", ""), units_of(scope)
    if place in _posted(scope) and query.get("mine") != "1":
        mine, units = False, places_of(scope)  # the figures of a township that the cadre is posted to
    unit = _district() if (mine or holder or cadre) and not place else chosen_unit(units, place)
    span = _span(query, today)
    if query.get("as_of"):
        span = replace(span, moment=_moment(query))
    if query.get("published"):
        span = replace(span, analysis=_analysis(scope, query["published"]))
    if query.get("evaluation"):
        span = replace(span, evaluation=_locked(scope, query["evaluation"]))
    cut = Cut(
        scope,
        span.first,
        span.end,
        unit,
        category=_category(query.get("category", "")),
        mine=mine and cadre is None,
        holder=holder,
        cadre=cadre,
        known=span.known,
        enterprise=_enterprise(scope, query.get("enterprise", "")),
        freeze=span.freeze,
    )
    return cut, span


def _moment(query: Any) -> datetime:
    """The moment whose rows are asked for."""
    if any(query.get(other) for other in ("known", "published", "evaluation", "holder", "enterprise")):
        raise DomainError("往期查证只能按时间、镇街和类别查，不能同时指定冻结版次、承办单位等。")
    try:
        return read_moment(query["as_of"])
    except BadMoment as error:
        raise DomainError(str(error)) from None


def _posted(scope: Scope) -> set[str]:
    """Codes of the townships whose figures a cadre may open beside their own."""
    if scope.district or not scope.has(Role.CADRE):
        return set()
    return {unit.code for unit in places_of(scope)}


def _analysis(scope: Scope, number: str) -> Analysis:
    """The published analysis that the figure stood in."""
    rows = Analysis.objects.visible_to(scope).filter(state=Analysis.State.PUBLISHED).select_related("unit")
    found = rows.filter(pk=number).first() if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise NotFound("没有这份已发布的季分析，或不在您的查看范围内。")
    return found


def _locked(scope: Scope, year: str) -> EvaluationRound:
    """The year's evaluation that kept the figure."""
    rows = EvaluationRound.objects.visible_to(scope).filter(locked_at__isnull=False)
    found = rows.filter(year=year).first() if year.isdecimal() and len(year) == 4 else None
    if found is None:
        raise NotFound("没有这一年已锁定的评议，或不在您的查看范围内。")
    return found


def _enterprise(scope: Scope, code: str) -> Enterprise | None:
    if not code:
        return None
    found = Enterprise.objects.visible_to(scope).filter(credit_code=code).first()
    if found is None:
        raise NotFound("没有这家企业，或不在您的查看范围内。")
    return found


def _holder(scope: Scope, code: str, *, of_place: bool) -> Unit | None:
    """The unit whose handling is asked for: any for the district and of the issues of a place, else one's own."""
    found = Unit.objects.filter(code=code).first() if code else None
    if code and (found is None or not (of_place or scope.district or found.pk in scope.unit_ids)):
        raise NotFound("没有这个承办单位，或不在您的查看范围内。")
    return found


def _cadre(scope: Scope, number: str) -> User | None:
    """The cadre whose work is asked for: any for the district, else only oneself."""
    found = User.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 10 else None
    if number and (found is None or not (scope.district or found.pk == scope.user_id)):
        raise NotFound("没有这名驻联干部，或不在您的查看范围内。")
    return found


def _district() -> Unit:
    found = Unit.objects.filter(kind=Unit.Kind.DISTRICT).first()
    if found is None:
        raise NotFound
    return found


def _category(code: str) -> Category | None:
    if not code:
        return None
    found = Category.objects.filter(code=code).first()
    if found is None:
        raise NotFound("没有这个诉求类别。")
    return found


def _span(query: Any, today: date) -> Span:
    if query.get("period") == ALL:
        return Span(None, today, SO_FAR)
    if query.get("period") == WEEK:
        return _week(query.get("start", ""))
    try:
        period = read_period(query, today)
    except BadPeriod as error:
        raise DomainError(str(error)) from None
    freeze = _freeze(period, query.get("known", ""))
    return Span(period.start, period.end, period.label, period.query, freeze, period=period)


def _week(start: str) -> Span:
    try:
        monday = date.fromisoformat(start)
    except ValueError:
        raise DomainError("看不懂开始日期，应写成 2024-09-02 这样的形式。") from None
    if monday.weekday() or not 2000 <= monday.year < 2100:
        raise DomainError("一周从星期一开始。")
    year, week = iso_week(monday)
    return Span(monday, monday + timedelta(days=6), f"{year}年第{week}周", f"month={monday:%Y-%m}")


def _freeze(period: Period, revision: str) -> Freeze | None:
    """The revision of the frozen month that a figure was shown with."""
    if not revision:
        return None
    found = None
    if period.kind == MONTH and revision.isdecimal() and len(revision) < 5:
        found = Freeze.objects.filter(month=period.start, revision=int(revision)).first()
    if found is None:
        raise NotFound("这个月没有这一版冻结数据。")
    return found


def _rate(rate: selectors.RateParts, cut: Cut, part: str) -> tuple[QuerySet, dict[str, Any]]:
    """The rows of a rate's part, and the tabs with the size of each."""
    lists = {"": rate.denominator.rows(cut), "numerator": rate.numerator.rows(cut), "rest": rate.rest(cut)}
    part = part if part in lists else ""
    total, top = lists[""].count(), lists["numerator"].count()
    counts = {"": total, "numerator": top, "rest": total - top}
    labels = {"": rate.denominator.name, "numerator": rate.numerator.name, "rest": _rest_label(rate)}
    return lists[part], {
        "rate": formats.rate({"numerator": top, "denominator": total}),
        "working": f"{top} ÷ {total}",
        "lists": [Tab(key, labels[key], str(counts[key]), key == part) for key in lists],
        "count": str(counts[part]),
    }


def _rest_label(rate: selectors.RateParts) -> str:
    """What the rest of a rate is called: 未化解 beside 已化解."""
    return "不满意" if rate.means.id == "satisfaction" else f"未{rate.numerator.name.removeprefix('已')}"


def _people(visits: QuerySet[Visit]) -> int:
    """走访人次 of visits: those who went, added up. People are no rows of their own, the visits they made are."""
    return visits.order_by().aggregate(sum=Sum("people", default=0))["sum"]


def _kind(definition: Definition) -> str:
    return {VISIT_ORDER: "visit", ENTERPRISE_ORDER: "enterprise"}.get(definition.order, "issue")


def _prefetched(definition: Definition, rows: QuerySet) -> QuerySet:
    related = {
        "issue": ("township", "category", "holder", "enterprise"),
        "visit": ("township", "enterprise", "cadre"),
        "enterprise": ("township",),
    }
    unread = {"issue": ("description", "search_tokens"), "visit": ("narrative", "search_tokens")}
    kind = _kind(definition)
    return rows.select_related(*related[kind]).defer("search_tokens", *unread.get(kind, ()))


def _back_url(request: HttpRequest, cut: Cut, span: Span, measure: str) -> str:
    """Where the figure stands, for the same place and period: an analysis, a section of the dashboard, the figures of units and of cadres."""
    if span.moment is not None and request.may("dashboard.view"):
        return past_url(span.period, cut.unit, span.moment)
    if span.analysis is not None:
        return reverse("analysis", args=[quarter_code(span.analysis.quarter), span.analysis.unit.code])
    if span.evaluation is not None and cut.cadre is not None:
        return reverse("evaluation-cadre", args=[span.evaluation.year, cut.cadre.username])
    if span.evaluation is not None:
        return reverse("evaluation-township", args=[span.evaluation.year, cut.unit.code])
    if measure not in _ON_VISITS and not request.GET.get("unit") and (cut.holder or cut.cadre):
        page = reverse("figure-units" if cut.holder else "figure-cadres")
        return f"{page}?{span.query}" if span.query else page
    if cut.mine or not request.may("dashboard.view"):
        return "/"
    section = ""
    if measure == OVERDUE.id:
        section = "overdue/"
    elif cut.holder is not None:
        section = "units/"
    elif cut.cadre is not None or measure in _ON_VISITS:
        section = "visits/"
    unit = f"unit={cut.unit.code}" if cut.unit.kind != Unit.Kind.DISTRICT else ""
    return f"/dashboard/{section}?" + "&".join(filter(None, (span.query, unit)))
