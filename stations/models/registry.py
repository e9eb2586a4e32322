"""The register of outdoor-worker stations (户外劳动者驿站)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from stations.coordinates import CoordinateSystem
from stations.querysets import StationQuerySet
from unionportal.core.common.search import bigrams
from unionportal.core.orgs.models import Unit

NAME_LENGTH, ADDRESS_LENGTH, TEXT_LENGTH, CONTACT_LENGTH, PHONE_LENGTH = 40, 120, 300, 30, 30
#: West, south, east and north of the country in degrees: a point outside it is a slip of the hand.
COUNTRY = (73, 3, 136, 54)


class StationKind(models.Model):
    """What sort of station it is (户外劳动者站点, 司机驿站, 妈咪暖心小屋 and so on)."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=20, unique=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "驿站类型"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A thing a station may have. Ten are standard ("10 + X"); a district adds its own."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=20, unique=True)
    is_standard = models.BooleanField("标准设施", default=False)
    position = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("使用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "设施"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class StationCounter(models.Model):
    """The last number given out (YZ-00001); one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last = models.PositiveIntegerField(default=0)


class Station(models.Model):
    """A place where outdoor workers warm up, cool down, drink and rest.

    `longitude` and `latitude` are WGS-84, whatever was given; what was given stands beside with its system, as it was typed.
    """

    class Building(models.TextChoices):
        OWN = "own", "自建"
        GOVERNMENT = "government", "政府共建"
        SOCIAL = "social", "社会共建"

    class Partnership(models.TextChoices):
        CO_BUILT = "co_built", "共建驿站"
        SHARED = "shared", "共享驿站"
        ALLIED = "allied", "联盟驿站"

    class Level(models.TextChoices):
        BASIC = "basic", "基本型"
        BENCHMARK = "benchmark", "标杆型"
        SMART = "smart", "智能化型"

    class State(models.TextChoices):
        PLANNED = "planned", "计划中"
        OPEN = "open", "开放"
        SUSPENDED = "suspended", "暂停开放"
        WITHDRAWN = "withdrawn", "已撤销"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=12, unique=True)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    township = models.ForeignKey(Unit, models.PROTECT, related_name="stations", verbose_name="镇街")
    kind = models.ForeignKey(StationKind, models.PROTECT, related_name="stations", verbose_name="类型")
    building_kind = models.CharField("建设方式", max_length=12, choices=Building, default=Building.OWN)
    partnership = models.CharField("合作形式", max_length=12, choices=Partnership, blank=True)
    address = models.CharField("地址", max_length=ADDRESS_LENGTH)
    directions = models.CharField("怎么找到", max_length=TEXT_LENGTH, blank=True)
    longitude = models.DecimalField("经度（WGS-84）", max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField("纬度（WGS-84）", max_digits=9, decimal_places=6, null=True)
    coordinate_system = models.CharField("坐标系", max_length=6, choices=CoordinateSystem, blank=True)
    given_longitude = models.DecimalField("填报的经度", max_digits=11, decimal_places=8, null=True)
    given_latitude = models.DecimalField("填报的纬度", max_digits=11, decimal_places=8, null=True)
    area = models.DecimalField("面积（平方米）", max_digits=7, decimal_places=1, null=True, blank=True)
    services = models.CharField("服务内容", max_length=TEXT_LENGTH, blank=True)
    contact_name = models.CharField("对外联系人", max_length=CONTACT_LENGTH, blank=True)
    public_phone = models.CharField("对外电话", max_length=PHONE_LENGTH, blank=True)  # printed on plates and maps
    open_all_day = models.BooleanField("24小时开放", default=False)
    level = models.CharField("等级", max_length=10, choices=Level, default=Level.BASIC)
    stars = models.PositiveSmallIntegerField("星级", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    opened_on = models.DateField("启用日期", null=True, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    facilities = models.ManyToManyField(Facility, through="StationFacility", related_name="stations")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    created_at = models.DateTimeField("登记时间")
    payload_hash = models.CharField(max_length=64, editable=False)  # of the first payload: same id, other content
    version = models.PositiveIntegerField("版本", default=1)
    search_tokens = ArrayField(models.CharField(max_length=80), editable=False, default=list)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "驿站"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^YZ-\d{5,}$"), name="station_code_shape"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="station_named_and_addressed"),
            models.UniqueConstraint(
                fields=["township", "name"], condition=~Q(state="withdrawn"), name="station_name_once_a_township"
            ),
            models.CheckConstraint(
                condition=Q(
                    longitude__isnull=True,
                    latitude__isnull=True,
                    given_longitude__isnull=True,
                    given_latitude__isnull=True,
                    coordinate_system="",
                )
                | Q(
                    longitude__range=(COUNTRY[0], COUNTRY[2]),
                    latitude__range=(COUNTRY[1], COUNTRY[3]),
                    given_longitude__isnull=False,
                    given_latitude__isnull=False,
                    coordinate_system__in=["wgs84", "gcj02", "bd09"],
                ),
                name="station_point_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", opened_on__isnull=True, withdrawn_on__isnull=True)
                | Q(
                    state__in=["open", "suspended"],
                    opened_on__isnull=False,
                    withdrawn_on__isnull=True,
                    longitude__isnull=False,
                )
                | Q(state="withdrawn", withdrawn_on__isnull=False),
                name="station_state_with_its_days",
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True)
                | Q(withdrawn_on__isnull=True)
                | Q(withdrawn_on__gte=F("opened_on")),
                name="station_withdrawn_after_opened",
            ),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gt=0), name="station_area_positive"),
            models.CheckConstraint(condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="station_stars"),
            models.CheckConstraint(condition=Q(level__in=["basic", "benchmark", "smart"]), name="station_level"),
            models.CheckConstraint(
                condition=Q(building_kind__in=["own", "government", "social"])
                & Q(partnership__in=["", "co_built", "shared", "allied"]),
                name="station_building",
            ),
        ]
        indexes = [
            models.Index(fields=["township", "code"], name="station_of_township"),
            models.Index(fields=["state", "code"], name="station_by_state"),
            models.Index(fields=["latitude", "longitude"], name="station_point"),
            GinIndex(fields=["search_tokens"], name="station_search"),
        ]

    @property
    def may_change(self) -> bool:
        """Whether facts may change: a withdrawn station is history."""
        return self.state != self.State.WITHDRAWN

    @property
    def has_point(self) -> bool:
        return self.longitude is not None

    def fill_search(self) -> None:
        """Derive the search column (bulk loaders call it themselves)."""
        self.search_tokens = bigrams(f"{self.code} {self.name} {self.address}")

    def save(self, *args, **kwargs) -> None:
        self.fill_search()
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name
