"""Hardship files for the API: names in clear for the own area, masked for others; numbers always masked."""

from typing import Any

from rest_framework import serializers

from hardship.models import FileMember, HardshipFile
from hardship.personal import Sight, name_shown, secret_shown


class FileSerializer(serializers.ModelSerializer):
    """A file as lists show it."""

    township = serializers.SlugRelatedField(slug_field="code", read_only=True)
    holder = serializers.SerializerMethodField()

    class Meta:
        model = HardshipFile
        fields = [
            "code",
            "township",
            "holder",
            "scheme",
            "category",
            "state",
            "main_cause",
            "secondary_causes",
            "unit_name",
            "people",
            "income_year",
            "yearly_income",
            "yearly_spending",
            "per_head",
            "is_single_parent",
            "is_zero_employment",
            "opened_on",
            "closed_on",
            "version",
        ]

    def get_holder(self, file: HardshipFile) -> str:
        return name_shown(file.holder, personal=self.sight.reaches(file))

    @property
    def sight(self) -> Sight:
        return self.context["sight"]


class MemberSerializer(serializers.ModelSerializer):
    """Somebody of the household; `id_number` and `phone` are masks."""

    name = serializers.SerializerMethodField()
    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()

    class Meta:
        model = FileMember
        fields = ["relation", "name", "id_number", "phone", "left_on"]

    def get_name(self, member: FileMember) -> str:
        return name_shown(member, personal=self.context["personal"])

    def get_id_number(self, member: FileMember) -> str:
        return secret_shown(member, "id", personal=self.context["personal"])

    def get_phone(self, member: FileMember) -> str:
        return secret_shown(member, "phone", personal=self.context["personal"])


class FileDetailSerializer(FileSerializer):
    """A file with its people."""

    members = serializers.SerializerMethodField()

    class Meta(FileSerializer.Meta):
        fields = [*FileSerializer.Meta.fields, "members"]

    def get_members(self, file: HardshipFile) -> list[dict[str, Any]]:
        context = {"personal": self.sight.reaches(file)}
        return list(MemberSerializer(file.members.all(), many=True, context=context).data)
