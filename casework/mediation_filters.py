"""Filters of the list of mediations, in the URL."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from casework.mediation_clock import SOON_DAYS
from casework.mediation_workflow import AGREED_STATES, RUNNING_STATES, STATE_LABELS, UNFINISHED_STATES
from casework.models import Mediation, MediationParty
from unionportal.core.common import clock
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.models import Unit

STATES = [("unfinished", "未结束"), ("agreed", "达成协议的"), *STATE_LABELS.items()]
DUE = [("late", "已逾期"), ("soon", f"{SOON_DAYS} 天内到期")]


class MediationFilter(ListFilter):
    """What a person looks for: the employer and the issue are searched, never the names of workers."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、诉求、用人单位", "type": "search"}),
    )
    state = django_filters.ChoiceFilter(label="状态", choices=STATES, method="in_state", empty_label="全部")
    due = django_filters.ChoiceFilter(label="期限", choices=DUE, method="by_due", empty_label="不限")
    organisation = DirectoryFilter(
        label="调解组织",
        queryset=Unit.objects.exclude(kind="city"),
        to_field_name="code",
        label_field="short_name",
        empty_label="全部",
    )
    kind = django_filters.ChoiceFilter(label="争议类型", choices=Mediation.Kind.choices, empty_label="全部")
    applied_from = django_filters.DateFilter(
        label="申请起", field_name="applied_on", lookup_expr="gte", widget=DayInput
    )
    applied_to = django_filters.DateFilter(label="申请止", field_name="applied_on", lookup_expr="lte", widget=DayInput)

    class Meta:
        model = Mediation
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip()
        employers = MediationParty.objects.filter(
            mediation=OuterRef("pk"), role=MediationParty.Role.RESPONDENT, name__icontains=text
        )
        found = Q(number__icontains=text) | Q(issue__code__icontains=text) | Q(issue__title__icontains=text)
        return queryset.filter(found | Exists(employers))

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        groups: dict[str, Any] = {"unfinished": UNFINISHED_STATES, "agreed": AGREED_STATES}
        return queryset.filter(state__in=groups.get(value, [value]))

    def by_due(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = clock.today()
        running = queryset.filter(state__in=RUNNING_STATES)
        if value == "late":
            return running.filter(due_on__lt=today)
        return running.filter(due_on__range=(today, today + timedelta(days=SOON_DAYS)))
