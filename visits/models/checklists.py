"""Checklists (检查表) of the kinds of visits and of the stations, their versions, and what was answered on a visit."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from casework.models import Category
from visits.models.visits import Visit
from visits.querysets import ChecklistVersionQuerySet

NAME_LENGTH, GROUP_LENGTH, TEXT_LENGTH, HINT_LENGTH, UNIT_LENGTH = 30, 20, 80, 120, 6
ANSWER_LENGTH = 500


class StationUse(models.TextChoices):
    """What a checklist of a station is filled in for; the answers are kept by the app of the stations."""

    SELF_CHECK = "self_check", "驿站自查"
    SPOT_CHECK = "spot_check", "驿站抽查"
    ACCEPTANCE = "acceptance", "驿站验收"


#: What checklists are for: the kinds of visits, and the uses at stations.
USES = (*Visit.Kind.choices, *StationUse.choices)


class Checklist(models.Model):
    """What is looked at on visits of a kind, or at a station. `daily`: filled in once for every day of a stay instead of once a visit.

    The five standing checks (五看) are no checklist: every visit has them, as columns of its own.
    """

    code = models.CharField("代码", max_length=30, unique=True)
    kind = models.CharField("用途", max_length=12, choices=USES)
    name = models.CharField("名称", max_length=NAME_LENGTH)
    daily = models.BooleanField("一天一份", default=False)
    is_active = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField("版本", default=1)  # of the row and its draft, for two people at once

    class Meta:
        verbose_name = verbose_name_plural = "检查表"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="checklist_code_plain"),
            models.CheckConstraint(condition=~Q(name=""), name="checklist_named"),
            models.CheckConstraint(condition=Q(daily=False) | Q(kind="stay"), name="checklist_daily_on_stays"),
        ]

    def __str__(self) -> str:
        return self.name


class ChecklistVersion(models.Model):
    """A checklist as it stood. A draft until it is published with the day it takes effect; from then on nothing of it changes (trigger)."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="versions", verbose_name="检查表")
    number = models.PositiveSmallIntegerField("版次")
    effective_from = models.DateField("启用日期", null=True)
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.ForeignKey(  # null: came with the portal
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="发布人"
    )

    objects = ChecklistVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "检查表版次"
        ordering = ["checklist", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["checklist"], condition=Q(published_at__isnull=True), name="checklist_one_draft"
            ),
            models.UniqueConstraint(fields=["checklist", "effective_from"], name="checklist_version_a_day"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, effective_from__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, effective_from__isnull=False),
                name="checklist_published_whole",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def __str__(self) -> str:
        return f"{self.checklist}（第 {self.number} 版）"


class ChecklistItem(models.Model):
    """One thing to look at. Its code stays the same from version to version, so that answers can be compared."""

    class Answer(models.TextChoices):
        JUDGEMENT = "judgement", "好／有问题／未看"
        YES_NO = "yes_no", "是／否／不涉及"
        DONE = "done", "已做／未做"
        NUMBER = "number", "数字"
        TEXT = "text", "文字"
        DAY = "day", "日期"

    checklist_version = models.ForeignKey(ChecklistVersion, models.CASCADE, related_name="items", verbose_name="版次")
    code = models.CharField("代码", max_length=30)
    group = models.CharField("分组", max_length=GROUP_LENGTH, blank=True)
    text = models.CharField("检查内容", max_length=TEXT_LENGTH)
    answer = models.CharField("填写方式", max_length=10, choices=Answer)
    unit = models.CharField("单位", max_length=UNIT_LENGTH, blank=True)
    hint = models.CharField("提示", max_length=HINT_LENGTH, blank=True)
    required = models.BooleanField("必填", default=False)
    category = models.ForeignKey(  # what an issue found here is probably about
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="问题类别"
    )
    position = models.PositiveSmallIntegerField("排序")

    class Meta:
        verbose_name = verbose_name_plural = "检查项目"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["checklist_version", "code"], name="checklist_item_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="checklist_item_code_plain"),
            models.CheckConstraint(condition=~Q(text=""), name="checklist_item_says_something"),
            models.CheckConstraint(condition=Q(unit="") | Q(answer="number"), name="checklist_item_unit_of_number"),
        ]

    def __str__(self) -> str:
        return self.text


#: Way of answering -> what may be chosen, in the order of the buttons. The others are typed.
CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    ChecklistItem.Answer.JUDGEMENT: (("good", "好"), ("problem", "有问题"), ("not_seen", "未看")),
    ChecklistItem.Answer.YES_NO: (("yes", "是"), ("no", "否"), ("na", "不涉及")),
    ChecklistItem.Answer.DONE: (("done", "已做"), ("not_done", "未做")),
}
#: Answers that are a finding (不符合). Typed answers never are, so these words may stand in them.
FINDINGS = frozenset({"problem", "no"})
FINDING_ANSWERS = (ChecklistItem.Answer.JUDGEMENT, ChecklistItem.Answer.YES_NO)


class ItemAnswer(models.Model):
    """The answer to one item; what was left open has no row. Numbers and days are written as text (12.5, 2024-09-12)."""

    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+", verbose_name="检查项目")
    value = models.CharField("结果", max_length=ANSWER_LENGTH)

    class Meta:
        abstract = True

    @property
    def is_finding(self) -> bool:
        """Whether the answer says that something is wrong."""
        return self.value in FINDINGS and self.item.answer in FINDING_ANSWERS

    @property
    def words(self) -> str:
        """The answer as a page shows it."""
        if self.item.answer in CHOICES:
            return dict(CHOICES[self.item.answer])[self.value]
        if self.item.answer == ChecklistItem.Answer.DAY:
            day = date.fromisoformat(self.value)
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{self.value} {self.item.unit}".strip()


class Sheet(models.Model):
    """A checklist filled in on a visit: one a visit, and for a stay one a day beside it."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="sheets", verbose_name="走访")
    checklist_version = models.ForeignKey(ChecklistVersion, models.PROTECT, related_name="sheets", verbose_name="版次")
    day = models.DateField("日期", null=True)
    filled_at = models.DateTimeField("填写时间")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "填写的检查表"
        ordering = ["visit", "day"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "day"], nulls_distinct=False, name="sheet_once_a_day"),
        ]

    def __str__(self) -> str:
        return str(self.checklist_version)


class SheetAnswer(ItemAnswer):
    """An answer on a visit's checklist."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="answers", verbose_name="检查表")

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ["item__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="sheet_answer_once"),
            models.CheckConstraint(condition=~Q(value=""), name="sheet_answer_says_something"),
        ]
