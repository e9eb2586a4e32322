"""The unit tree (市 › 区 › 镇街 › 承办单位) and the enterprises that are visited."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from unionportal.core.common.search import bigrams, pinyin_initials, pinyin_key
from unionportal.core.orgs.querysets import EnterpriseQuerySet, UnitQuerySet


class Unit(models.Model):
    """A union organisation, department, workroom or outside body that can hold an issue or have people."""

    class Kind(models.TextChoices):
        CITY = "city", "市总工会"
        DISTRICT = "district", "区总工会"
        TOWNSHIP = "township", "镇街工会"
        DEPARTMENT = "department", "部室"
        WORKROOM = "workroom", "八字桥工作室"
        AGENCY = "agency", "协同单位"

    code = models.CharField("代码", max_length=20, unique=True)
    kind = models.CharField("类型", max_length=12, choices=Kind)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    replaces = models.ForeignKey(  # of a township that was split off, the one it was part of
        "self", models.PROTECT, null=True, blank=True, related_name="split_off", verbose_name="析出自"
    )
    since = models.DateField("设立日期", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    pinyin_key = models.CharField("拼音", max_length=200, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="township") | Q(code__regex=r"^\d{9}$"), name="unit_township_code_9_digits"
            ),
            models.CheckConstraint(
                condition=Q(kind="city", parent__isnull=True) | (~Q(kind="city") & Q(parent__isnull=False)),
                name="unit_only_city_has_no_parent",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(kind="township", since__isnull=False),
                name="unit_split_off_is_a_township",
            ),
        ]

    def save(self, *args, **kwargs) -> None:
        self.pinyin_key = pinyin_key(self.name)
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.short_name or self.name


class Enterprise(models.Model):
    """An enterprise in the district, by its unified social credit code (GB 32100)."""

    class UnionState(models.TextChoices):
        NONE = "none", "未建会"
        PREPARING = "preparing", "筹建中"
        OWN = "own", "单独建会"
        JOINT = "joint", "联合建会"

    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("企业名称", max_length=80)
    township = models.ForeignKey(Unit, models.PROTECT, related_name="enterprises", verbose_name="所属镇街")
    is_key = models.BooleanField("重点企业", default=False)
    industry = models.CharField("行业门类", max_length=1, blank=True)  # GB/T 4754 section A–T
    address = models.CharField("地址", max_length=120, blank=True)
    contact_name = models.CharField("联系人", max_length=30, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    employees = models.PositiveIntegerField("职工人数", null=True, blank=True)
    union_state = models.CharField("建会情况", max_length=10, choices=UnionState, default=UnionState.NONE)
    union_members = models.PositiveIntegerField("会员人数", null=True, blank=True)
    union_term_ends_on = models.DateField("本届届满日期", null=True, blank=True)
    yearly_dues = models.DecimalField("年缴工会经费（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField("在营", default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged", verbose_name="并入"
    )
    version = models.PositiveIntegerField("版本", default=1)
    pinyin_key = models.CharField("拼音", max_length=200, editable=False)
    pinyin_joined = models.CharField("全拼", max_length=200, editable=False)
    pinyin_initials = models.CharField("拼音首字母", max_length=100, editable=False)
    search_tokens = ArrayField(models.CharField(max_length=80), editable=False, default=list)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业"
        ordering = ["pinyin_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$"), name="enterprise_credit_code_shape"
            ),
            models.CheckConstraint(
                condition=Q(industry="") | Q(industry__regex=r"^[A-T]$"), name="enterprise_industry"
            ),
            models.CheckConstraint(
                condition=Q(yearly_dues__isnull=True) | Q(yearly_dues__gte=0), name="enterprise_dues_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(is_active=False) & ~Q(merged_into=F("id"))),
                name="enterprise_merged_is_over",
            ),
        ]
        indexes = [
            models.Index(fields=["township", "pinyin_key", "id"]),
            models.Index(fields=["pinyin_key", "id"]),
            GinIndex(fields=["search_tokens"], name="enterprise_search"),
            GinIndex(fields=["pinyin_joined"], name="enterprise_joined_trgm", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["pinyin_initials"], name="enterprise_initials_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def fill_search(self) -> None:
        """Derive the pinyin and search columns from the name (bulk loaders call it themselves)."""
        self.pinyin_key = pinyin_key(self.name)
        self.pinyin_joined = self.pinyin_key.replace(" ", "")
        self.pinyin_initials = pinyin_initials(self.name)
        self.search_tokens = bigrams(self.name)

    def save(self, *args, **kwargs) -> None:
        self.fill_search()
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name
