"""Filters of the list of events at stations, in the URL; the API takes the same."""

from datetime import date

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from stations.event_flow import EVENT_KIND_LABELS, EVENT_STATE_LABELS, SIX_GIFTS
from stations.models import StationEvent
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.models import Unit

#: All of 六送 at once, beside the single kinds.
SIX = "six"


class EventFilter(ListFilter):
    """A period takes events by the day they were held on, and by their planned day those that were not."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、名称、驿站", "type": "search"}),
    )
    kind = django_filters.ChoiceFilter(
        label="类型", choices=[(SIX, "六送"), *EVENT_KIND_LABELS.items()], method="of_kind", empty_label="全部"
    )
    township = DirectoryFilter(
        label="镇街",
        field_name="station__township",
        queryset=Unit.objects.townships(),
        to_field_name="code",
        label_field="short_name",
        empty_label="全部",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=list(EVENT_STATE_LABELS.items()), empty_label="全部")
    since = django_filters.DateFilter(label="日期起", method="from_day", widget=DayInput)
    until = django_filters.DateFilter(label="日期止", method="to_day", widget=DayInput)
    station = django_filters.CharFilter(field_name="station__code", widget=forms.HiddenInput)

    class Meta:
        model = StationEvent
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word) | Q(code__icontains=word) | Q(station__name__icontains=word)
            )
        return queryset

    def of_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        kinds = [str(kind) for kind in SIX_GIFTS] if value == SIX else [value]
        return queryset.filter(kind__in=kinds)

    def from_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return _dated(queryset).filter(day__gte=value)

    def to_day(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return _dated(queryset).filter(day__lte=value)


def _dated(queryset: QuerySet) -> QuerySet:
    return queryset.annotate(day=Coalesce(F("held_on"), F("planned_on")))
