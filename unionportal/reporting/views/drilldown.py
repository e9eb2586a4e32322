"""`/dashboard/rows/`: exactly the rows behind a figure, with what the figure means."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework.models import Category
from unionportal.core.accounts.models import User
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.pagination import count_label, keyset_page
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Unit
from unionportal.reporting.selectors import rows as selectors
from unionportal.reporting.selectors.dashboard import units_of
from unionportal.reporting.selectors.picker import BadPeriod, Period, read_period
from unionportal.reporting.selectors.rows import (
    ALL,
    DEFINITIONS,
    ENTERPRISE_ORDER,
    RATE_PARTS,
    VISIT_ORDER,
    Cut,
    Definition,
)
from unionportal.reporting.views.dashboard import chosen_unit

#: Figures stand for as many rows as they say: counted exactly up to here, "100000+" beyond.
COUNT_BOUND = 100_000


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists of a rate: all, those that count, the rest."""

    key: str
    label: str
    count: str
    active: bool


class RowsView(PageView):
    action = "figure.rows"
    template_name = "reporting/rows.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        cut, period = read_cut(request)
        measure = request.GET.get("measure", "")
        rate = RATE_PARTS.get(measure)
        definition = rate.denominator if rate else DEFINITIONS.get(measure)
        if definition is None:
            raise NotFound("没有这个指标。")
        context: dict[str, Any] = {}
        if rate is not None:
            rows, context = _rate(rate, cut, request.GET.get("part", ""))
        else:
            rows = definition.rows(cut)
        name = rate.name if rate else definition.name
        context |= {
            "heading": f"{name} {context['rate']}" if rate else name,
            "name": name,
            "formula": rate.formula if rate else definition.formula,
            "definition": rate or definition,
            "kind": _kind(definition),
            "page": keyset_page(_prefetched(definition, rows), request, order=definition.order),
            "count": context.get("count") or count_label(rows, COUNT_BOUND),
            "cut": cut,
            "period": period,
            "span": period.label if period else "累计",
            "back_url": _back_url(request, cut, period),
        }
        return self.page(context)


def read_cut(request: HttpRequest) -> tuple[Cut, Period | None]:
    """The part of the rows the URL names, within the reader's reach. Raises DomainError for what cannot be read."""
    scope, query, today = request.scope, request.GET, clock.today()
    holder, cadre = _holder(scope, query.get("holder", "")), _cadre(scope, query.get("cadre", ""))
    mine = query.get("mine") == "1" or not scope.has(Role.LEADER, Role.STAFF, Role.TOWNSHIP)
    whole = (mine or holder or cadre) and not query.get("unit")
    unit = _district() if whole else chosen_unit(units_of(scope), query.get("unit", ""))
    category = _category(query.get("category", ""))
    period = None if query.get("period") == ALL else _period(query, today)
    first, end = (period.start, period.end) if period else (None, today)
    return Cut(scope, first, end, unit, category, mine and cadre is None, holder, cadre), period


def _holder(scope: Scope, code: str) -> Unit | None:
    """The unit whose handling is asked for: any for the district, one's own for a township."""
    found = Unit.objects.filter(code=code).first() if code else None
    if code and (found is None or not (scope.district or found.pk in scope.unit_ids)):
        raise NotFound("没有这个承办单位，或不在您的查看范围内。")
    return found


def _cadre(scope: Scope, number: str) -> User | None:
    """The cadre whose work is asked for: any for the district, else only oneself."""
    found = User.objects.filter(pk=number).first() if number.isdigit() else None
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


def _period(query: Any, today: date) -> Period:
    try:
        return read_period(query, today)
    except BadPeriod as error:
        raise DomainError(str(error)) from None


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
    return "不满意" if rate.id == "satisfaction" else f"未{rate.numerator.name.removeprefix('已')}"


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


def _back_url(request: HttpRequest, cut: Cut, period: Period | None) -> str:
    if cut.holder or cut.cadre:
        page = reverse("figure-units" if cut.holder else "figure-cadres")
        return f"{page}?{period.query}" if period else page
    if cut.mine or not request.may("dashboard.view"):
        return "/"
    unit = f"unit={cut.unit.code}" if cut.unit.kind != Unit.Kind.DISTRICT else ""
    return "/dashboard/?" + "&".join(filter(None, (period.query if period else "", unit)))
