"""Shapes of the figures in the API."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from casework.models import Category
from unionportal.core.common.errors import NotFound
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import rates_of
from unionportal.reporting.measures import COUNT_IDS, MEASURES
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups.periods import PERIOD_LABELS, period_start


class RateSerializer(serializers.Serializer):
    """A share in percent as text with two decimals ("94.70"); null where the denominator is 0."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    value = serializers.CharField(allow_null=True)


class RollupSerializer(serializers.ModelSerializer):
    """One period, unit and category (null: all). `rows` opens the issues counted in `received`; `&measure=` names another figure."""

    unit = serializers.SlugRelatedField(slug_field="code", read_only=True)
    category = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    median_workdays = serializers.FloatField(allow_null=True)
    rates = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()

    class Meta:
        model = Rollup
        fields = [
            "period",
            "start",
            "unit",
            "category",
            *COUNT_IDS,
            "open_at_end",
            "median_workdays",
            "rates",
            "as_of",
            "revision",
            "status",
            "rows",
        ]

    @extend_schema_field(serializers.DictField(child=RateSerializer()))
    def get_rates(self, row: Rollup) -> dict[str, Any]:
        rates = rates_of({name: getattr(row, name) for name in COUNT_IDS})
        return {
            name: {
                "numerator": rate.numerator,
                "denominator": rate.denominator,
                "value": None if rate.value is None else str(rate.value),
            }
            for name, rate in rates.items()
        }

    @extend_schema_field(serializers.URLField())
    def get_rows(self, row: Rollup) -> str:
        cell = {"period": row.period, "start": row.start.isoformat(), "unit": row.unit.code}
        if row.category is not None:
            cell["category"] = row.category.code
        link = reverse("api-rollup-rows", request=self.context.get("request"))
        return f"{link}?{urlencode({**cell, 'measure': 'received'})}"


class CellQuery(serializers.Serializer):
    """Which cells: what the address asks for, read and checked."""

    period = serializers.ChoiceField(
        choices=sorted(PERIOD_LABELS),
        default="month",
        error_messages={"invalid_choice": "周期应为 month、quarter 或 year。"},
    )
    start = serializers.DateField(required=False, error_messages={"invalid": "日期应写成 2024-09-01。"})
    unit = serializers.CharField(required=False, allow_blank=True)
    category = serializers.CharField(required=False, allow_blank=True)

    def validate_unit(self, code: str) -> Unit | None:
        """A unit that does not exist is not found, like one out of scope."""
        if not code:
            return None
        unit = Unit.objects.filter(code=code, kind__in=[Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP]).first()
        if unit is None:
            raise NotFound("没有这个区或镇街的统计数据，或不在您的查看范围内。")
        return unit

    def validate_category(self, code: str) -> Category | None:
        category = Category.objects.filter(code=code).first()
        if code and category is None:
            raise serializers.ValidationError(f"没有代码为“{code}”的类别。")
        return category

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start: date | None = attrs.get("start")
        if start is not None and start != period_start(attrs["period"], start):
            label = PERIOD_LABELS[attrs["period"]]
            raise serializers.ValidationError({"start": f"起始日期应为该{label}的第一天。"})
        return attrs


class RowsQuery(CellQuery):
    """One cell and one of its figures."""

    start = serializers.DateField(
        error_messages={"invalid": "日期应写成 2024-09-01。", "required": "请给出周期的起始日期。"}
    )
    measure = serializers.ChoiceField(
        choices=sorted(MEASURES), default="received", error_messages={"invalid_choice": "没有这个指标。"}
    )
