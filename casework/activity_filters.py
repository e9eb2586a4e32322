"""Filters of the list of service activities, in the URL."""

from datetime import date

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.activity_flow import ACTIVITY_KIND_LABELS, ACTIVITY_STATE_LABELS
from casework.models import ActivitySession, ServiceActivity
from unionportal.core.common.filtering import ListFilter
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.filters import township_filter


class ActivityFilter(ListFilter):
    """A period takes activities with a session in it, and by their planned day those that have no session."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、名称", "type": "search"}),
    )
    kind = django_filters.ChoiceFilter(label="类型", choices=list(ACTIVITY_KIND_LABELS.items()), empty_label="全部")
    township = township_filter()
    state = django_filters.ChoiceFilter(label="状态", choices=list(ACTIVITY_STATE_LABELS.items()), empty_label="全部")
    since = django_filters.DateFilter(label="日期起", method="in_period", widget=DayInput)
    until = django_filters.DateFilter(label="日期止", method="in_period", widget=DayInput)

    class Meta:
        model = ServiceActivity
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        for word in value.split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(code__icontains=word))
        return queryset

    def in_period(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        """Both ends at once, at the first that is given: it must be the same session that lies between them."""
        since, until = self.period
        if name == "until" and since is not None:
            return queryset
        sessions = ActivitySession.objects.filter(activity=OuterRef("pk"))
        between, planned = Q(), Q()
        if since is not None:
            between, planned = between & Q(held_on__gte=since), planned & Q(planned_on__gte=since)
        if until is not None:
            between, planned = between & Q(held_on__lte=until), planned & Q(planned_on__lte=until)
        return queryset.filter(Exists(sessions.filter(between)) | (planned & ~Exists(sessions)))

    @property
    def period(self) -> tuple[date | None, date | None]:
        """The days the list is limited to."""
        if not self.form.is_valid():
            return None, None
        return self.form.cleaned_data.get("since"), self.form.cleaned_data.get("until")
