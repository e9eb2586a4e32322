"""Filters of the list of hardship files, in the URL: never a name or a number of a person."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from hardship import codes
from hardship.models import HardshipFile
from hardship.workflow import LIVE_STATES, STATE_LABELS
from unionportal.core.common.filtering import ListFilter
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.filters import township_filter

STATES = [("live", "未了结"), ("process", "办理中"), *((str(code), label) for code, label in STATE_LABELS.items())]


class FileFilter(ListFilter):
    """What a list of files is narrowed by; people are found by `hardship.views.finding`, which asks in the body."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、工作单位", "type": "search"}),
    )
    state = django_filters.ChoiceFilter(label="状态", choices=STATES, method="in_state", empty_label="全部")
    category = django_filters.ChoiceFilter(label="类别", choices=codes.CATEGORIES, empty_label="全部")
    cause = django_filters.ChoiceFilter(label="主因", choices=codes.CAUSES, field_name="main_cause", empty_label="全部")
    township = township_filter()
    scheme = django_filters.ChoiceFilter(label="建档标准", choices=codes.SCHEMES, empty_label="全部")
    opened_from = django_filters.DateFilter(label="建档起", field_name="opened_on", lookup_expr="gte", widget=DayInput)
    opened_to = django_filters.DateFilter(label="建档止", field_name="opened_on", lookup_expr="lte", widget=DayInput)

    class Meta:
        model = HardshipFile
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        return queryset.filter(Q(code__iexact=text) | Q(unit_name__icontains=text))

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        groups = {"live": LIVE_STATES, "process": LIVE_STATES - {"in_force"}}
        return queryset.filter(state__in=groups.get(value, [value]))
