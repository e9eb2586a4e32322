"""Filters of the library of practices, in the URL."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from casework.models import Category
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.orgs.filters import township_filter
from visits.models import Practice
from visits.quarters import read_quarter


class PracticeFilter(ListFilter):
    """The state is asked of the district only: the others see what is published, and their own."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "标题、摘要、做法、标签中的任何两个字", "type": "search"}),
    )
    tag = django_filters.CharFilter(label="标签", method="with_tag", widget=forms.TextInput())
    category = DirectoryFilter(
        label="诉求类别", queryset=Category.objects.all(), to_field_name="code", label_field="name", empty_label="全部"
    )
    township = township_filter()
    state = django_filters.ChoiceFilter(label="状态", choices=Practice.State.choices, empty_label="全部")
    quarter = django_filters.CharFilter(method="of_quarter", widget=forms.HiddenInput)

    class Meta:
        model = Practice
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def with_tag(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(tags__contains=[value.strip()])

    def of_quarter(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        try:
            return queryset.filter(quarter=read_quarter(value))
        except ValueError:
            return queryset.none()


class PracticeListFilter(PracticeFilter):
    """The same for the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.request.scope.district:
            del self.form.fields["state"]
