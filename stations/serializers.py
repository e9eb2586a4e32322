from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from stations.models import MapListing, OpeningHours, Station
from stations.opening import is_open
from unionportal.core.common import clock


class OpeningHoursSerializer(serializers.ModelSerializer):
    """`weekdays`: 1 is Monday; `closes` before `opens`: on the next day; a season is month and day, 601 is 1 June."""

    class Meta:
        model = OpeningHours
        fields = ["weekdays", "opens", "closes", "season_from", "season_until"]


class MapListingSerializer(serializers.ModelSerializer):
    class Meta:
        model = MapListing
        fields = ["platform", "state", "since"]


class StationSerializer(serializers.ModelSerializer):
    """A station with its point in WGS-84; `open_now` as of the moment it is read."""

    township = serializers.SlugRelatedField(slug_field="code", read_only=True)
    kind = serializers.SlugRelatedField(slug_field="code", read_only=True)
    facilities = serializers.SerializerMethodField()
    hours = OpeningHoursSerializer(many=True, read_only=True)
    listings = MapListingSerializer(many=True, read_only=True)
    open_now = serializers.SerializerMethodField()

    class Meta:
        model = Station
        fields = [
            "code",
            "name",
            "township",
            "kind",
            "building_kind",
            "partnership",
            "address",
            "directions",
            "longitude",
            "latitude",
            "coordinate_system",
            "given_longitude",
            "given_latitude",
            "area",
            "services",
            "contact_name",
            "public_phone",
            "facilities",
            "open_all_day",
            "hours",
            "open_now",
            "level",
            "stars",
            "state",
            "opened_on",
            "withdrawn_on",
            "listings",
            "version",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_facilities(self, station: Station) -> list[str]:
        return [row.facility.code for row in station.equipment.all()]

    def get_open_now(self, station: Any) -> bool:
        return is_open(station, clock.now())
