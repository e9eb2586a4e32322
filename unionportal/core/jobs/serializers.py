from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from unionportal.core.jobs.models import Job


class ExportRequestSerializer(serializers.Serializer):
    """`params` are the filters of the list, as in its address."""

    id = serializers.UUIDField(required=False)
    kind = serializers.CharField()
    format = serializers.CharField(default="csv")
    params = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


class ImportRequestSerializer(serializers.Serializer):
    """Multipart. `dry_run` checks and writes nothing; it is the default."""

    id = serializers.UUIDField(required=False)
    kind = serializers.CharField()
    file = serializers.FileField()
    dry_run = serializers.BooleanField(default=True)


class JobSerializer(serializers.ModelSerializer):
    progress = serializers.IntegerField(read_only=True)
    rows = serializers.IntegerField(source="total", read_only=True)


class ExportSerializer(JobSerializer):
    download = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "format",
            "params",
            "state",
            "progress",
            "done",
            "rows",
            "asked_at",
            "finished_at",
            "error",
            "download",
        ]

    def get_download(self, job: Job) -> str | None:
        """Where the file is fetched; null until it is there."""
        return address(self, "api-export-download", job)


class ImportSerializer(JobSerializer):
    report = serializers.SerializerMethodField()
    problems: Any = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "dry_run",
            "state",
            "progress",
            "done",
            "rows",
            "counts",
            "problem_count",
            "problems",
            "asked_at",
            "finished_at",
            "error",
            "report",
        ]

    def get_report(self, job: Job) -> str | None:
        """Where the marked-up copy is fetched; null where nothing was wrong."""
        return address(self, "api-import-report", job)


def address(serializer: serializers.BaseSerializer, name: str, job: Job) -> str | None:
    return reverse(name, kwargs={"pk": job.pk}, request=serializer.context["request"]) if job.result else None
