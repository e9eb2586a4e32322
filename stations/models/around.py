"""What hangs at a station: facilities, hours, closures, keepers, partners, photos, where maps list it."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from stations.models.registry import Facility, Station
from stations.querysets import KeepershipQuerySet
from unionportal.core.files.models import Attachment

REASON_LENGTH, NOTE_LENGTH, PARTNER_LENGTH = 200, 40, 60
#: The inclusive day range of a row, open where no end is known.
PERIOD = Func("start_on", "end_on", Value("[]"), function="daterange", output_field=DateRangeField())


class StationFacility(models.Model):
    """A facility a station has; `note` says how many or where."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="equipment", verbose_name="驿站")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", verbose_name="设施")
    note = models.CharField("说明", max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "驿站设施"
        ordering = ["facility__position", "id"]
        constraints = [models.UniqueConstraint(fields=["station", "facility"], name="station_facility_once")]


class OpeningHours(models.Model):
    """When a station is open on some weekdays (1 = Monday). `closes` before `opens`: it closes on the next day.

    A season is a month and a day as one number (601 = 1 June), both ends included; one that ends before it begins goes over New Year.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="hours", verbose_name="驿站")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="星期")
    opens = models.TimeField("开门")
    closes = models.TimeField("关门")
    season_from = models.PositiveSmallIntegerField("季节起", null=True, blank=True)
    season_until = models.PositiveSmallIntegerField("季节止", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "开放时间"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(opens=F("closes")), name="hours_not_empty"),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]) & ~Q(weekdays=[]), name="hours_weekdays"
            ),
            models.CheckConstraint(
                condition=Q(season_from__isnull=True, season_until__isnull=True)
                | Q(season_from__range=(101, 1231), season_until__range=(101, 1231)),
                name="hours_season_whole",
            ),
        ]


class StationClosure(models.Model):
    """Days on which a station stays shut (装修, 春节), both included; without an end: until further notice."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="closures", verbose_name="驿站")
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True, blank=True)
    reason = models.CharField("原因", max_length=REASON_LENGTH)

    class Meta:
        verbose_name = verbose_name_plural = "临时关闭"
        ordering = ["-start_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="closure_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="closure_has_a_reason"),
            ExclusionConstraint(
                name="closure_no_overlap",
                expressions=[("station", RangeOperators.EQUAL), (PERIOD, RangeOperators.OVERLAPS)],
            ),
        ]


class Keepership(models.Model):
    """Who keeps a station from a day to a day (both included; open end = until further notice)."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="keeperships", verbose_name="驿站")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="keeperships", verbose_name="站点管理员"
    )
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True, blank=True)

    objects = KeepershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "站点管理"
        ordering = ["-start_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="keepership_ends_after_start"
            ),
            ExclusionConstraint(
                name="keepership_no_overlap",
                expressions=[
                    ("station", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["user", "start_on"], name="keepership_of")]


class Partner(models.Model):
    """A body that builds or shares a station with the union."""

    class Kind(models.TextChoices):
        BANK = "bank", "银行"
        CIVIL_AFFAIRS = "civil_affairs", "民政"
        HOUSING = "housing", "住建"
        TRANSPORT = "transport", "交通"
        ENTERPRISE = "enterprise", "企业"
        COMMUNITY = "community", "村社"
        OTHER = "other", "其他"

    station = models.ForeignKey(Station, models.CASCADE, related_name="partners", verbose_name="驿站")
    kind = models.CharField("单位类型", max_length=16, choices=Kind)
    name = models.CharField("共建单位", max_length=PARTNER_LENGTH)
    contributes = models.CharField("共建内容", max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "共建单位"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["station", "name"], name="partner_once"),
            models.CheckConstraint(condition=~Q(name=""), name="partner_named"),
        ]

    def __str__(self) -> str:
        return self.name


class StationPhoto(models.Model):
    """A photo of the station; the cover is what maps and the list show."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="photos", verbose_name="驿站")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")
    is_cover = models.BooleanField("封面", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "驿站照片"
        ordering = ["-is_cover", "id"]
        constraints = [
            models.UniqueConstraint(fields=["station"], condition=Q(is_cover=True), name="station_one_cover")
        ]


class MapListing(models.Model):
    """Whether a public map shows the station, and since when."""

    class Platform(models.TextChoices):
        AMAP = "amap", "高德地图"
        TENCENT = "tencent", "腾讯地图"
        BAIDU = "baidu", "百度地图"
        TIANDITU = "tianditu", "天地图"

    class State(models.TextChoices):
        APPLIED = "applied", "已申报"
        LISTED = "listed", "已上线"
        REMOVED = "removed", "已下线"

    station = models.ForeignKey(Station, models.CASCADE, related_name="listings", verbose_name="驿站")
    platform = models.CharField("平台", max_length=10, choices=Platform)
    state = models.CharField("情况", max_length=10, choices=State)
    since = models.DateField("自")

    class Meta:
        verbose_name = verbose_name_plural = "地图上线情况"
        ordering = ["platform"]
        constraints = [
            models.UniqueConstraint(fields=["station", "platform"], name="listing_once_a_platform"),
            models.CheckConstraint(
                condition=Q(platform__in=["amap", "tencent", "baidu", "tianditu"])
                & Q(state__in=["applied", "listed", "removed"]),
                name="listing_known",
            ),
        ]
