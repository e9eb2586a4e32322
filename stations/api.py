from stations.filters import StationFilter
from stations.models import Station
from stations.serializers import StationSerializer
from unionportal.core.common.api.base import ScopedReadOnlyViewSet


class StationViewSet(ScopedReadOnlyViewSet):
    """Outdoor-worker stations within the reader's scope, by code; the filters are those of the page."""

    policy_action = "station.view"
    queryset = (
        Station.objects.select_related("township", "kind")
        .prefetch_related("hours", "closures", "listings", "equipment__facility")
        .defer("search_tokens")
    )
    serializer_class = StationSerializer
    lookup_field = "code"
    ordering = ("code",)
    filterset_class = StationFilter
