"""The shape of checks of stations in the API; what input means is judged by the service."""

from typing import Any

from rest_framework import serializers

from stations.models import CheckPhoto, StationCheck
from stations.services.check_inputs import CheckInput, CheckPhotoInput


class StationCheckSerializer(serializers.ModelSerializer):
    """A check as it was filed: the version it was judged by, answers and remarks by the items' codes."""

    station: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    checklist = serializers.IntegerField(source="checklist_version_id")
    answers = serializers.SerializerMethodField()
    remarks = serializers.SerializerMethodField()

    class Meta:
        model = StationCheck
        fields = [
            "id",
            "station",
            "use",
            "checklist",
            "checked_on",
            "answers",
            "remarks",
            "note",
            "findings",
            "filed_at",
        ]

    def get_answers(self, check: StationCheck) -> dict[str, str]:
        return {answer.item.code: answer.value for answer in check.answers.all()}

    def get_remarks(self, check: StationCheck) -> dict[str, str]:
        return {answer.item.code: answer.remark for answer in check.answers.all() if answer.remark}


class StationCheckInputSerializer(serializers.Serializer):
    """A check to file. Types only: every rule is the service's."""

    id = serializers.UUIDField()
    station = serializers.CharField(max_length=20)
    use = serializers.CharField(max_length=10)
    checklist = serializers.IntegerField()
    checked_on = serializers.DateField()
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)
    remarks = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)
    note = serializers.CharField(allow_blank=True, default="")

    def check_input(self) -> CheckInput:
        """What the service takes; call after `is_valid`."""
        return CheckInput(**self.validated_data)


class CheckPhotoSerializer(serializers.ModelSerializer):
    """A photo that hangs on a check, under the id the phone gave it."""

    id = serializers.UUIDField(source="client_id")
    name = serializers.CharField(source="attachment.name")
    size = serializers.IntegerField(source="attachment.size")

    class Meta:
        model = CheckPhoto
        fields = ["id", "name", "size"]


class CheckPhotoInputSerializer(serializers.Serializer):
    """A photo that follows its check."""

    id = serializers.UUIDField()
    file = serializers.FileField(
        allow_empty_file=True, error_messages={"required": "请选择照片。", "invalid": "请选择照片。"}
    )

    def photo_input(self) -> CheckPhotoInput:
        """What the service takes; call after `is_valid`."""
        data: dict[str, Any] = self.validated_data
        return CheckPhotoInput(**data)
