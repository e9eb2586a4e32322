"""The lists that watch over files (提醒), as data: which files stand on each, why, in words. Nothing changes by standing on one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from hardship.models import (
    FileMember,
    FileProcess,
    FileSignal,
    Grant,
    HardshipFile,
    Lead,
    MonthReading,
    SensedBatch,
)
from hardship.money_workflow import AID_KIND_LABELS, GrantState
from hardship.process_querysets import renewal_near
from hardship.workflow import State
from unionportal.core.common.formats import zh_day, zh_month
from unionportal.core.common.months import shifted
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value

#: So many months running above the line, and a household may be lifted out. Source: docs/domain.md, "Hardship files".
LIFT_MONTHS = 6
#: How a list is ordered; the last field is unique, so it pages by key.
ORDER = ("watch_on", "pk")


@dataclass(frozen=True, slots=True)
class Watch:
    """One list. `rows(files, today)` narrows the files of the reader and gives each `watch_on`, by which they are ordered; `says` tells why a
    file stands there."""

    key: str
    label: str
    help: str
    empty: str
    rows: Callable[[QuerySet[HardshipFile], date], QuerySet[HardshipFile]]
    says: Callable[[Any, date], str]


def due_for_review(files: QuerySet[HardshipFile], today: date) -> QuerySet[Any]:
    """In force, and the review is due or near, by the same rule as on the workbench."""
    rows = files.filter(state=State.IN_FORCE, process__in=FileProcess.objects.filter(renewal_near(today)).values("pk"))
    return rows.annotate(
        watch_on=F("process__due_on"), reviewed_on=Coalesce("process__renewed_on", "process__in_force_on")
    )


def latest_signals() -> QuerySet[FileSignal]:
    """What the last sheet of each source and provider said anew."""
    newer = SensedBatch.objects.filter(
        source=OuterRef("batch__source"), provider=OuterRef("batch__provider"), taken_at__gt=OuterRef("batch__taken_at")
    )
    return FileSignal.objects.filter(~Exists(newer))


def changed(files: QuerySet[HardshipFile], today: date) -> QuerySet[HardshipFile]:
    """Live, and the last sheet of a source and provider said something new of somebody in them."""
    latest = latest_signals().filter(file=OuterRef("pk"))
    noticed = latest.order_by("-noticed_on").values("noticed_on")[:1]
    return files.filter(Exists(latest), is_live=True).annotate(watch_on=Subquery(noticed))


def without_aid(files: QuerySet[HardshipFile], today: date) -> QuerySet[Any]:
    """In force, and nothing was paid to anybody of the household for some months, counted from the opening where nothing ever was."""
    since = shifted(today, -int(value("hardship.without_aid_months", on=today)))
    last = Grant.objects.filter(file=OuterRef("pk"), state=GrantState.PAID).order_by("-paid_on").values("paid_on")[:1]
    rows = files.filter(state=State.IN_FORCE).annotate(aided_on=Subquery(last))
    return rows.annotate(watch_on=Coalesce("aided_on", "opened_on")).filter(watch_on__lte=since)


def aided_twice(files: QuerySet[HardshipFile], today: date) -> QuerySet[Any]:
    """Files in which somebody was paid the same kind of aid twice within some days, this year or last."""
    apart = timedelta(days=int(value("hardship.twice_days", on=today)))
    paid = Grant.objects.filter(state=GrantState.PAID, paid_on__gte=shifted(today, -12))
    before = Grant.objects.filter(
        member=OuterRef("member"),
        batch__kind=OuterRef("batch__kind"),
        state=GrantState.PAID,
        paid_on__lte=OuterRef("paid_on"),
        paid_on__gte=OuterRef("paid_on") - Value(apart, output_field=DurationField()),
    ).exclude(pk=OuterRef("pk"))
    twice = paid.filter(Exists(before), file=OuterRef("pk")).order_by("-paid_on", "batch__kind")
    return files.filter(Exists(twice)).annotate(
        watch_on=Subquery(twice.values("paid_on")[:1]), twice_kind=Subquery(twice.values("batch__kind")[:1])
    )


def may_be_lifted(files: QuerySet[HardshipFile], today: date) -> QuerySet[HardshipFile]:
    """In force, and above the line in each of the last six months that are over or have been noted."""
    months = MonthReading.objects.filter(
        file=OuterRef("pk"), is_above=True, month__gt=shifted(today.replace(day=1), -LIFT_MONTHS)
    )
    above = months.values("file").annotate(months=Count("pk")).values("months")
    first = months.order_by("month").values("month")[:1]
    return (
        files.filter(state=State.IN_FORCE)
        .annotate(months_above=Coalesce(Subquery(above), 0), watch_on=Subquery(first))
        .filter(months_above__gte=LIFT_MONTHS)
    )


def may_relapse(files: QuerySet[HardshipFile], today: date) -> QuerySet[HardshipFile]:
    """Lifted out not long ago. `signs`: undecided leads about somebody of the household since then, by the same keyed hash."""
    since = shifted(today, -int(value("hardship.relapse_months", on=today)))
    numbers = FileMember.objects.filter(file=OuterRef(OuterRef("pk"))).exclude(id_find="").values("id_find")
    signs = (
        Lead.objects.pending()
        .filter(id_find__in=numbers, raised_on__gte=OuterRef("closed_on"))
        .order_by()
        .annotate(signs=Func("pk", function="COUNT", output_field=IntegerField()))  # over all of them: no GROUP BY
    )
    counted = signs.values("signs")
    return files.filter(state=State.LIFTED, closed_on__gte=since).annotate(
        watch_on=F("closed_on"), signs=Coalesce(Subquery(counted), 0)
    )


def _says_review(file: Any, today: date) -> str:
    late = "，已到期" if file.watch_on <= today else ""
    return f"上次审批或复核 {zh_day(file.reviewed_on)}，应在 {zh_day(file.watch_on)} 前复核{late}"


def _says_changed(file: Any, today: date) -> str:
    told = {(signal.batch.get_source_display(), signal.get_kind_display()) for signal in file.shown_signals}
    return "、".join(f"{source}数据{kind}" for source, kind in sorted(told)) + f"（{zh_day(file.watch_on)}）"


def _says_without_aid(file: Any, today: date) -> str:
    return f"上次帮扶 {zh_day(file.aided_on)}" if file.aided_on else f"{zh_day(file.opened_on)}建档，还没有发放过帮扶"


def _says_twice(file: Any, today: date) -> str:
    days = int(value("hardship.twice_days", on=today))
    return f"{AID_KIND_LABELS[file.twice_kind]}在 {days} 天内发放了不止一次，最近一次 {zh_day(file.watch_on)}"


def _says_lifted(file: Any, today: date) -> str:
    return f"自 {zh_month(file.watch_on)} 起连续 {LIFT_MONTHS} 个月高于低保标准，可以核实是否脱困"


def _says_relapse(file: Any, today: date) -> str:
    until = shifted(file.closed_on, int(value("hardship.relapse_months", on=today)))
    signs = f"，新线索 {file.signs} 条" if file.signs else ""
    return f"{zh_day(file.closed_on)}脱困，观察到 {zh_day(until)}{signs}"


WATCHES: tuple[Watch, ...] = (
    Watch(
        "review",
        "该复核",
        "在档的档案，离复核期限不远或已超过；登记过家庭变化的提前。",
        "没有该复核的档案。",
        due_for_review,
        _says_review,
    ),
    Watch(
        "changed",
        "数据有变化",
        "最近一次导入的部门数据里，家庭成员首次出现、内容有变或不再出现。",
        "最近导入的数据里，档案成员没有变化。",
        changed,
        _says_changed,
    ),
    Watch(
        "without-aid",
        "久未帮扶",
        "在档的档案，几个月里没有发放过任何帮扶。",
        "在档的家庭近期都得到过帮扶。",
        without_aid,
        _says_without_aid,
    ),
    Watch(
        "twice",
        "重复帮扶",
        "同一个人在几天之内得到同一项帮扶不止一次。列出来供核对，不代表有误。",
        "没有短期内重复发放的帮扶。",
        aided_twice,
        _says_twice,
    ),
    Watch(
        "lift",
        "可能脱困",
        "连续六个月人均收入高于低保标准。只是建议，是否脱困由人核实后决定。",
        "没有连续六个月高于低保标准的档案。",
        may_be_lifted,
        _says_lifted,
    ),
    Watch(
        "relapse",
        "返困观察",
        "脱困不久的家庭；期间部门数据又产生线索的，请回访。",
        "没有在观察期内的家庭。",
        may_relapse,
        _says_relapse,
    ),
)


def find_watch(key: str) -> Watch | None:
    """The list by its key."""
    return next((watch for watch in WATCHES if watch.key == key), None)


def watched(watch: Watch, scope: Scope, today: date) -> QuerySet[HardshipFile]:
    """A list's files within the reader's scope, the earliest first."""
    return watch.rows(HardshipFile.objects.visible_to(scope), today).order_by(*ORDER)
