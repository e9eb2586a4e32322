"""`/api/v1/hardship/grants/`: grants within the reader's scope. No names and no account numbers."""

from typing import Any

import django_filters
from django.db.models import F
from rest_framework import serializers

from hardship.models import Grant
from hardship.money_workflow import AID_KIND_LABELS, GRANT_LABELS, choices
from unionportal.core.common.api.base import ScopedReadOnlyViewSet


class GrantSerializer(serializers.ModelSerializer):
    """A grant by its serial number, with file and batch by theirs."""

    serial = serializers.CharField(read_only=True)
    file = serializers.SlugRelatedField(slug_field="code", read_only=True)
    batch = serializers.SlugRelatedField(slug_field="code", read_only=True)
    kind = serializers.CharField(source="batch.kind", read_only=True)
    fund = serializers.CharField(source="batch.fund.name", read_only=True)

    class Meta:
        model = Grant
        fields: Any = [
            "id",
            "serial",
            "file",
            "batch",
            "kind",
            "fund",
            "amount",
            "state",
            "cap_year",
            "paid_on",
            "failure",
            "repaid",
        ]


class GrantFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(field_name="batch__kind", choices=choices(AID_KIND_LABELS))
    state = django_filters.ChoiceFilter(choices=choices(GRANT_LABELS))
    file = django_filters.CharFilter(field_name="file__code")
    year = django_filters.NumberFilter(field_name="cap_year")


class GrantViewSet(ScopedReadOnlyViewSet):
    """Grants, newest first."""

    policy_action = "grant.view"
    queryset = Grant.objects.select_related("file", "batch__fund").annotate(prepared_at=F("batch__prepared_at"))
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    ordering = ("-prepared_at", "-id")
