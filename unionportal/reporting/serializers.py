"""Shapes of the figures in the API."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from casework.models import Category, Issue
from casework.serializers import IssueSerializer
from unionportal.core.common.errors import NotFound
from unionportal.core.orgs.models import Unit
from unionportal.reporting.behind import PLACES
from unionportal.reporting.figures import KNOWN, TOTAL, Figures
from unionportal.reporting.measures import COUNT_IDS, FLOW_IDS, MEASURES
from unionportal.reporting.moments import BadMoment, read_moment
from unionportal.reporting.rollups.periods import PERIOD_LABELS, months_of, period_start


class RateSerializer(serializers.Serializer):
    """A share in percent as text with two decimals ("94.70"); null where the denominator is 0."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    value = serializers.CharField(allow_null=True)


class RollupSerializer(serializers.Serializer):
    """One period, unit and category (null: all). `rows` opens the issues counted in `received`; `&measure=` names another figure."""

    period = serializers.CharField()
    start = serializers.DateField()
    unit = serializers.CharField(source="unit.code")
    category = serializers.CharField(source="category.code", default=None, allow_null=True)
    open_at_end = serializers.IntegerField()
    closed_in_period = serializers.IntegerField(allow_null=True)
    median_workdays = serializers.FloatField(allow_null=True)
    p90_workdays = serializers.IntegerField(allow_null=True)
    rates = serializers.SerializerMethodField()
    as_of = serializers.DateTimeField()
    revision = serializers.IntegerField()
    status = serializers.CharField()
    rows = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """With a field for every count of `measures`; one of a flow is null where the month was frozen before it was counted."""
        counts: dict[str, serializers.Field] = {
            **{name: serializers.IntegerField(source=f"counts.{name}") for name in COUNT_IDS},
            **{name: serializers.IntegerField(source=f"flows.{name}", allow_null=True) for name in FLOW_IDS},
        }
        fields = super().get_fields()
        names = ["period", "start", "unit", "category", *counts]
        return {name: (fields | counts)[name] for name in (*names, *(n for n in fields if n not in names))}

    @extend_schema_field(serializers.DictField(child=RateSerializer()))
    def get_rates(self, row: Figures) -> dict[str, Any]:
        return {
            name: {
                "numerator": rate.numerator,
                "denominator": rate.denominator,
                "value": None if rate.value is None else str(rate.value),
            }
            for name, rate in row.rates.items()
        }

    @extend_schema_field(serializers.URLField())
    def get_rows(self, row: Figures) -> str:
        cell = {"period": row.period, "unit": row.unit.code}
        if row.period != TOTAL:
            cell["start"] = row.start.isoformat()
        if row.category is not None:
            cell["category"] = row.category.code
        if row.status == KNOWN:
            cell["as_of"] = row.as_of.isoformat()  # the rows as they were when the figures were
        if row.revisions:
            cell["revisions"] = ",".join(map(str, row.revisions))
        link = reverse("api-rollup-rows", request=self.context.get("request"))
        return f"{link}?{urlencode({**cell, 'measure': 'received'})}"


class CellQuery(serializers.Serializer):
    """Which cells: what the address asks for, read and checked."""

    period = serializers.ChoiceField(
        choices=[*sorted(PERIOD_LABELS), TOTAL],
        default="month",
        error_messages={"invalid_choice": "周期应为 month、quarter、year 或 total（截至今日累计）。"},
    )
    start = serializers.DateField(required=False, error_messages={"invalid": "日期应写成 2024-09-01。"})
    unit = serializers.CharField(required=False, allow_blank=True)
    category = serializers.CharField(required=False, allow_blank=True)

    state = serializers.ChoiceField(
        choices=["live", "frozen"],
        default="live",
        error_messages={"invalid_choice": "state 应为 live（实时）或 frozen（冻结月份取现行版次）。"},
    )

    as_of = serializers.CharField(required=False, allow_blank=True)

    def validate_as_of(self, text: str) -> datetime | None:
        """A moment, or a day (then its end), not in the future; figures as they were known then."""
        if not text:
            return None
        try:
            return read_moment(text)
        except BadMoment as error:
            raise serializers.ValidationError(str(error)) from None

    def validate_unit(self, code: str) -> Unit | None:
        """A place by its official code, or a handling unit by its short one. One that does not exist is not found, like one out of scope."""
        if not code:
            return None
        unit = Unit.objects.filter(code=code).exclude(kind=Unit.Kind.CITY).first()
        if unit is None:
            raise NotFound("没有这个单位的统计数据，或不在您的查看范围内。")
        return unit

    def validate_category(self, code: str) -> Category | None:
        category = Category.objects.filter(code=code).first()
        if code and category is None:
            raise serializers.ValidationError(f"没有代码为“{code}”的类别。")
        return category

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start: date | None = attrs.get("start")
        if attrs.get("as_of") and attrs["state"] == "frozen":
            raise serializers.ValidationError({"as_of": "as_of 和 state=frozen 不能同时使用。"})
        unit: Unit | None = attrs.get("unit")
        of_the_past = attrs.get("as_of") or attrs["state"] == "frozen" or attrs.get("revisions")
        if unit is not None and unit.kind not in PLACES and of_the_past:
            raise serializers.ValidationError(
                {"unit": "承办单位的数字只有实时的，不能与 as_of、state=frozen 或 revisions 同时使用。"}
            )
        if attrs["period"] == TOTAL:
            if attrs["state"] == "frozen":
                raise serializers.ValidationError({"state": "累计数只有实时的，不能与 state=frozen 同时使用。"})
            if start is not None:
                raise serializers.ValidationError({"start": "累计从第一件诉求算起，没有起始日期。"})
        elif start is not None and start != period_start(attrs["period"], start):
            label = PERIOD_LABELS[attrs["period"]]
            raise serializers.ValidationError({"start": f"起始日期应为该{label}的第一天。"})
        return attrs


class RowsQuery(CellQuery):
    """One cell and one of its figures. `revisions`: of its months, in order, 0 for a live one, as the link of frozen figures has them."""

    measure = serializers.ChoiceField(
        choices=sorted(MEASURES), default="received", error_messages={"invalid_choice": "没有这个指标。"}
    )
    revisions = serializers.RegexField(
        r"^\d{1,4}(,\d{1,4}){0,11}$",
        required=False,
        error_messages={"invalid": "revisions 应为各月的版次，用逗号隔开，没有冻结的月份写 0。"},
    )
    counted_in = serializers.DateField(
        required=False,
        help_text="与 revisions 同用：从哪个月列起（月份的第一天）。",
        error_messages={"invalid": "counted_in 应写成 2024-09-01。"},
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        if attrs["period"] != TOTAL and not attrs.get("start"):
            raise serializers.ValidationError({"start": "请给出周期的起始日期。"})
        if "revisions" not in attrs:
            return attrs
        if attrs["period"] == TOTAL:
            raise serializers.ValidationError({"revisions": "累计数没有冻结的版次。"})
        if attrs.get("as_of"):
            raise serializers.ValidationError({"as_of": "as_of 和 revisions 不能同时使用。"})
        numbers = [int(number) for number in attrs["revisions"].split(",")]
        months = months_of(attrs["period"], attrs["start"])
        if len(numbers) > len(months):
            raise serializers.ValidationError({"revisions": "版次比这个周期的月份多。"})
        return attrs | {"revisions": dict(zip(months, numbers, strict=False))}


class CountedIssueSerializer(IssueSerializer):
    """An issue behind a figure. Of a period with frozen months, the month that counted it, and why it stands in others as well."""

    counted_in = serializers.SerializerMethodField()
    counted_note = serializers.SerializerMethodField()

    class Meta(IssueSerializer.Meta):
        fields = [*IssueSerializer.Meta.fields, "counted_in", "counted_note"]

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_counted_in(self, issue: Issue) -> str | None:
        month = self.context.get("counted_in")
        return month.isoformat() if month else None

    def get_counted_note(self, issue: Issue) -> str:
        return str(self.context.get("counted_note", {}).get(issue.pk, ""))


class EditionSerializer(serializers.Serializer):
    """A version of a definition that is no longer in force."""

    version = serializers.IntegerField()
    effective_on = serializers.DateField()
    formula = serializers.CharField()


class DefinitionSerializer(serializers.Serializer):
    """What a figure means. `numerator` and `denominator` are ids of other definitions, empty where it is no share."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    formula = serializers.CharField()
    numerator = serializers.CharField(default="")
    denominator = serializers.CharField(default="")
    version = serializers.IntegerField()
    effective_on = serializers.DateField()
    earlier = EditionSerializer(many=True)
