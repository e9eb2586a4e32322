"""Shapes of events at stations in the API: what goes out, and how what comes in is read. Rules are in the services."""

from typing import Any

from rest_framework import serializers

from stations.counting import ENTERED_WAYS
from stations.event_flow import EVENT_KIND_LABELS
from stations.models import StationEvent
from stations.services.events import EventPlan, EventRecord


class StationEventSerializer(serializers.ModelSerializer):
    """An event with its record; the station and its township by their codes."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    station = serializers.SlugRelatedField(slug_field="code", read_only=True)
    township = serializers.SlugRelatedField(source="station.township", slug_field="code", read_only=True)
    partners = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)

    class Meta:
        model = StationEvent
        fields = [
            "id",
            "code",
            "station",
            "township",
            "kind",
            "title",
            "plan",
            "planned_on",
            "partners",
            "state",
            "held_on",
            "attendance",
            "attendance_way",
            "cost",
            "summary",
            "cancel_reason",
            "version",
        ]


class PartnersField(serializers.ListField):
    """Names of units."""

    child = serializers.CharField(max_length=200)

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, default=list, max_length=100, **options)


class NewStationEventSerializer(serializers.Serializer):
    """A new event under a client-made id."""

    id = serializers.UUIDField()
    station = serializers.CharField(max_length=12)
    kind = serializers.ChoiceField(choices=list(EVENT_KIND_LABELS.items()))
    title = serializers.CharField(max_length=200)
    planned_on = serializers.DateField()
    plan = serializers.CharField(required=False, default="", allow_blank=True)
    partners = PartnersField()

    def wanted(self) -> dict[str, Any]:
        """What the service takes; call after `is_valid`."""
        given = self.validated_data
        names = ("kind", "title", "planned_on", "plan", "partners")
        plan = EventPlan(**{name: given[name] for name in names})
        return {"uuid": given["id"], "station": given["station"], "plan": plan}


class EventRecordSerializer(serializers.Serializer):
    """What took place, with the version it was read at."""

    version = serializers.IntegerField(min_value=1)
    held_on = serializers.DateField()
    attendance = serializers.IntegerField(min_value=0)
    attendance_way = serializers.ChoiceField(choices=[way.value for way in ENTERED_WAYS])
    cost = serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0)
    summary = serializers.CharField(required=False, default="", allow_blank=True)
    partners = PartnersField()

    def wanted(self) -> dict[str, Any]:
        """What the service takes; call after `is_valid`."""
        given = dict(self.validated_data)
        return {"version": given.pop("version"), "record": EventRecord(**given)}


class EventCancelSerializer(serializers.Serializer):
    """A cancellation, with the version it was read at."""

    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField()
