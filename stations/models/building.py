"""Building stations: the yearly plan, and the projects from proposal to acceptance with their money and photos."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from stations.building_workflow import CHANGING, STATE_LABELS, ProjectState
from stations.care_querysets import BuildPlanQuerySet, BuildProjectQuerySet
from stations.models.registry import Station
from unionportal.core.files.models import Attachment
from unionportal.core.orgs.models import Unit

NAME_LENGTH, ADDRESS_LENGTH, NOTE_LENGTH, SOURCE_LENGTH = 40, 120, 300, 60
_STATES = [(str(state), label) for state, label in STATE_LABELS.items()]


class BuildPlan(models.Model):
    """What a district or a township means to build in a year."""

    year = models.PositiveSmallIntegerField("年度")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    new = models.PositiveSmallIntegerField("新建", default=0)
    renovated = models.PositiveSmallIntegerField("改造", default=0)
    benchmark = models.PositiveSmallIntegerField("标杆型", default=0)
    open_all_day = models.PositiveSmallIntegerField("24 小时开放", default=0)
    note = models.CharField("依据", max_length=NOTE_LENGTH, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = BuildPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "建设计划"
        ordering = ["-year", "unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["year", "unit"], name="build_plan_once"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="build_plan_year"),
        ]

    @property
    def numbers(self) -> dict[str, int]:
        """The plan's numbers by the keys of `targets.LABELS`."""
        return {name: getattr(self, name) for name in ("new", "renovated", "benchmark", "open_all_day")}


class BuildProject(models.Model):
    """A station to be built or renovated in a year. A renovation names its station from the start; a new one gets its station once it is registered."""

    class Kind(models.TextChoices):
        NEW = "new", "新建"
        RENOVATION = "renovation", "改造"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField("计划年度")
    township = models.ForeignKey(Unit, models.PROTECT, related_name="build_projects", verbose_name="镇街")
    kind = models.CharField("类型", max_length=12, choices=Kind)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="驿站"
    )
    name = models.CharField("项目名称", max_length=NAME_LENGTH)
    address = models.CharField("地址", max_length=ADDRESS_LENGTH, blank=True)
    level = models.CharField("目标等级", max_length=10, choices=Station.Level, default=Station.Level.BASIC)
    open_all_day = models.BooleanField("24 小时开放", default=False)
    budget = models.DecimalField("预算（元）", max_digits=12, decimal_places=2)
    planned_on = models.DateField("计划完成日期")
    state = models.CharField("状态", max_length=10, choices=_STATES, default=ProjectState.PROPOSED.value)
    accepted_on = models.DateField("验收日期", null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申报人")
    created_at = models.DateTimeField("申报时间")
    payload_hash = models.CharField(max_length=64, editable=False)  # of the first payload: same id, other content
    version = models.PositiveIntegerField("版本", default=1)

    objects = BuildProjectQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "建设项目"
        ordering = ["-year", "planned_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="project_named"),
            models.CheckConstraint(condition=Q(budget__gte=0), name="project_budget_not_negative"),
            models.CheckConstraint(condition=Q(year__range=(2000, 2100)), name="project_year"),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_on__isnull=False)
                | (~Q(state="accepted") & Q(accepted_on__isnull=True)),
                name="project_accepted_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind="renovation") | Q(station__isnull=False), name="project_renovates_a_station"
            ),
            models.UniqueConstraint(
                fields=["year", "station"],
                condition=Q(station__isnull=False) & ~Q(state="cancelled"),
                name="project_once_a_year",
            ),
        ]
        indexes = [models.Index(fields=["year", "township"], name="project_of_year")]

    @property
    def may_change(self) -> bool:
        """Whether facts, money and photos may change."""
        return self.state in CHANGING

    def __str__(self) -> str:
        return self.name


class ProjectStep(models.Model):
    """One step of a project. Words stand here and not in the audit trail, so that they can be redacted."""

    project = models.ForeignKey(BuildProject, models.PROTECT, related_name="steps", verbose_name="建设项目")
    action = models.CharField("操作", max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="操作人")
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "建设过程"
        ordering = ["id"]


class ProjectMoney(models.Model):
    """Money granted to a project by a source, or spent on it. A wrong entry is taken back by a row of its own with a negative sum."""

    class Kind(models.TextChoices):
        GRANTED = "granted", "到位"
        SPENT = "spent", "支出"

    class Source(models.TextChoices):
        DISTRICT = "district", "区总工会"
        TOWNSHIP = "township", "镇街"
        SUPERIOR = "superior", "上级工会补助"
        GOVERNMENT = "government", "财政"
        SOCIAL = "social", "共建单位"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(BuildProject, models.PROTECT, related_name="money", verbose_name="建设项目")
    kind = models.CharField("类型", max_length=8, choices=Kind)
    source = models.CharField("资金来源", max_length=10, choices=Source)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    on = models.DateField("日期")
    paper = models.CharField("凭证或文件", max_length=SOURCE_LENGTH, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "建设资金"
        ordering = ["on", "id"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="project_money_some")]


class ProjectPhoto(models.Model):
    """A photo of the place before, while and after it was built."""

    class Stage(models.TextChoices):
        BEFORE = "before", "建设前"
        DURING = "during", "建设中"
        AFTER = "after", "建成后"

    project = models.ForeignKey(BuildProject, models.PROTECT, related_name="photos", verbose_name="建设项目")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name="照片")
    stage = models.CharField("阶段", max_length=8, choices=Stage)

    class Meta:
        verbose_name = verbose_name_plural = "建设照片"
        ordering = ["id"]
