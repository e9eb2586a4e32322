from rest_framework import serializers


class OwnUnitSerializer(serializers.Serializer):
    role = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()


class OwnPostingSerializer(serializers.Serializer):
    township = serializers.CharField(allow_null=True)
    enterprise = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    start_on = serializers.DateField()
    end_on = serializers.DateField(allow_null=True)


class MeSerializer(serializers.Serializer):
    """Who the caller is: `roles` are role codes, `units` where each is held, `postings` those in force today."""

    username = serializers.CharField()
    display_name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    units = OwnUnitSerializer(many=True)
    postings = OwnPostingSerializer(many=True)
