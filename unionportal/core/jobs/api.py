"""`/api/v1/exports/` and `/api/v1/imports/`: ask, look how far it is, fetch the file."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from unionportal.core.common.api.base import ScopedReadOnlyViewSet
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.responses import result_response
from unionportal.core.jobs.serializers import (
    ExportRequestSerializer,
    ExportSerializer,
    ImportRequestSerializer,
    ImportSerializer,
)
from unionportal.core.jobs.services import export_ask, import_ask, import_confirm, job_cancel, result_fetch


class JobViewSet(ScopedReadOnlyViewSet):
    """The asker's own jobs of one way, newest first."""

    way: Job.Way
    ordering = ("-asked_at", "-id")

    def accepted(self, job: Job) -> Response:
        """202 with the job as it is now."""
        return Response(self.get_serializer(job).data, status=status.HTTP_202_ACCEPTED)

    def file(self) -> FileResponse:
        return result_response(result_fetch(job_id=self.get_object().pk, way=self.way, actor=self.scope))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: Any = None) -> Response:
        """Stop a job that waits or runs; nothing of it stays."""
        job = job_cancel(job_id=self.get_object().pk, way=self.way, actor=self.scope)
        return Response(self.get_serializer(job).data)


class ExportViewSet(JobViewSet):
    policy_action = "export.run"
    way = Job.Way.EXPORT
    queryset = Job.objects.filter(way=Job.Way.EXPORT)
    serializer_class = ExportSerializer

    @extend_schema(request=ExportRequestSerializer, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a list as a file; a repeat of the same `id` and content is the first job."""
        typed = ExportRequestSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        wanted = typed.validated_data
        return self.accepted(
            export_ask(
                kind=wanted["kind"],
                file_format=wanted["format"],
                params=wanted["params"],
                id=wanted.get("id"),
                actor=self.scope,
            )
        )

    @extend_schema(responses={200: OpenApiTypes.BINARY})
    @action(detail=True)
    def download(self, request: Request, pk: Any = None) -> FileResponse:
        """The file; each time written down, and refused where the asker's rights do not cover it any more."""
        return self.file()


class ImportViewSet(JobViewSet):
    policy_action = "import.run"
    way = Job.Way.IMPORT
    queryset = Job.objects.filter(way=Job.Way.IMPORT)
    serializer_class = ImportSerializer
    parser_classes = (MultiPartParser,)

    @extend_schema(request=ImportRequestSerializer, responses={202: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Send a workbook to be checked, or with `dry_run=false` to be brought in whole or not at all."""
        typed = ImportRequestSerializer(data=request.data)
        typed.is_valid(raise_exception=True)
        wanted = typed.validated_data
        return self.accepted(
            import_ask(
                kind=wanted["kind"],
                upload=wanted["file"],
                dry_run=wanted["dry_run"],
                id=wanted.get("id"),
                actor=self.scope,
            )
        )

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: Any = None) -> Response:
        """Bring in what a check found right: a job of its own."""
        return self.accepted(import_confirm(job_id=self.get_object().pk, actor=self.scope))

    @extend_schema(responses={200: OpenApiTypes.BINARY})
    @action(detail=True)
    def report(self, request: Request, pk: Any = None) -> FileResponse:
        """The marked-up copy of the sheet."""
        return self.file()
