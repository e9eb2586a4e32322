from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.api.base import ScopedAPI, ScopedReadOnlyViewSet
from visits.filters import VisitFilter
from visits.models import ChecklistItem, ChecklistVersion, Visit
from visits.selectors import LIST_ORDER, issues_of, just_raised, visits
from visits.serializers import (
    ChecklistVersionSerializer,
    PhotoInputSerializer,
    PhotoSerializer,
    VisitInputSerializer,
    VisitSerializer,
)
from visits.services import visit_log, visit_photo_add
from visits.sheet_selectors import sheets_of


class VisitViewSet(ScopedReadOnlyViewSet):
    """Visits within the reader's scope; cadres log their own."""

    queryset = Visit.objects.select_related("cadre", "enterprise", "township", "journal").defer("search_tokens")
    serializer_class = VisitSerializer
    ordering = LIST_ORDER
    filterset_class = VisitFilter

    policy_action = "visit.view"

    def get_permissions(self) -> Sequence[Any]:
        """Reading and logging are two actions of the policy."""
        self.policy_action = "visit.create" if self.action in ("create", "photos") else "visit.view"
        return super().get_permissions()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self._shown(page))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self._shown([self.get_object()])[0])

    @extend_schema(request=VisitInputSerializer, responses={200: VisitSerializer, 201: VisitSerializer})
    def create(self, request: Request) -> Response:
        """Log a visit under a client-made id: 201 the first time, 200 for a repeat of the same content, 409 for other content."""
        typed = VisitInputSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        visit, created = visit_log(visit=typed.visit_input(), actor=self.scope)
        if not created:
            return Response(self._shown([visits(self.scope).get(pk=visit.pk)])[0])
        visit.cadre = cast(User, request.user)  # all else it shows is at hand, but the numbers of its issues
        sheets = sheets_of([visit]) if typed.validated_data["checklist"] is not None else {}
        shown = self._rows([visit], {visit.pk: just_raised(visit)}, sheets)
        return Response(shown[0], status=status.HTTP_201_CREATED)

    @extend_schema(request=PhotoInputSerializer, responses={200: PhotoSerializer, 201: PhotoSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser], filter_backends=[])
    def photos(self, request: Request, pk: str) -> Response:
        """Hang one photo on an own visit under a client-made id: 201 the first time, 200 for a repeat, 409 for other content."""
        typed = PhotoInputSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        photo, created = visit_photo_add(visit_id=self.get_object().pk, photo=typed.photo_input(), actor=self.scope)
        return Response(PhotoSerializer(photo).data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    def _shown(self, rows: Iterable[Visit]) -> Sequence[dict[str, Any]]:
        found = [*rows]
        return self._rows(found, issues_of(found, self.scope), sheets_of(found))

    def _rows(
        self, found: Sequence[Visit], issues: Mapping[Any, Any], sheets: Mapping[Any, Any]
    ) -> Sequence[dict[str, Any]]:
        context = {**self.get_serializer_context(), "issues": issues, "sheets": sheets}
        return [*VisitSerializer(found, many=True, context=context).data]


class ChecklistViewSet(ScopedAPI, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The checklists as they hold today, with their items: what a client needs to fill one in."""

    queryset = ChecklistVersion.objects.all()
    serializer_class = ChecklistVersionSerializer
    ordering = ("checklist_id",)
    policy_action = "visit.view"

    def get_queryset(self) -> QuerySet[ChecklistVersion]:
        items = ChecklistItem.objects.select_related("category")
        rows = ChecklistVersion.objects.visible_to(self.scope).in_force(clock.today())
        return rows.prefetch_related(Prefetch("items", items))
