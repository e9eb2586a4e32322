from unionportal.core.common.api.base import ScopedReadOnlyViewSet
from unionportal.core.orgs.filters import EnterpriseFilter
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.serializers import EnterpriseSerializer, UnitSerializer


class UnitViewSet(ScopedReadOnlyViewSet):
    """The unit tree, by code."""

    policy_action = "directory.view"
    queryset = Unit.objects.select_related("parent")
    serializer_class = UnitSerializer
    lookup_field = "code"
    ordering = ("code",)
    filterset_fields = ("kind", "is_active")


class EnterpriseViewSet(ScopedReadOnlyViewSet):
    """Enterprises within the reader's scope, by credit code; `?q=` takes Chinese, pinyin or initials."""

    policy_action = "enterprise.view"
    queryset = Enterprise.objects.select_related("township").defer("search_tokens")
    serializer_class = EnterpriseSerializer
    lookup_field = "credit_code"
    ordering = ("pinyin_key", "id")
    filterset_class = EnterpriseFilter
