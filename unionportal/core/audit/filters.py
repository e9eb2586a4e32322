from datetime import datetime, time

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from unionportal.core.audit.labels import ACTIONS, OBJECTS
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.widgets import DayInput


class AuditFilter(django_filters.FilterSet):
    """Filters of the trail, in the URL."""

    person = django_filters.CharFilter(
        label="操作人", method="by_person", widget=forms.TextInput(attrs={"placeholder": "姓名或用户名"})
    )
    action = django_filters.ChoiceFilter(label="动作", choices=tuple(ACTIONS.items()), empty_label="全部动作")
    object_type = django_filters.ChoiceFilter(label="对象", choices=tuple(OBJECTS.items()), empty_label="全部对象")
    object_id = django_filters.CharFilter(label="对象编号", widget=forms.TextInput(attrs={"placeholder": "如诉求编号"}))
    since = django_filters.DateFilter(label="从", method="from_day", widget=DayInput())
    until = django_filters.DateFilter(label="到", method="to_day", widget=DayInput())

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_person(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """By ids found first, so that the index on (actor, time) serves the list."""
        people = AuditEntry._meta.get_field("actor").related_model
        typed = value.strip()
        found = people.objects.filter(Q(username=typed.lower()) | Q(display_name__contains=typed))
        return queryset.filter(actor_id__in=list(found.values_list("pk", flat=True)[:200]))

    def from_day(self, queryset: QuerySet, name: str, value) -> QuerySet:
        return queryset.filter(at__gte=datetime.combine(value, time.min, SHANGHAI))

    def to_day(self, queryset: QuerySet, name: str, value) -> QuerySet:
        return queryset.filter(at__lte=datetime.combine(value, time.max, SHANGHAI))
