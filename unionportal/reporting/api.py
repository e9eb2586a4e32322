"""The figures and the rows behind them, for scripts. Definitions: docs/figures.md."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, permissions, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from casework.models import Issue
from casework.selectors import issue_list
from unionportal.core.common import clock
from unionportal.core.common.api.base import PolicyPermission, ScopedAPI, refuse_unknown
from unionportal.core.common.api.pagination import CursorPagination
from unionportal.core.common.errors import NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.behind import PLACES, as_known, counted_also, issues_between, months_counted, why_twice
from unionportal.reporting.figures import TOTAL, Figures, Kept, district, kept_months, rollup_rows
from unionportal.reporting.measures import all_definitions
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups.periods import LENGTH, MONTH, period_end, period_start
from unionportal.reporting.serializers import (
    CellQuery,
    CountedIssueSerializer,
    DefinitionSerializer,
    RollupSerializer,
    RowsQuery,
)

#: What goes from page to page, whatever is asked for.
_PAGING = (CursorPagination.cursor_query_param, CursorPagination.page_size_query_param)


class WholePagination(CursorPagination):
    """A year of months for the district and its townships comes in one answer."""

    page_size = 500


class IssuePagination(CursorPagination):
    """The issues behind a figure, newest first, as the issue list has them."""

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        return ("-received_on", "-id")


class DefinitionViewSet(viewsets.ViewSet):
    """What every figure means: id, name, kind, formula, version, effective date, and the versions before."""

    permission_classes = [permissions.IsAuthenticated, PolicyPermission]
    policy_action = "figure.define"

    @extend_schema(responses=DefinitionSerializer(many=True))
    def list(self, request: Request) -> Response:
        """指标口径。"""
        refuse_unknown(request, ())
        return Response(DefinitionSerializer(all_definitions(), many=True).data)


class RollupViewSet(ScopedAPI, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Figures a period, unit and category. District roles see all; a township union its own township."""

    policy_action = "dashboard.view"
    queryset = Rollup.objects.select_related("unit")
    serializer_class = RollupSerializer
    pagination_class = WholePagination
    filter_backends: list[Any] = []
    ordering = ("month", "unit__code", "id")

    def get_queryset(self) -> QuerySet[Rollup]:
        """The units and periods asked for, each by the row of its first month: pages are cut by these, figures come from `figures`."""
        wanted = self._query(CellQuery)
        if wanted.get("unit"):
            _require_unit(wanted["unit"], self.scope)
        kept = kept_months()
        if kept is None:
            return Rollup.objects.none()
        firsts = Q(month=kept.first)
        if wanted["period"] != TOTAL:
            firsts |= Q(month__month__in=range(1, 13, LENGTH[wanted["period"]]))
        rows = super().get_queryset().filter(firsts, category=None)
        if wanted.get("start"):
            rows = rows.filter(month=_first_month(wanted["period"], wanted["start"], kept))
        if wanted.get("unit"):
            rows = rows.filter(unit=_place_of(wanted["unit"]))
        return rows

    @extend_schema(parameters=[CellQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """期间指标：收集录入、各办理结果、存量、各项比率。"""
        page = self.paginate_queryset(self.get_queryset()) or []
        figures = _figures(page, self._query(CellQuery))
        return self.get_paginated_response(self.get_serializer(figures, many=True).data)

    @extend_schema(parameters=[RowsQuery], responses=CountedIssueSerializer(many=True))
    @action(detail=False, serializer_class=CountedIssueSerializer, pagination_class=IssuePagination)
    def rows(self, request: Request) -> Response:
        """Exactly the issues behind one figure, as far as the reader sees them; `measure` is any count of the row."""
        wanted = self._query(RowsQuery)
        unit = wanted.get("unit") or _home(self.scope)
        _require_unit(unit, self.scope)
        measure, category = wanted["measure"], wanted.get("category")
        if wanted.get("revisions"):
            return self._by_month(wanted, unit)
        first, end = _days(wanted["period"], wanted.get("start"))
        behind = issues_between(measure, first=first, end=end, unit=unit, category=category)
        if wanted.get("as_of"):
            behind = as_known(behind, wanted["as_of"])
        page = self.paginate_queryset(issue_list(self.scope).filter(pk__in=behind.values("pk")))
        return self.get_paginated_response(CountedIssueSerializer(page, many=True).data)

    def _by_month(self, wanted: Mapping[str, Any], unit: Unit) -> Response:
        """The issues of a period with frozen months, month by month: an answer holds those of one month, and reads the log once."""
        measure, category = wanted["measure"], wanted.get("category")
        months = months_counted(measure, wanted["revisions"])
        begin = wanted.get("counted_in") or months[0].month
        there = [one for one in months if one.month >= begin]
        if not there or there[0].month != begin:
            raise ValidationError({"counted_in": "这个数里没有这个月。"})
        page: list[Issue] = []
        while there and not page:
            current = there.pop(0)
            behind = current.issues(measure, unit, category)
            page = self.paginate_queryset(issue_list(self.scope).filter(pk__in=behind.values("pk"))) or []
        also = counted_also(measure, months, [issue.pk for issue in page], unit, category)
        notes = {pk: why_twice(measure, counted) for pk, counted in also.items()}
        context = {"counted_in": current.month, "counted_note": notes}
        answer = self.get_paginated_response(CountedIssueSerializer(page, many=True, context=context).data)
        url = self.request.build_absolute_uri()
        for way in ("next", "previous"):  # within the month
            if answer.data[way]:
                answer.data[way] = replace_query_param(answer.data[way], "counted_in", current.month.isoformat())
        if answer.data["next"] is None and there:
            url = remove_query_param(url, "cursor")
            answer.data["next"] = replace_query_param(url, "counted_in", there[0].month.isoformat())
        return answer

    def _query(self, shape: type[CellQuery]) -> dict[str, Any]:
        query = shape(data=self.request.query_params)
        refuse_unknown(self.request, [*query.fields, *_PAGING])
        query.is_valid(raise_exception=True)
        return query.validated_data


def _home(scope: Scope) -> Unit:
    """The unit meant when none is named: the district, or a township union's own township."""
    if scope.district:
        return district()
    return Unit.objects.filter(pk__in=scope.township_ids).order_by("code").first() or district()


def _place_of(unit: Unit) -> Unit:
    """Whose rows say which periods there are: a unit that is no place has none of its own, the district has them all."""
    return unit if unit.kind in PLACES else district()


def _require_unit(unit: Unit, scope: Scope) -> None:
    """A unit out of scope is not found."""
    if not scope.district and unit.pk not in scope.township_ids:
        raise NotFound


def _days(period: str, start: date | None) -> tuple[date | None, date]:
    """First and last day of a period that was asked for; of the total: from the beginning to the end of the last month there is."""
    if start is not None:
        return start, period_end(period, start)
    kept = kept_months()
    return None, period_end(MONTH, kept.last if kept else clock.today())


def _first_month(period: str, start: date, kept: Kept) -> date | None:
    """The first month of a period that has rows; None (no row has it) where the period has none."""
    return max(start, kept.first) if start <= kept.last and period_end(period, start) >= kept.first else None


def _figures(page: Sequence[Rollup], wanted: Mapping[str, Any]) -> list[Figures]:
    """The figures of the page's units and periods, in its order."""
    if not page:
        return []
    period, category, asked = wanted["period"], wanted.get("category"), wanted.get("unit")
    units = {row.unit_id: row.unit for row in page} if asked is None else {_place_of(asked).pk: asked}
    found = rollup_rows(
        period=period,
        start=None if period == TOTAL else page[0].month,
        end=None if period == TOTAL else page[-1].month,
        units=units.values(),
        categories=None if category is None else [category],
        frozen=wanted["state"] == "frozen",
        known_at=wanted.get("as_of"),
    )

    def cell(month: date, unit: Unit) -> tuple[date | None, int]:
        return None if period == TOTAL else period_start(period, month), unit.pk

    by_cell = {cell(row.start, row.unit): row for row in found}
    # As of an earlier moment there are fewer periods than now.
    cells = (cell(row.month, units[row.unit_id]) for row in page)
    return [by_cell[key] for key in cells if key in by_cell]
