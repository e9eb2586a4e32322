"""`/api/v1/hardship/files/`: list and detail of hardship files."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hardship.filters import FileFilter
from hardship.models import FileLook, HardshipFile
from hardship.personal import Sight, seen_by, sight_of
from hardship.selectors import file_detail, file_list
from hardship.serializers import FileDetailSerializer, FileSerializer
from unionportal.core.common.api.base import ScopedReadOnlyViewSet
from unionportal.core.common.views import get_or_404


class HardshipFileViewSet(ScopedReadOnlyViewSet):
    """Files within the reader's scope, newest first. Reading one with names in clear is written down, as on its page."""

    policy_action = "hardship.view"
    queryset = HardshipFile.objects.all()
    serializer_class = FileSerializer
    filterset_class = FileFilter
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    ordering = ("-opened_on", "-id")

    def get_queryset(self) -> QuerySet[HardshipFile]:
        return file_list(self.scope)

    def filter_queryset(self, queryset: QuerySet[HardshipFile]) -> QuerySet[HardshipFile]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def paginate_queryset(self, queryset: QuerySet[HardshipFile]) -> Any:
        page = super().paginate_queryset(queryset)
        seen_by(self.scope, page or [])
        return page

    @extend_schema(responses=FileDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        file = get_or_404(file_detail(self.scope), code=code)
        context = self.get_serializer_context()
        seen_by(self.scope, [file], way=FileLook.Way.PAGE)
        return Response(FileDetailSerializer(file, context=context).data)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        # The schema generator has no request, hence no scope.
        drawn = getattr(self.request, "_request", None) is None
        return {**context, "sight": Sight(frozenset()) if drawn else sight_of(self.scope)}
