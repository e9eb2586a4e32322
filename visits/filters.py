"""Filters of the list of visits; the API takes the same."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from unionportal.core.accounts.models import User
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.common.search import query_tokens
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.models import Unit
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
