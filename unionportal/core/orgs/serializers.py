from rest_framework import serializers

from unionportal.core.orgs.models import Enterprise, Unit


class UnitSerializer(serializers.ModelSerializer):
    # DRF's own attribute of that name is a field's serializer; as a declared field it is moved away before that matters.
    parent = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Unit
        fields = ["code", "kind", "name", "short_name", "parent", "is_active"]


class EnterpriseSerializer(serializers.ModelSerializer):
    township = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Enterprise
        fields = [
            "credit_code",
            "name",
            "township",
            "is_key",
            "industry",
            "address",
            "employees",
            "union_state",
            "union_members",
            "union_term_ends_on",
            "is_active",
            "version",
        ]
