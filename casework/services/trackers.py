"""Fields of a category's tracker, and filling them in for an issue. Source: docs/domain.md, "Special trackers"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from casework.models import Category, Issue, Tracker, TrackerField, TrackerValues
from casework.services.standing import standings
from casework.workflow import UNCOUNTED_STATES, Who
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.kept import Kept
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

Kind = TrackerField.Kind
FIELDS_MOST = 20
OPTIONS_MOST = 12
TEXT_MOST = 200
MONEY_MOST = Decimal("9999999999.99")
WHOLE_MOST = 10_000_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldInput:
    """A field as somebody wants it."""

    code: str
    label: str
    kind: str
    unit: str = ""
    options: tuple[str, ...] = ()


@transaction.atomic
def tracker_set(
    *, category: Category, name: str, fields: Sequence[FieldInput], actor: Scope, now: datetime | None = None
) -> Tracker:
    """Give a category these fields, as a new version; the same fields again change nothing.

    A field of a code used before keeps its kind: sums over versions stay sums of one thing. FieldErrors at `name` or `fields`.
    """
    require(actor, "category.manage")
    category = Category.objects.select_for_update().get(pk=category.pk)
    name = name.strip()
    problems = _definition_problems(category, name, fields)
    if problems:
        raise FieldErrors(problems)
    present = Tracker.objects.filter(category=category, is_current=True).prefetch_related("fields").first()
    if present is not None and (present.name, _inputs(present)) == (name, tuple(fields)):
        return present
    Tracker.objects.filter(category=category).update(is_current=False)
    tracked_categories.changed()
    version = (present.version if present else 0) + 1
    tracker = Tracker.objects.create(category=category, version=version, name=name, made_at=now or clock.now())
    TrackerField.objects.bulk_create(
        TrackerField(
            tracker=tracker,
            code=field.code,
            label=field.label,
            kind=field.kind,
            unit=field.unit,
            options=list(field.options),
            position=position,
        )
        for position, field in enumerate(fields)
    )
    record(
        actor=actor,
        action="tracker.set",
        object_type="category",
        object_id=category.code,
        version=version,
        fields=[field.code for field in fields],
    )
    return tracker


def _inputs(tracker: Tracker) -> tuple[FieldInput, ...]:
    return tuple(FieldInput(f.code, f.label, f.kind, f.unit, tuple(f.options)) for f in tracker.fields.all())


def _definition_problems(category: Category, name: str, fields: Sequence[FieldInput]) -> dict[str, str]:
    if not name or len(name) > 30:
        return {"name": "请起一个名称，最多 30 个字。"}
    if not 1 <= len(fields) <= FIELDS_MOST:
        return {"fields": f"请设 1 到 {FIELDS_MOST} 个栏目。"}
    kinds = dict(TrackerField.objects.filter(tracker__category=category).values_list("code", "kind"))
    seen: set[str] = set()
    for field in fields:
        if problem := _field_problem(field, kinds.get(field.code), field.code in seen):
            return {"fields": f"“{field.label or field.code}”：{problem}"}
        seen.add(field.code)
    return {}


def _field_problem(field: FieldInput, kind_before: str | None, repeated: bool) -> str:
    if not _CODE.fullmatch(field.code):
        return "代码用小写字母、数字和下划线，字母开头。"
    if repeated:
        return f"代码 {field.code} 用了两次。"
    if not field.label or len(field.label) > 20:
        return "请写名称，最多 20 个字。"
    if field.kind not in Kind.values:
        return "请选择类型。"
    if kind_before is not None and kind_before != field.kind:
        return f"代码 {field.code} 以前是“{Kind(kind_before).label}”，换类型请用新的代码。"
    listed = field.kind in (Kind.CHOICE, Kind.STEPS)
    if listed and not 2 <= len(set(field.options)) <= OPTIONS_MOST:
        return f"请写 2 到 {OPTIONS_MOST} 个不同的选项或步骤。"
    if any(not option or len(option) > 20 for option in field.options):
        return "每个选项或步骤最多 20 个字。"
    return ""


@transaction.atomic
def tracker_fill(
    *, code: str, version: int, values: Mapping[str, Any], actor: Scope, now: datetime | None = None
) -> TrackerValues:
    """Fill in the tracker of an issue by the present version of its category's fields; empty fields are taken out.

    Steps are given as {step: day}. `version` is that of the values seen (0: nothing filled in). Raises NotFound, Forbidden, StaleVersion,
    InvalidTransition, FieldErrors (at the fields' codes).
    """
    moment = now or clock.now()
    issue = Issue.objects.visible_to(actor).select_for_update(of=("self",)).filter(code=code).first()
    if issue is None:
        raise NotFound
    if not may_fill(issue, actor):
        raise Forbidden("台账由区总工作人员、承办单位、所属镇街或分工的驻联干部填写。")
    found = TrackerValues.objects.select_for_update().filter(pk=issue.pk).first()
    if version != (found.version if found else 0):
        raise StaleVersion
    if issue.state in UNCOUNTED_STATES:
        raise InvalidTransition("不予受理、并案和作废的诉求不填台账。")
    tracker = current_tracker(issue)
    if tracker is None:
        raise NotFound("这个类别没有设台账。")
    read = read_values(tracker, values, today=clock.local_date(moment))
    kept = found or TrackerValues(issue=issue, version=0)
    before = kept.values if found and found.tracker.category_id == issue.category_id else {}
    kept.tracker, kept.values, kept.version = tracker, read, kept.version + 1
    kept.filled_by_id, kept.filled_at = actor.user_id, moment
    kept.save()
    record(
        actor=actor,
        action="tracker.fill",
        object_type="issue",
        object_id=issue.code,
        fields=sorted(name for name in {*before, *read} if before.get(name) != read.get(name)),
        version=kept.version,
    )
    return kept


def may_fill(issue: Issue, scope: Scope) -> bool:
    """Whoever works on it: staff, the holder, its township, its cadres."""
    mine = standings(issue, scope)
    holds = Who.HOLDER in mine and issue.holder_id is not None
    return holds or not mine.isdisjoint({Who.STAFF, Who.TOWNSHIP, Who.CADRE})


def _load_tracked() -> frozenset[int]:
    return frozenset(Tracker.objects.filter(is_current=True).values_list("category_id", flat=True))


#: The categories that have a tracker, for pages: those of most issues have none.
tracked_categories: Kept[frozenset[int]] = Kept(_load_tracked)


def current_tracker(issue: Issue) -> Tracker | None:
    """The fields an issue of this category has at present."""
    rows = Tracker.objects.filter(category_id=issue.category_id, is_current=True)
    return rows.prefetch_related("fields").first()


def read_values(tracker: Tracker, given: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """What was typed, by kind; FieldErrors at each field's code."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in tracker.fields.all():
        raw = given.get(field.code)
        if raw in (None, "", {}):
            continue
        try:
            value = _READ[field.kind](field, raw, today)
        except ValueError as error:
            problems[field.code] = str(error)
        else:
            if value not in ("", {}):
                values[field.code] = value
    if problems:
        raise FieldErrors(problems)
    return values


def _money(field: TrackerField, raw: Any, today: date) -> str:
    try:
        amount = Decimal(str(raw).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        raise ValueError("请填写金额（元），如 12000 或 12000.50。") from None
    if not amount.is_finite() or not 0 <= amount <= MONEY_MOST or amount != round(amount, 2):
        raise ValueError("金额应不小于 0，最多两位小数。")
    return f"{amount:.2f}"


def _whole(field: TrackerField, raw: Any, today: date) -> int:
    text = str(raw).replace(",", "").strip()
    if not _WHOLE.fullmatch(text) or int(text) > WHOLE_MOST:
        raise ValueError("请填写不小于 0 的整数。")
    return int(text)


def _day(field: TrackerField, raw: Any, today: date) -> str:
    try:
        day = raw if isinstance(raw, date) else date.fromisoformat(str(raw).strip())
    except ValueError:
        raise ValueError("请填写日期。") from None
    if day > today:
        raise ValueError("日期不能晚于今天。")
    return day.isoformat()


def _text(field: TrackerField, raw: Any, today: date) -> str:
    text = str(raw).strip()
    if len(text) > TEXT_MOST:
        raise ValueError(f"最多 {TEXT_MOST} 个字。")
    return text


def _choice(field: TrackerField, raw: Any, today: date) -> str:
    if raw not in field.options:
        raise ValueError("请在选项中选择。")
    return str(raw)


def _steps(field: TrackerField, raw: Any, today: date) -> dict[str, str]:
    if not isinstance(raw, Mapping) or not set(raw) <= set(field.options):
        raise ValueError("没有这个步骤。")
    days = {step: _day(field, raw[step], today) for step in field.options if raw.get(step)}
    if sorted(days.values()) != list(days.values()):
        raise ValueError("后面的步骤不能早于前面的步骤。")
    return days


_READ: dict[str, Callable[[TrackerField, Any, date], Any]] = {
    Kind.MONEY: _money,
    Kind.WHOLE: _whole,
    Kind.DAY: _day,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.STEPS: _steps,
}
