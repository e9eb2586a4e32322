"""Groups of the monthly meeting (月交流): a leader in charge, and cadres and townships that belong to it from a day to a day."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from unionportal.core.orgs.models import Unit
from visits.meeting_querysets import GroupMemberQuerySet, MeetingGroupQuerySet

GROUP_NAME_LENGTH = 30


class MeetingGroup(models.Model):
    """Who meets once a month, under the leader in charge."""

    name = models.CharField("名称", max_length=GROUP_NAME_LENGTH, unique=True)
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="分管领导")
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = MeetingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月交流分组"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="meeting_group_named")]

    def __str__(self) -> str:
        return self.name


#: The inclusive day range of a membership, open where no end is known.
MEMBER_PERIOD = Func("start_on", "end_on", Value("[]"), function="daterange", output_field=DateRangeField())


class GroupMember(models.Model):
    """A cadre or a township in a group. Nobody is in two groups on one day."""

    group = models.ForeignKey(MeetingGroup, models.PROTECT, related_name="members", verbose_name="分组")
    cadre = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="驻联干部"
    )
    township = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name="镇街")
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分组成员"
        ordering = ["township__code", "cadre__pinyin_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cadre__isnull=False, township__isnull=True) | Q(cadre__isnull=True, township__isnull=False),
                name="group_member_cadre_or_township",
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="group_member_ends_after_start"
            ),
            ExclusionConstraint(
                name="group_member_cadre_once",
                expressions=[("cadre", RangeOperators.EQUAL), (MEMBER_PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(cadre__isnull=False),
            ),
            ExclusionConstraint(
                name="group_member_township_once",
                expressions=[("township", RangeOperators.EQUAL), (MEMBER_PERIOD, RangeOperators.OVERLAPS)],
                condition=Q(township__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.cadre or self.township)
