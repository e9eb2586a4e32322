"""The file of a hardship household (困难职工档案) and the people in it. Process, money and leads hang on it in tables of their own.

What is needed for figures is plain; what names or reaches a person is sealed. Source: docs/domain.md, "Hardship files".
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from hardship import codes
from hardship.models.sealing import Sealing, bound
from hardship.querysets import FileQuerySet, OfFileQuerySet
from hardship.workflow import CLOSED_STATES, DECIDED_STATES, LIVE_STATES, STATE_LABELS, State
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.orgs.models import Unit

UNIT_LENGTH = 80
NAME_LENGTH = 30
LINE_LENGTH = 200


def _any_of(states: frozenset[State]) -> list[str]:
    return sorted(str(state) for state in states)


def _money(words: str) -> models.DecimalField:
    return models.DecimalField(words, max_digits=12, decimal_places=2, default=0)


class FileCounter(models.Model):
    """The last number given out in a year (KN-2024-0001)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class HardshipFile(Sealing):
    """One household's file. A household has at most one that is live, which the database holds by its members' ID numbers."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=16, unique=True)
    township = models.ForeignKey(Unit, models.PROTECT, related_name="hardship_files", verbose_name="镇街")
    scheme = models.CharField("建档标准", max_length=10, choices=codes.SCHEMES, default="current")
    category = models.CharField("困难类别", max_length=10, choices=codes.CATEGORIES, blank=True)  # a person's decision
    state = models.CharField(
        "状态",
        max_length=12,
        choices=[(str(code), label) for code, label in STATE_LABELS.items()],
        default=State.DRAFT.value,
    )
    is_live = models.GeneratedField(
        expression=models.ExpressionWrapper(Q(state__in=_any_of(LIVE_STATES)), output_field=models.BooleanField()),
        output_field=models.BooleanField("未了结"),
        db_persist=True,
    )
    opened_on = models.DateField("建档日期")
    closed_on = models.DateField("结束日期", null=True)
    main_cause = models.CharField("主要致困原因", max_length=2, choices=codes.CAUSES, blank=True)
    secondary_causes = ArrayField(
        models.CharField(max_length=2, choices=codes.CAUSES), verbose_name="次要致困原因", default=list, blank=True
    )

    unit_name = models.CharField("工作单位", max_length=UNIT_LENGTH, blank=True)
    unit_nature = models.CharField("单位性质", max_length=12, choices=codes.UNIT_NATURES, blank=True)
    unit_condition = models.CharField("企业状况", max_length=10, choices=codes.UNIT_CONDITIONS, blank=True)
    industry = models.CharField("行业门类", max_length=1, blank=True)  # GB/T 4754 section A–T
    worked_since = models.DateField("参加工作时间", null=True, blank=True)
    model_worker = models.CharField("劳模类型", max_length=10, choices=codes.MODEL_WORKERS, default="none")
    housing = models.CharField("住房类型", max_length=14, choices=codes.HOUSING, blank=True)
    floor_area = models.DecimalField("建筑面积（平方米）", max_digits=7, decimal_places=2, null=True, blank=True)
    hukou = models.CharField("户口类型", max_length=12, choices=codes.HUKOU, blank=True)
    hukou_area = models.CharField("户口所在区划", max_length=6, blank=True)  # GB/T 2260
    self_help = models.CharField("自救能力", max_length=8, choices=codes.SELF_HELP, blank=True)
    is_single_parent = models.BooleanField("单亲家庭", default=False)
    is_zero_employment = models.BooleanField("零就业家庭", default=False)
    address_sealed = SealedField("住址（加密）", context="address_context", blank=True)
    bank_name = models.CharField("开户行", max_length=60, blank=True)
    card_sealed = SealedField("银行卡号（加密）", context="card_context", blank=True)

    #: The worksheet in sum, kept for lists and figures; `hardship.services.worksheets` keeps them in step with its lines.
    income_year = models.PositiveSmallIntegerField("收支年度", null=True)
    people = models.PositiveSmallIntegerField("家庭人口", default=1)
    own_monthly_income = _money("本人月均收入")
    other_yearly_income = _money("家庭非薪资年收入")
    yearly_income = _money("家庭年总收入")
    yearly_spending = _money("家庭年刚性支出")
    per_head = models.DecimalField("月人均收入（扣减后）", max_digits=12, decimal_places=2, null=True)

    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建档人")
    entered_at = models.DateTimeField("录入时间")
    erased_at = models.DateTimeField("个人信息删除时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)

    address_context = bound("address")
    card_context = bound("card")

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "困难职工档案"
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "is_live"], name="hardship_file_live"),  # what members point at
            models.CheckConstraint(
                condition=Q(state__in=_any_of(CLOSED_STATES), closed_on__isnull=False, closed_on__gte=F("opened_on"))
                | Q(state__in=_any_of(LIVE_STATES), closed_on__isnull=True),
                name="hardship_file_closed_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="rejected") | ~Q(main_cause=""),
                name="hardship_file_has_main_cause",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_any_of(DECIDED_STATES)) | ~Q(category="") | ~Q(scheme="current"),
                name="hardship_file_decided_has_category",
            ),
            models.CheckConstraint(
                condition=Q(secondary_causes__len__lte=codes.SECONDARY_CAUSES_MOST),
                name="hardship_file_secondary_causes_most",
            ),
            models.CheckConstraint(
                condition=~Q(
                    secondary_causes__contains=Func(
                        F("main_cause"),
                        template="ARRAY[%(expressions)s]",
                        output_field=ArrayField(models.CharField(max_length=2)),
                    )
                ),
                name="hardship_file_main_cause_once",
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1)
                & Q(own_monthly_income__gte=0, other_yearly_income__gte=0)
                & Q(yearly_income__gte=0, yearly_spending__gte=0),
                name="hardship_file_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(floor_area__isnull=True) | Q(floor_area__gte=0), name="hardship_file_area_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(industry="") | Q(industry__regex=r"^[A-T]$"), name="hardship_file_industry"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(address_sealed="", card_sealed="", state__in=_any_of(CLOSED_STATES)),
                name="hardship_file_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_on", "-id"]),
            models.Index(fields=["township", "-opened_on", "-id"]),
            models.Index(fields=["state", "township"]),
        ]

    @property
    def holder(self) -> "FileMember":
        """The member whose file it is. Pages prefetch `members`."""
        return next(member for member in self.members.all() if member.is_holder)

    def __str__(self) -> str:
        return self.code


class FileMember(Sealing):
    """Somebody of the household; the holder is relation "0". An ID number is in at most one live file, whoever it is of."""

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(HardshipFile, models.PROTECT, related_name="members", verbose_name="档案")
    in_live_file = models.BooleanField(
        "档案未了结", default=True, editable=False
    )  # the database keeps it as the file's
    relation = models.CharField("与户主关系", max_length=1, choices=codes.RELATIONS)
    name_sealed = SealedField(
        "姓名（加密）", context="name_context", find="name_find", purpose="hardship.name", blank=True
    )
    name_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    id_sealed = SealedField("身份证号（加密）", context="id_context", find="id_find", purpose="hardship.id", blank=True)
    id_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    phone_sealed = SealedField(
        "电话（加密）", context="phone_context", find="phone_find", purpose="hardship.phone", blank=True
    )
    phone_find = models.CharField(max_length=80, blank=True, db_index=True, editable=False)
    born_sealed = SealedField("出生日期（加密）", context="born_context", blank=True)  # ISO
    birth_year = models.PositiveSmallIntegerField("出生年份", null=True)
    sex = models.CharField("性别", max_length=1, choices=codes.SEXES, default="0")
    ethnicity = models.CharField("民族", max_length=2, choices=codes.ETHNICITIES, blank=True)
    political = models.CharField("政治面貌", max_length=2, choices=codes.POLITICAL, blank=True)
    marriage = models.CharField("婚姻状况", max_length=2, choices=codes.MARRIAGES, blank=True)
    health = models.CharField("健康状况", max_length=2, choices=codes.HEALTH, blank=True)
    illness_sealed = SealedField("疾病（加密）", context="illness_context", blank=True)
    insurance = models.CharField("医保状况", max_length=8, choices=codes.INSURANCE, blank=True)
    work = models.CharField("工作状态", max_length=14, choices=codes.WORK, blank=True)
    standing = models.CharField("身份", max_length=10, choices=codes.STANDINGS, blank=True)
    education = models.CharField("学历", max_length=2, choices=codes.EDUCATION, blank=True)
    enrolled_year = models.PositiveSmallIntegerField("入学年份", null=True, blank=True)
    schooling_years = models.PositiveSmallIntegerField("学制（年）", null=True, blank=True)
    workplace_sealed = SealedField("单位或学校（加密）", context="workplace_context", blank=True)
    contract_from = models.DateField("合同起", null=True, blank=True)
    contract_to = models.DateField("合同止", null=True, blank=True)
    monthly_income = _money("月均收入")
    left_on = models.DateField("离户日期", null=True)
    left_reason = models.CharField("离户原因", max_length=10, choices=codes.LEAVING, blank=True)

    name_context = bound("name")
    id_context = bound("id")
    phone_context = bound("phone")
    born_context = bound("born")
    illness_context = bound("illness")
    workplace_context = bound("workplace")

    objects = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭成员"
        ordering = ["file", "relation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["file"], condition=Q(relation="0"), name="hardship_one_holder"),
            models.UniqueConstraint(fields=["id", "file"], name="hardship_member_of_file"),  # what measures point at
            models.UniqueConstraint(
                fields=["id_find"],
                condition=Q(in_live_file=True, left_on__isnull=True) & ~Q(id_find=""),
                name="hardship_one_live_file_an_id",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_reason="") | (Q(left_on__isnull=False) & ~Q(left_reason="")),
                name="hardship_member_left_says_why",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | ~Q(relation="0"), name="hardship_holder_never_leaves"
            ),
            models.CheckConstraint(condition=Q(monthly_income__gte=0), name="hardship_member_income_not_negative"),
            models.CheckConstraint(
                condition=Q(contract_from__isnull=True)
                | Q(contract_to__isnull=True)
                | Q(contract_to__gte=F("contract_from")),
                name="hardship_member_contract_in_order",
            ),
        ]

    @property
    def is_holder(self) -> bool:
        return self.relation == codes.HOLDER

    def __str__(self) -> str:
        return f"{self.get_relation_display()}（{self.file_id}）"
