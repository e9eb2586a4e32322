"""Issues (问题诉求), their append-only events, and the outbox that tells reporting what changed."""

import uuid
from datetime import date
from functools import cache, cached_property

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import F, Func, Q

from casework.querysets import IssueQuerySet
from casework.workflow import (
    DAY_KIND_LABELS,
    MODE_LABELS,
    OPEN_STATES,
    OUTCOME_LABELS,
    SATISFACTION_LABELS,
    STATE_LABELS,
    SUPERVISION_LABELS,
    DayKind,
    State,
)
from unionportal.core.common.search import bigrams
from unionportal.core.orgs.models import Enterprise, Unit

#: Longest search token kept; a longer Latin run is searched by its beginning.
TOKEN_LENGTH = 80


def search_tokens(text: str) -> list[str]:
    """What is stored for search: neighbouring characters, words and numbers."""
    return sorted({token[:TOKEN_LENGTH] for token in bigrams(text)})


#: The first of the days numbered by `day_number`.
DAY_ZERO = date(2000, 1, 1)


def day_number() -> Func:
    """The day received as a number. The index of words knows days by it, and by it alone: asked for days up to one, it would collect all of them."""
    return Func(F("received_on"), template=f"(%(expressions)s - DATE '{DAY_ZERO}')", output_field=models.IntegerField())


def _choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    """Choices as plain strings, so that migrations import nothing of the app."""
    return [(str(code), label) for code, label in labels.items()]


class Category(models.Model):
    """What an issue is about, with the handling promise that is copied to an issue when it is assigned."""

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    promise_workdays = models.PositiveSmallIntegerField("办理承诺（天数）")  # counted as `promise_in` says
    promise_in = models.CharField(
        "计日方式",
        max_length=9,
        choices=_choices(DAY_KIND_LABELS),
        default=DayKind.WORKDAYS.value,
        db_default=DayKind.WORKDAYS.value,
    )
    public_hint = models.CharField("扫码填报提示", max_length=60, blank=True)  # without one it is not offered there
    position = models.PositiveSmallIntegerField("排序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "诉求类别"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(promise_workdays__gte=1), name="category_promise_positive"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="category_code_plain"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="category_not_its_own_parent"),
            models.UniqueConstraint(fields=["name"], condition=Q(is_active=True), name="category_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """劳动争议 › 加班费; the name alone on the first level."""
        return f"{self.parent.name} › {self.name}" if self.parent is not None else self.name


class IssueCounter(models.Model):
    """The last number given out in a year (YC-2024-000123)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


#: Columns by which a scope or a filter leaves issues out, carried by the indexes that give the order of a list: what is shown is found
#: and counted there, without the rows.
ASKED_BESIDE = ("enterprise", "registered_by", "state", "outcome", "followed_up_on", "due_on", "joined_unit_ids")
ASKED = ("township", "holder", "category", *ASKED_BESIDE)


class Issue(models.Model):
    """A problem somebody raised. Columns are the present; `IssueEvent` is the history they can be rebuilt from.

    What the indexes of lists begin with has no index of its own: PostgreSQL would read all of a township's issues by it to leave most of them out.
    """

    class Source(models.TextChoices):
        VISIT = "visit", "走访"
        HAND = "hand", "手工登记"
        PHONE = "phone", "来电"
        CODE = "code", "扫码反映"
        IMPORT = "import", "表格导入"

    uuid = models.UUIDField("客户端编号", unique=True, default=uuid.uuid4, editable=False)
    code = models.CharField("编号", max_length=16, unique=True)
    title = models.CharField("标题", max_length=80)
    description = models.TextField("诉求内容", max_length=4000, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, db_index=False, related_name="issues", verbose_name="类别")
    township = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, related_name="township_issues", verbose_name="镇街"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, db_index=False, null=True, blank=True, related_name="issues", verbose_name="企业"
    )
    registered_by = models.ForeignKey(  # null: nobody of the portal, a worker reported it by a public code
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        db_index=False,
        null=True,
        related_name="registered_issues",
        verbose_name="登记人",
    )
    source_kind = models.CharField("来源", max_length=10, choices=Source, default=Source.HAND)
    source_uuid = models.UUIDField("来源编号", null=True, blank=True)
    source_label = models.CharField("来源说明", max_length=60, blank=True)

    state = models.CharField("状态", max_length=12, choices=_choices(STATE_LABELS), default=State.REGISTERED.value)
    outcome = models.CharField("办理结果", max_length=14, choices=_choices(OUTCOME_LABELS), blank=True)
    holder = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, blank=True, related_name="held_issues", verbose_name="承办单位"
    )
    main = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_issues", verbose_name="主诉求"
    )
    merged_from = models.CharField(
        "并案前状态", max_length=12, choices=_choices(STATE_LABELS), blank=True, db_default=""
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办人"
    )
    version = models.PositiveIntegerField("版本", default=1)

    received_on = models.DateField("收集日期")
    promise_workdays = models.PositiveSmallIntegerField("承诺天数", null=True, blank=True)  # copied at assignment
    promise_in = models.CharField(
        "计日方式",
        max_length=9,
        choices=_choices(DAY_KIND_LABELS),
        default=DayKind.WORKDAYS.value,
        db_default=DayKind.WORKDAYS.value,
    )
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    accept_due_on = models.DateField("签收期限", null=True, blank=True)
    accepted_on = models.DateField("签收日期", null=True, blank=True)
    due_from = models.DateField("办理起算日", null=True, blank=True)  # day 0 of the present handling clock
    due_on = models.DateField("办理期限", null=True, blank=True)
    due_is_provisional = models.BooleanField("期限待日历公布后核定", default=False)
    extension_days = models.PositiveSmallIntegerField("申请延期（工作日）", null=True, blank=True)  # asked, not decided
    extended_workdays = models.PositiveSmallIntegerField("已延期（工作日）", default=0, db_default=0)
    paused_on = models.DateField("暂停日期", null=True, blank=True)  # the clock stands still since
    paused_workdays = models.PositiveSmallIntegerField("已暂停（工作日）", default=0, db_default=0)
    reminded_on = models.DateField("催办日期", null=True, blank=True)
    remind_count = models.PositiveSmallIntegerField("催办次数", default=0, db_default=0)
    supervision = models.CharField(
        "督办", max_length=10, choices=_choices(SUPERVISION_LABELS), blank=True, default="", db_default=""
    )
    supervised_on = models.DateField("督办日期", null=True, blank=True)
    answered_on = models.DateField("反馈日期", null=True, blank=True)
    follow_up_due_on = models.DateField("回访期限", null=True, blank=True)
    followed_up_on = models.DateField("回访日期", null=True, blank=True)  # since the last answer
    satisfaction = models.CharField("满意度", max_length=14, choices=_choices(SATISFACTION_LABELS), blank=True)
    follow_up_mode = models.CharField(
        "回访方式", max_length=5, choices=_choices(MODE_LABELS), blank=True, default="", db_default=""
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    workdays_to_close = models.PositiveSmallIntegerField("办结用时（工作日）", null=True, blank=True)
    redo_count = models.PositiveSmallIntegerField("重办次数", default=0)
    bounce_count = models.PositiveSmallIntegerField("退回次数", default=0)
    reopen_count = models.PositiveSmallIntegerField("重启次数", default=0)
    #: Units joined in a consultation or a mediation, now or before: they see the issue. Kept here by the services of both.
    joined_unit_ids = ArrayField(models.BigIntegerField(), editable=False, default=list, db_default=[])
    search_tokens = ArrayField(models.CharField(max_length=TOKEN_LENGTH), editable=False, default=list)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "问题诉求"
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="closed") & ~Q(outcome="") & Q(closed_on__isnull=False))
                | (~Q(state="closed") & Q(outcome="", closed_on__isnull=True)),
                name="issue_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["registered", "closed", "rejected", "merged", "voided"])
                | Q(holder__isnull=False, due_on__isnull=False),
                name="issue_in_hand_has_holder_and_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | Q(holder__isnull=True), name="issue_registered_unheld"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("received_on")),
                name="issue_closed_after_received",
            ),
            models.CheckConstraint(
                condition=Q(extension_days__isnull=True) | Q(state="in_progress"), name="issue_extension_in_progress"
            ),
            models.CheckConstraint(
                condition=Q(paused_on__isnull=True) | Q(state__in=["assigned", "in_progress"]),
                name="issue_paused_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(supervision="", supervised_on__isnull=True)
                | (~Q(supervision="") & Q(supervised_on__isnull=False)),
                name="issue_supervised_since",
            ),
            models.CheckConstraint(
                condition=Q(source_kind__in=["hand", "phone", "import"]) | Q(source_uuid__isnull=False),
                name="issue_source_has_uuid",
            ),
            models.CheckConstraint(
                condition=(Q(state="merged", main__isnull=False) & ~Q(merged_from="") & ~Q(main=F("id")))
                | (~Q(state="merged") & Q(main__isnull=True, merged_from="")),
                name="issue_merged_has_main",
            ),
        ]
        indexes = [
            # With what scopes and filters ask, so that counting does not read the rows themselves.
            models.Index(fields=["-received_on", "-id"], include=ASKED, name="issue_newest"),
            models.Index(
                fields=["-received_on", "-id"],
                include=ASKED,
                condition=Q(state__in=sorted(OPEN_STATES)),
                name="issue_open",
            ),
            models.Index(
                fields=["township", "-received_on", "-id"],
                include=("holder", "category", *ASKED_BESIDE),
                name="issue_of_township",
            ),
            models.Index(
                fields=["township", "-received_on", "-id"],
                include=("holder", "category", *ASKED_BESIDE),
                condition=Q(state__in=sorted(OPEN_STATES)),
                name="issue_open_of_township",
            ),
            models.Index(
                fields=["category", "-received_on", "-id"],
                include=("township", "holder", *ASKED_BESIDE),
                name="issue_of_category",
            ),
            models.Index(fields=["state", "-received_on", "-id"]),
            models.Index(fields=["holder", "state", "-received_on", "-id"]),
            models.Index(
                fields=["holder", "-received_on", "-id"],
                include=("township", "category", *ASKED_BESIDE),
                name="issue_held",
            ),
            models.Index(
                fields=["outcome", "-received_on", "-id"],
                include=("township", "holder", "category", "state", "enterprise", "registered_by", "joined_unit_ids"),
                condition=~Q(outcome=""),
                name="issue_outcome",
            ),
            models.Index(fields=["enterprise", "-received_on", "-id"]),
            models.Index(
                fields=["registered_by", "-received_on", "-id"],
                include=("township", "holder", "category", "enterprise", "state", "outcome", "due_on"),
                name="issue_author",
            ),
            models.Index(fields=["due_on", "id"], condition=Q(state__in=["assigned", "in_progress"]), name="issue_due"),
            models.Index(fields=["accept_due_on", "id"], condition=Q(state="assigned"), name="issue_accept_due"),
            models.Index(fields=["due_on", "id"], condition=Q(due_is_provisional=True), name="issue_provisional"),
            # By how often: the least that concerns the reader is a parameter.
            models.Index(fields=["redo_count"], condition=Q(redo_count__gte=1), name="issue_redone"),
            # What waits for somebody's next step (待我办理): few rows of many, and each reader's are found without reading the others'.
            models.Index(
                fields=["holder", "-received_on", "-id"],
                condition=Q(state__in=["assigned", "in_progress"]),
                name="issue_in_hand",
            ),
            models.Index(
                fields=["-received_on", "-id"],
                include=["township", "enterprise", "registered_by"],
                condition=Q(state="answered", followed_up_on__isnull=True),
                name="issue_to_follow_up",
            ),
            models.Index(
                fields=["-received_on", "-id"],
                condition=Q(state="answered", followed_up_on__isnull=False),
                name="issue_to_close",
            ),
            models.Index(
                fields=["follow_up_due_on", "id"],
                condition=Q(state="answered", followed_up_on__isnull=True),
                name="issue_follow_up_due",
            ),
            models.Index(fields=["source_uuid"], condition=Q(source_uuid__isnull=False), name="issue_source"),
            GinIndex(F("search_tokens"), day_number(), name="issue_search"),
            GinIndex(fields=["joined_unit_ids"], name="issue_joined"),
            models.Index(
                fields=["-received_on", "-id"],
                include=ASKED,
                condition=~Q(joined_unit_ids=[]),
                name="issue_joined_newest",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def fill_search(self) -> None:
        """Derive the search column from number, title, content, enterprise, notes and answers (bulk loaders call it themselves)."""
        parts = [self.code, self.title, self.description, self.enterprise.name if self.enterprise else ""]
        if self.pk is not None:
            parts += self.notes.filter(redacted_at=None).values_list("text", flat=True)
            parts += self.public_answers.filter(redacted_at=None).values_list("text", flat=True)
        self.search_tokens = search_tokens(" ".join(parts))

    def add_to_search(self, text: str) -> None:
        """Let the issue be found by words that were just written about it."""
        self.search_tokens = sorted({*self.search_tokens, *search_tokens(text)})
        Issue.objects.filter(pk=self.pk).update(search_tokens=self.search_tokens)

    @cached_property
    def attached(self) -> frozenset[str]:
        """Names of the reverse relations that have rows for this issue ("photos", "papers", …), in one query at the first look.

        For pages, which then ask only for what is there. Services look again under their lock.
        """
        names, statement = _attached_query()
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.pk] * len(names))
            found = cursor.fetchone()
        return frozenset(name for name, there in zip(names, found, strict=True) if there)

    def __str__(self) -> str:
        return self.code


@cache
def _attached_query() -> tuple[list[str], str]:
    """Every named relation to an issue, and one statement that tells of each whether it has a row."""
    names, parts = [], []
    for relation in Issue._meta.related_objects:
        name, field = relation.get_accessor_name(), relation.field
        if name is None or name.endswith("+"):
            continue
        table, column = (connection.ops.quote_name(str(part)) for part in (field.model._meta.db_table, field.column))
        names.append(name)
        parts.append(f"EXISTS (SELECT 1 FROM {table} WHERE {column} = %s)")
    return names, f"SELECT {', '.join(parts)}"


class IssueNote(models.Model):
    """Free text of a step. Kept apart from the log so that it can be redacted when the law asks."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="notes")
    text = models.TextField("说明", max_length=4000)
    redacted_at = models.DateTimeField("删改时间", null=True, blank=True)


class IssueEvent(models.Model):
    """One step, append-only: what, who, when it happened, when it was recorded. Ids, codes and dates only."""

    issue = models.ForeignKey(Issue, models.PROTECT, db_index=False, related_name="events")  # unique with seq
    seq = models.PositiveIntegerField("序号")  # equals the issue's version after the step
    action = models.CharField("动作", max_length=20)  # words: workflow.ACTION_LABELS
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    outcome = models.CharField(max_length=14, blank=True)
    actor = models.ForeignKey(  # null: the portal itself (a sweep) or the reporter by their link
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )  # holder after the step
    note = models.OneToOneField(IssueNote, models.PROTECT, null=True, related_name="event")
    happened_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    data = models.JSONField("要点", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "办理过程"
        ordering = ["issue", "seq"]
        constraints = [models.UniqueConstraint(fields=["issue", "seq"], name="event_seq_once")]
        indexes = [models.Index(fields=["happened_at"]), models.Index(fields=["recorded_at"])]


class RollupOutbox(models.Model):
    """Issues whose figures must be recomputed, written with the event and taken by reporting with DELETE … RETURNING."""

    id = models.BigAutoField(primary_key=True)
    # Not indexed: a row lives for seconds, and is found by its id.
    issue = models.ForeignKey(Issue, models.CASCADE, db_index=False, related_name="+")
    township = models.ForeignKey(Unit, models.CASCADE, db_index=False, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, db_index=False, related_name="+")
    received_on = models.DateField()
    queued_at = models.DateTimeField(auto_now_add=True)
