"""The shape of visits in the API; what input means is judged by the service."""

from typing import Any

from rest_framework import serializers

from visits.models import Visit, VisitPhoto
from visits.services import IssueInput, PhotoFacts, PhotoInput, VisitInput


class RaisedIssueSerializer(serializers.Serializer):
    """An issue as a visit mentions it."""

    id = serializers.UUIDField(source="uuid")
    code = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField(source="category.code")
    state = serializers.CharField()


class JournalSerializer(serializers.Serializer):
    """The week a visit belongs to."""

    year = serializers.IntegerField(source="iso_year")
    week = serializers.IntegerField(source="iso_week")
    state = serializers.CharField()


class VisitSerializer(serializers.ModelSerializer):
    """A visit. `context["issues"]` holds the issues of each visit, read in one go."""

    enterprise: serializers.Field = serializers.SlugRelatedField(slug_field="credit_code", read_only=True)
    township: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    cadre: serializers.Field = serializers.SlugRelatedField(slug_field="username", read_only=True)
    checks = serializers.SerializerMethodField()
    issues = serializers.SerializerMethodField()
    journal = JournalSerializer(read_only=True)

    class Meta:
        model = Visit
        fields = [
            "id",
            "visited_on",
            "kind",
            "mode",
            "target_kind",
            "enterprise",
            "target_name",
            "township",
            "cadre",
            "met",
            "headcount",
            "checks",
            "narrative",
            "issues",
            "journal",
            "created_at",
            "version",
        ]

    def get_checks(self, visit: Visit) -> dict[str, str]:
        return {name: getattr(visit, name) for name in Visit.CHECKS}

    def get_issues(self, visit: Visit) -> list[dict[str, Any]]:
        return [*RaisedIssueSerializer(self.context["issues"][visit.pk], many=True).data]


class IssueInputSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField(allow_blank=True, default="")
    description = serializers.CharField(allow_blank=True, default="")
    category = serializers.CharField(allow_blank=True, default="")


class VisitInputSerializer(serializers.Serializer):
    """A visit to log. Types only: every rule is the service's, so that page and API refuse in the same words."""

    id = serializers.UUIDField()
    visited_on = serializers.DateField()
    kind = serializers.CharField(default=Visit.Kind.ROUTINE.value)
    mode = serializers.CharField(default=Visit.Mode.ON_SITE.value)
    target_kind = serializers.CharField(default=Visit.Target.ENTERPRISE.value)
    enterprise = serializers.CharField(allow_blank=True, allow_null=True, default="")
    target_name = serializers.CharField(allow_blank=True, default="")
    township = serializers.CharField(allow_blank=True, allow_null=True, default="")
    met = serializers.CharField(allow_blank=True, default="")
    headcount = serializers.IntegerField(default=1)
    checks = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)
    narrative = serializers.CharField(allow_blank=True, default="")
    issues = IssueInputSerializer(many=True, default=list)

    def visit_input(self) -> VisitInput:
        """What the service takes; call after `is_valid`."""
        data = dict(self.validated_data)
        issues = tuple(IssueInput(**issue) for issue in data.pop("issues"))
        for name in ("enterprise", "township"):
            data[name] = data[name] or ""
        return VisitInput(**data, issues=issues)


class PhotoSerializer(serializers.ModelSerializer):
    """A photo that hangs on a visit; `id` is the one the client gave it, or none where it came with a form."""

    id = serializers.UUIDField(source="client_id")
    name = serializers.CharField(source="attachment.name")
    size = serializers.IntegerField(source="attachment.size")

    class Meta:
        model = VisitPhoto
        fields = ["id", "name", "size", "taken_at", "latitude", "longitude"]


class PhotoInputSerializer(serializers.Serializer):
    """A photo that follows its visit."""

    id = serializers.UUIDField()
    file = serializers.FileField(
        allow_empty_file=True, error_messages={"required": "请选择照片。", "invalid": "请选择照片。"}
    )
    taken_at = serializers.DateTimeField(required=False)
    latitude = serializers.DecimalField(required=False, max_digits=None, decimal_places=None)
    longitude = serializers.DecimalField(required=False, max_digits=None, decimal_places=None)

    def photo_input(self) -> PhotoInput:
        """What the service takes; call after `is_valid`."""
        data = dict(self.validated_data)
        return PhotoInput(id=data.pop("id"), file=data.pop("file"), facts=PhotoFacts(**data))
