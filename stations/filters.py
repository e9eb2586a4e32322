"""Filters of the list of stations, in the URL."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from stations.models import Facility, Keepership, MapListing, OpeningHours, Station, StationKind, StationPhoto
from unionportal.core.common import clock
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.orgs.filters import township_filter

STANDING = "standing"
STATES = [(STANDING, "在册（开放、暂停）"), *Station.State.choices]
MISSING = (
    ("photo", "没有照片"),
    ("hours", "没有开放时间"),
    ("listing", "没有在地图上线"),
    ("keeper", "没有站点管理员"),
    ("point", "没有坐标"),
)
STARS = [(str(number), f"{number} 星") for number in range(5, 0, -1)] + [("none", "未评星")]


class StationFilter(ListFilter):
    """Everything a register is asked for; `missing` finds what is still to be done."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、名称、地址", "type": "search"}),
    )
    township = township_filter()
    kind = DirectoryFilter(
        label="类型",
        queryset=StationKind.objects.all(),
        to_field_name="code",
        label_field="name",
        empty_label="全部",
    )
    state = django_filters.ChoiceFilter(label="状态", choices=STATES, empty_label="全部", method="in_state")
    level = django_filters.ChoiceFilter(label="等级", choices=Station.Level.choices, empty_label="全部")
    stars = django_filters.ChoiceFilter(label="星级", choices=STARS, empty_label="全部", method="with_stars")
    all_day = django_filters.ChoiceFilter(
        label="24小时", choices=[("1", "24小时开放"), ("0", "分时段开放")], empty_label="全部", method="open_all_day_is"
    )
    facility = DirectoryFilter(
        label="设施",
        queryset=Facility.objects.all(),
        to_field_name="code",
        label_field="name",
        empty_label="全部",
        method="with_facility",
    )
    missing = django_filters.ChoiceFilter(label="待补充", choices=MISSING, empty_label="不限", method="still_missing")

    class Meta:
        model = Station
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.standing() if value == STANDING else queryset.filter(state=value)

    def with_stars(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(stars__isnull=True) if value == "none" else queryset.filter(stars=int(value))

    def open_all_day_is(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(open_all_day=value == "1")

    def with_facility(self, queryset: QuerySet, name: str, value: Facility) -> QuerySet:
        return queryset.filter(equipment__facility=value)

    def still_missing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Of those that still serve or will: a withdrawn station lacks nothing."""
        return queryset.exclude(state="withdrawn").filter(lacking(value))


def lacking(what: str) -> Q:
    """The condition behind one of MISSING."""
    if what == "point":
        return Q(longitude__isnull=True)
    own = {"station": OuterRef("pk")}
    if what == "hours":
        return Q(~Exists(OpeningHours.objects.filter(**own)), open_all_day=False)
    if what == "listing":
        return ~Q(Exists(MapListing.objects.filter(state="listed", **own)))
    if what == "keeper":
        return ~Q(Exists(Keepership.objects.in_force(clock.today()).filter(**own)))
    return ~Q(Exists(StationPhoto.objects.filter(**own)))
