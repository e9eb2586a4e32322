"""Checks of stations in the API: what a phone without signal sends later."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from stations.care_serializers import (
    CheckPhotoInputSerializer,
    CheckPhotoSerializer,
    StationCheckInputSerializer,
    StationCheckSerializer,
)
from stations.models import CheckAnswer, StationCheck
from stations.services.check_photos import check_photo_add
from stations.services.checks import check_file
from unionportal.core.common.api.base import ScopedReadOnlyViewSet


class StationCheckViewSet(ScopedReadOnlyViewSet):
    """Checks of stations within the reader's scope; keepers and drawn inspectors file their own."""

    queryset = StationCheck.objects.select_related("station").prefetch_related(
        Prefetch("answers", CheckAnswer.objects.select_related("item"))
    )
    serializer_class = StationCheckSerializer
    ordering = ("-checked_on", "-id")
    policy_action = "care.view"

    def get_permissions(self) -> Sequence[Any]:
        """Reading and filing are two actions of the policy."""
        self.policy_action = "check.file" if self.action in ("create", "photos") else "care.view"
        return super().get_permissions()

    @extend_schema(
        request=StationCheckInputSerializer, responses={200: StationCheckSerializer, 201: StationCheckSerializer}
    )
    def create(self, request: Request) -> Response:
        """File a check under a client-made id: 201 the first time, 200 for a repeat of the same content, 409 for other content."""
        typed = StationCheckInputSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        check, created = check_file(check=typed.check_input(), actor=self.scope)
        shown = self.get_serializer(self.get_queryset().get(pk=check.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    @extend_schema(request=CheckPhotoInputSerializer, responses={200: CheckPhotoSerializer, 201: CheckPhotoSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser], filter_backends=[])
    def photos(self, request: Request, pk: str) -> Response:
        """Hang one photo on an own check under a client-made id: 201 the first time, 200 for a repeat, 409 for other content."""
        typed = CheckPhotoInputSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        photo, created = check_photo_add(check_id=self.get_object().pk, photo=typed.photo_input(), actor=self.scope)
        shown = CheckPhotoSerializer(photo).data
        return Response(shown, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)
