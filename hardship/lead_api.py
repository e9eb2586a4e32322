"""`/api/v1/hardship/leads/`: list, detail, and a lead that somebody brings."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hardship import codes
from hardship.lead_filters import LeadFilter
from hardship.lead_personal import LeadSight, lead_name, lead_numbers, lead_seen_by, lead_sight
from hardship.lead_selectors import lead_detail, lead_list, lead_whole
from hardship.models import Lead, LeadLook
from hardship.models.files import NAME_LENGTH, UNIT_LENGTH
from hardship.services.leads import TEXT_LENGTH, LeadInput, lead_raise
from unionportal.core.common import clock
from unionportal.core.common.api.base import ScopedReadOnlyViewSet
from unionportal.core.common.policy import require
from unionportal.core.common.views import get_or_404
from unionportal.core.orgs.models import Unit


class LeadSerializer(serializers.ModelSerializer):
    """A lead as lists show it: the name in clear for the own area and for who is to verify it, masked for others; numbers always masked."""

    township = serializers.SlugRelatedField(slug_field="code", read_only=True)
    name = serializers.SerializerMethodField()

    class Meta:
        model = Lead
        fields = [
            "code", "origin", "state", "cause", "township", "name", "unit_name", "match", "score", "raised_on", "due_on",
            "found", "dismissal", "version",
        ]  # fmt: skip

    def get_name(self, lead: Lead) -> str:
        return lead_name(lead, self.context["sight"])


class LeadDetailSerializer(LeadSerializer):
    """A lead with why it is there and what was found."""

    issue = serializers.SlugRelatedField(slug_field="code", read_only=True)
    file = serializers.SlugRelatedField(slug_field="code", read_only=True)
    id_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    finding = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()

    class Meta(LeadSerializer.Meta):
        fields = [*LeadSerializer.Meta.fields, "issue", "file", "id_number", "phone", "words", "finding", "reasons"]

    def get_id_number(self, lead: Lead) -> str:
        return lead_numbers(lead, self.context["sight"])["id"]

    def get_phone(self, lead: Lead) -> str:
        return lead_numbers(lead, self.context["sight"])["phone"]

    def get_words(self, lead: Lead) -> str:
        return str(self._whole(lead)["words"])

    def get_finding(self, lead: Lead) -> str:
        return str(self._whole(lead)["finding"])

    def get_reasons(self, lead: Lead) -> list[dict[str, Any]]:
        return [
            {"words": words, "weight": reason.weight, "weak": reason.weak}
            for reason, words in self._whole(lead)["reasons"]
        ]

    def _whole(self, lead: Lead) -> dict[str, Any]:
        return lead_whole(lead, self.context["sight"], clock.today())


class NewLeadSerializer(serializers.Serializer):
    """An application; with `issue` what an issue told, whose township then counts."""

    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField(max_length=NAME_LENGTH)
    cause = serializers.ChoiceField(choices=codes.CAUSES)
    words = serializers.CharField(max_length=TEXT_LENGTH)
    id_number = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    unit_name = serializers.CharField(max_length=UNIT_LENGTH, required=False, default="", allow_blank=True)
    township = serializers.SlugRelatedField(
        slug_field="code", queryset=Unit.objects.townships(), required=False, default=None, allow_null=True
    )
    issue = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class LeadViewSet(ScopedReadOnlyViewSet):
    """Leads within the reader's scope, newest first."""

    policy_action = "lead.view"
    queryset = Lead.objects.all()
    serializer_class = LeadSerializer
    filterset_class = LeadFilter
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    ordering = ("-raised_on", "-id")

    def get_queryset(self) -> QuerySet[Lead]:
        return lead_list(self.scope)

    def filter_queryset(self, queryset: QuerySet[Lead]) -> QuerySet[Lead]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def paginate_queryset(self, queryset: QuerySet[Lead]) -> Any:
        page = super().paginate_queryset(queryset)
        lead_seen_by(self.scope, page or [])
        return page

    @extend_schema(responses=LeadDetailSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(self._detail(code))

    @extend_schema(request=NewLeadSerializer, responses={201: LeadDetailSerializer, 200: LeadDetailSerializer})
    def create(self, request: Request) -> Response:
        """Bring a lead: 201, or 200 with the first row for a repeat of the same id by the same person."""
        require(self.scope, "lead.raise")
        wanted = NewLeadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = dict(wanted.validated_data)
        uuid, township, issue = given.pop("uuid"), given.pop("township"), given.pop("issue")
        repeated = Lead.objects.filter(uuid=uuid).exists()
        lead = lead_raise(uuid=uuid, given=LeadInput(**given), township=township, issue_code=issue, actor=self.scope)
        return Response(self._detail(lead.code), status=200 if repeated else 201)

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        # The schema generator has no request, hence no scope.
        drawn = getattr(self.request, "_request", None) is None
        return {**context, "sight": LeadSight(0, frozenset()) if drawn else lead_sight(self.scope)}

    def _detail(self, code: str) -> dict[str, Any]:
        lead = get_or_404(lead_detail(self.scope), code=code)
        lead_seen_by(self.scope, [lead], way=LeadLook.Way.PAGE)
        return dict(LeadDetailSerializer(lead, context=self.get_serializer_context()).data)
