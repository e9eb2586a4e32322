"""Filters of the list of leads, in the URL: never a name or a number of a person."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from hardship import codes
from hardship.lead_querysets import PENDING
from hardship.models import Lead
from unionportal.core.common.filtering import ListFilter
from unionportal.core.orgs.filters import township_filter


class LeadFilter(ListFilter):
    """What a list of leads is narrowed by."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、工作单位", "type": "search"}),
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("pending", "没有了结"), *Lead.State.choices], method="in_state", empty_label="全部"
    )
    origin = django_filters.ChoiceFilter(label="来源", choices=Lead.Origin.choices, empty_label="全部")
    cause = django_filters.ChoiceFilter(label="致困原因", choices=codes.CAUSES, empty_label="全部")
    township = township_filter()

    class Meta:
        model = Lead
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        return queryset.filter(Q(code__iexact=text) | Q(unit_name__icontains=text))

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(state__in=PENDING if value == "pending" else [value])
