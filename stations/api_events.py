"""`/api/v1/station-events/`: list, detail, planning, and every move."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from stations.event_filters import EventFilter
from stations.models import StationEvent
from stations.serializers_events import (
    EventCancelSerializer,
    EventRecordSerializer,
    NewStationEventSerializer,
    StationEventSerializer,
)
from stations.services.events import (
    station_event_cancel,
    station_event_correct,
    station_event_create,
    station_event_hold,
)
from unionportal.core.common.api.base import ScopedReadOnlyViewSet


class StationEventViewSet(ScopedReadOnlyViewSet):
    """Events at stations within the reader's scope, newest first."""

    queryset = StationEvent.objects.select_related("station__township").prefetch_related("partners")
    serializer_class = StationEventSerializer
    filterset_class = EventFilter
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    ordering = ("-planned_on", "-id")
    policy_action = "station_event.view"

    def get_permissions(self) -> Sequence[Any]:
        """Reading and keeping are two actions of the policy."""
        self.policy_action = f"station_event.{'view' if self.action in ('list', 'retrieve') else 'manage'}"
        return super().get_permissions()

    def filter_queryset(self, queryset: QuerySet[StationEvent]) -> QuerySet[StationEvent]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(
        request=NewStationEventSerializer, responses={200: StationEventSerializer, 201: StationEventSerializer}
    )
    def create(self, request: Request) -> Response:
        """Plan an event: 201, or 200 with the first row for a repeat of the same id and content; 409 for other content."""
        typed = NewStationEventSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        wanted = typed.wanted()
        repeated = StationEvent.objects.filter(uuid=wanted["uuid"]).exists()
        event = station_event_create(actor=self.scope, **wanted)
        return self._shown(event, status.HTTP_200_OK if repeated else status.HTTP_201_CREATED)

    @extend_schema(request=EventRecordSerializer, responses=StationEventSerializer)
    @action(detail=True, methods=["post"], url_path="actions/hold")
    def hold(self, request: Request, code: str) -> Response:
        """Record that it took place."""
        return self._recorded(request, code, station_event_hold)

    @extend_schema(request=EventRecordSerializer, responses=StationEventSerializer)
    @action(detail=True, methods=["post"], url_path="actions/correct")
    def correct(self, request: Request, code: str) -> Response:
        """Put the record right."""
        return self._recorded(request, code, station_event_correct)

    @extend_schema(request=EventCancelSerializer, responses=StationEventSerializer)
    @action(detail=True, methods=["post"], url_path="actions/cancel")
    def cancel(self, request: Request, code: str) -> Response:
        """Cancel it, with a reason."""
        typed = EventCancelSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        return self._shown(station_event_cancel(code=code, actor=self.scope, **typed.validated_data))

    def _recorded(self, request: Request, code: str, service: Any) -> Response:
        typed = EventRecordSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        return self._shown(service(code=code, actor=self.scope, **typed.wanted()))

    def _shown(self, event: StationEvent, code: int = status.HTTP_200_OK) -> Response:
        return Response(StationEventSerializer(self.get_queryset().get(pk=event.pk)).data, status=code)
