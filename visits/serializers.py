"""The shape of visits in the API; what input means is judged by the service."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from visits.models import ChecklistItem, ChecklistVersion, Sheet, Visit, VisitPhoto
from visits.models.checklists import CHOICES
from visits.services import ChecklistInput, IssueInput, PhotoFacts, PhotoInput, VisitInput


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


class AnsweredSerializer(serializers.Serializer):
    """The checklist of a visit: the version it was answered by, the answers by item, and how many were found wrong."""

    code = serializers.CharField(source="checklist_version.checklist.code")
    version = serializers.IntegerField(source="checklist_version_id")
    number = serializers.IntegerField(source="checklist_version.number")
    answers = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    def get_answers(self, sheet: Sheet) -> dict[str, str]:
        return {answer.item.code: answer.value for answer in sheet.answers.all()}

    def get_findings(self, sheet: Sheet) -> int:
        return sum(answer.is_finding for answer in sheet.answers.all())


class ChecklistItemSerializer(serializers.ModelSerializer):
    """An item of a checklist, with the answers that may be chosen."""

    category: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    choices = serializers.SerializerMethodField()

    class Meta:
        model = ChecklistItem
        fields = ["code", "group", "text", "answer", "choices", "unit", "hint", "required", "category"]

    def get_choices(self, item: ChecklistItem) -> list[str]:
        return [value for value, _ in CHOICES.get(item.answer, ())]


class ChecklistVersionSerializer(serializers.ModelSerializer):
    """A checklist as it holds today; `version` is what a visit names."""

    version = serializers.IntegerField(source="pk")
    code = serializers.CharField(source="checklist.code")
    kind = serializers.CharField(source="checklist.kind")
    name = serializers.CharField(source="checklist.name")
    daily = serializers.BooleanField(source="checklist.daily")
    items = ChecklistItemSerializer(many=True)

    class Meta:
        model = ChecklistVersion
        fields = ["version", "code", "kind", "name", "daily", "number", "effective_from", "items"]


class VisitSerializer(serializers.ModelSerializer):
    """A visit. `context["issues"]` and `context["sheets"]` hold the issues and the checklist of each visit, read in one go."""

    enterprise: serializers.Field = serializers.SlugRelatedField(slug_field="credit_code", read_only=True)
    township: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    cadre: serializers.Field = serializers.SlugRelatedField(slug_field="username", read_only=True)
    checks = serializers.SerializerMethodField()
    checklist = serializers.SerializerMethodField()
    issues = serializers.SerializerMethodField()
    journal = JournalSerializer(read_only=True)

    class Meta:
        model = Visit
        fields = [
            "id",
            "visited_on",
            "ends_on",
            "began_at",
            "ended_at",
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
            "checklist",
            "narrative",
            "issues",
            "journal",
            "created_at",
            "version",
        ]

    def get_checks(self, visit: Visit) -> dict[str, str]:
        return {name: getattr(visit, name) for name in Visit.CHECKS}

    @extend_schema_field(AnsweredSerializer(allow_null=True))
    def get_checklist(self, visit: Visit) -> dict[str, Any] | None:
        sheet = self.context["sheets"].get(visit.pk)
        return {**AnsweredSerializer(sheet).data} if sheet else None

    def get_issues(self, visit: Visit) -> list[dict[str, Any]]:
        return [*RaisedIssueSerializer(self.context["issues"][visit.pk], many=True).data]


class IssueInputSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField(allow_blank=True, default="")
    description = serializers.CharField(allow_blank=True, default="")
    category = serializers.CharField(allow_blank=True, default="")


class ChecklistInputSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


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
    ends_on = serializers.DateField(allow_null=True, default=None)
    began_at = serializers.TimeField(allow_null=True, default=None)
    ended_at = serializers.TimeField(allow_null=True, default=None)
    again = serializers.BooleanField(allow_null=True, default=None)
    checklist = ChecklistInputSerializer(allow_null=True, default=None)
    issues = IssueInputSerializer(many=True, default=list)

    def visit_input(self) -> VisitInput:
        """What the service takes; call after `is_valid`."""
        data = dict(self.validated_data)
        issues = tuple(IssueInput(**issue) for issue in data.pop("issues"))
        for name in ("enterprise", "township"):
            data[name] = data[name] or ""
        checklist = data.pop("checklist")
        return VisitInput(**data, checklist=ChecklistInput(**checklist) if checklist else None, issues=issues)


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
