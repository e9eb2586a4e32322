"""`/api/v1/issues/`: list, detail, registration by hand, and every move."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from casework.filters import IssueFilter
from casework.models import Issue
from casework.selectors import issue_as_saved, issue_detail, issue_list
from casework.serializers import (
    IssueDetailSerializer,
    IssueSerializer,
    MoveRequestSerializer,
    NewIssueSerializer,
    read_move,
)
from casework.services import issue_move, issue_register
from unionportal.core.common.api.base import ScopedReadOnlyViewSet
from unionportal.core.common.policy import require


class IssueViewSet(ScopedReadOnlyViewSet):
    """Issues within the reader's scope, newest first."""

    policy_action = "issue.view"
    queryset = Issue.objects.all()
    serializer_class = IssueSerializer
    filterset_class = IssueFilter
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    ordering = ("-received_on", "-id")

    def get_queryset(self) -> QuerySet[Issue]:
        return issue_list(self.scope)

    def filter_queryset(self, queryset: QuerySet[Issue]) -> QuerySet[Issue]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(responses=IssueDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(self._detail(issue_detail(self.scope, code)))

    @extend_schema(request=NewIssueSerializer, responses={201: IssueDetailSerializer, 200: IssueDetailSerializer})
    def create(self, request: Request) -> Response:
        """Register by hand: 201, or 200 with the first row for a repeat of the same id and content."""
        require(self.scope, "issue.create")
        wanted = NewIssueSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        repeated = Issue.objects.filter(uuid=wanted.validated_data["uuid"]).exists()
        issue = issue_register(actor=self.scope, **wanted.validated_data)
        return Response(self._detail(issue_as_saved(issue)), status=200 if repeated else 201)

    @extend_schema(request=MoveRequestSerializer, responses=IssueDetailSerializer)
    @action(detail=True, methods=["post"], url_path="actions/(?P<move>[a-z_]+)", url_name="move")
    def make_move(self, request: Request, code: str, move: str) -> Response:
        """Make a move. Refusals in this order: 404, 403, 409 stale_version, 409 invalid_transition, 400 with fields."""
        given, problems = read_move(request.data, self.scope)
        issue = issue_move(code=code, action=move, actor=self.scope, input_problems=problems, **given)
        return Response(self._detail(issue_as_saved(issue)))

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        # The schema generator has no request, hence no scope.
        if getattr(self.request, "_request", None) is not None:
            context["scope"] = self.scope
        return context

    def _detail(self, issue: Issue) -> dict[str, Any]:
        return IssueDetailSerializer(issue, context=self.get_serializer_context()).data
