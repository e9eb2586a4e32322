"""Filters of the list of visits (the API takes the same) and of coverage."""

from datetime import date, timedelta

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.common.search import query_tokens
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value as parameter
from visits.coverage import unvisited_since
from visits.models import Visit


def with_problem() -> Q:
    """Visits on which at least one of the five checks found a problem."""
    wanted = Q()
    for name in Visit.CHECKS:
        wanted |= Q(**{name: Visit.Check.PROBLEM})
    return wanted


class VisitFilter(ListFilter):
    alike = True

    q = django_filters.CharFilter(
        label="关键字",
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "企业名称、走访情况"}),
    )
    cadre = DirectoryFilter(
        label="驻联干部",
        queryset=User.objects.filter(grants__role="cadre").distinct().order_by("pinyin_key"),
        to_field_name="username",
        label_field="display_name",
        empty_label="全部干部",
    )
    township = DirectoryFilter(
        label="镇街",
        queryset=Unit.objects.townships().order_by("code"),
        to_field_name="code",
        label_field="short_name",
        empty_label="全部镇街",
    )
    kind = django_filters.ChoiceFilter(label="类型", choices=Visit.Kind.choices, empty_label="全部类型")
    mode = django_filters.ChoiceFilter(label="方式", choices=Visit.Mode.choices, empty_label="全部方式")
    since = django_filters.DateFilter(label="从", field_name="visited_on", lookup_expr="gte", widget=DayInput)
    until = django_filters.DateFilter(label="到", field_name="visited_on", lookup_expr="lte", widget=DayInput)
    problem = django_filters.ChoiceFilter(
        label="五看", choices=(("1", "有问题的"),), method="only_problems", empty_label="全部"
    )

    class Meta:
        model = Visit
        fields: list[str] = []

    def __init__(self, *args, scope=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if scope is not None and not scope.district and not scope.township_ids:
            # A cadre sees only own visits: nothing to choose.
            del self.form.fields["cadre"]

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        tokens = query_tokens(value)
        return queryset.filter(search_tokens__contains=tokens) if tokens else queryset

    def only_problems(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(with_problem())


class CoverageFilter(ListFilter):
    """Filters of the key enterprises by what they lack; without one, those that lack something."""

    q = django_filters.CharFilter(
        label="企业",
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "企业名称、拼音首字母"}),
    )
    township = DirectoryFilter(
        label="镇街",
        queryset=Unit.objects.townships().order_by("code"),
        to_field_name="code",
        label_field="short_name",
        empty_label="全部镇街",
    )
    gap = django_filters.ChoiceFilter(
        label="缺口",
        choices=(
            ("unposted", "没有驻联干部"),
            ("unvisited", "久未走访"),
            ("never", "从未走访"),
            ("all", "全部重点企业"),
        ),
        method="as_narrowed",
        empty_label="有缺口的",
    )
    weeks = django_filters.ChoiceFilter(
        label="久未走访指",
        choices=(("4", "超过 4 周"), ("8", "超过 8 周"), ("12", "超过 12 周"), ("26", "超过 26 周")),
        method="as_narrowed",
        empty_label="按参数设置",
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    @property
    def before(self) -> date:
        """The first day that is recent enough: weeks back as chosen, else days as the parameter visits.key_gap_days says."""
        today = clock.today()
        weeks = None if "weeks" in self.form.errors else self.form.cleaned_data["weeks"]
        days = int(weeks) * 7 if weeks else int(parameter("visits.key_gap_days", on=today))
        return today - timedelta(days=days)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def as_narrowed(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The gap and its weeks belong together: see `filter_queryset`."""
        return queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        unposted, unvisited = Q(has_cadre=False), unvisited_since(self.before)
        gaps = {
            "": unposted | unvisited,
            "unposted": unposted,
            "unvisited": unvisited,
            "never": Q(last_visit_on__isnull=True),
            "all": Q(),
        }
        return super().filter_queryset(queryset).filter(gaps[self.form.cleaned_data.get("gap") or ""])
