"""Checklists kept by staff: a draft is written, tried on the screen, and published with the day it takes effect. Source: docs/domain.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from casework.models import Category
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.models import Checklist, ChecklistItem, ChecklistVersion, Visit
from visits.models.checklists import GROUP_LENGTH, HINT_LENGTH, NAME_LENGTH, TEXT_LENGTH, UNIT_LENGTH, USES

MOST_ITEMS = 40
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True, slots=True)
class ItemInput:
    """An item as somebody wants it; `category` is a category's code, "" for none."""

    code: str
    text: str
    answer: str
    group: str = ""
    unit: str = ""
    hint: str = ""
    required: bool = False
    category: str = ""


@transaction.atomic
def checklist_create(*, code: str, kind: str, name: str, actor: Scope, daily: bool = False) -> Checklist:
    """A checklist for one of `USES`, still without items. FieldErrors at code, kind, name."""
    require(actor, "checklist.manage")
    name, code = name.strip(), code.strip()
    problems = {}
    if not _CODE.fullmatch(code):
        problems["code"] = "代码用小写字母、数字和下划线，字母开头，最多 30 个。"
    elif Checklist.objects.filter(code=code).exists():
        problems["code"] = "已经有这个代码。"
    if kind not in dict(USES):
        problems["kind"] = "没有这种用途。"
    elif daily and kind != Visit.Kind.STAY:
        problems["daily"] = "只有蹲点的检查表可以一天一份。"
    if not name or len(name) > NAME_LENGTH:
        problems["name"] = f"请写名称，最多 {NAME_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    try:
        with transaction.atomic():
            checklist = Checklist.objects.create(code=code, kind=kind, name=name, daily=daily)
    except IntegrityError:  # somebody was faster
        raise FieldErrors({"code": "已经有这个代码。"}) from None
    _audit(checklist, "create", actor)
    return checklist


@transaction.atomic
def checklist_draft(*, code: str, version: int | None, items: Sequence[ItemInput], actor: Scope) -> ChecklistVersion:
    """Write the draft of the next version, or change it. FieldErrors at `items.<index>.<field>` or `items`."""
    require(actor, "checklist.manage")
    checklist = _locked(code, version)
    categories = {c.code: c for c in Category.objects.filter(code__in={item.category for item in items})}
    problems = _item_problems(checklist, items, categories)
    if problems:
        raise FieldErrors(problems)
    draft = checklist.versions.filter(published_at=None).first()
    if draft is None:
        last = checklist.versions.order_by("-number").values_list("number", flat=True).first() or 0
        draft = ChecklistVersion.objects.create(checklist=checklist, number=last + 1)
    draft.items.all().delete()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            checklist_version=draft,
            code=item.code,
            group=item.group.strip(),
            text=item.text.strip(),
            answer=item.answer,
            unit=item.unit.strip(),
            hint=item.hint.strip(),
            required=item.required,
            category=categories.get(item.category),
            position=position,
        )
        for position, item in enumerate(items)
    )
    _changed(checklist)
    _audit(checklist, "draft", actor, edition=draft.number, items=len(items))
    return draft


@transaction.atomic
def checklist_publish(
    *, code: str, version: int | None, effective_from: date, actor: Scope, now: datetime | None = None
) -> ChecklistVersion:
    """Let the draft take effect from a day, not before today nor before the version before it. Nothing of it changes afterwards."""
    require(actor, "checklist.manage")
    moment = now or clock.now()
    today = clock.local_date(moment)
    checklist = _locked(code, version)
    draft = _draft(checklist)
    newest = checklist.versions.filter(published_at__isnull=False).order_by("-effective_from").first()
    if effective_from < today:
        raise FieldErrors({"effective_from": f"启用日期不能早于今天（{zh_day(today)}）。"})
    if newest is not None and newest.effective_from is not None and effective_from <= newest.effective_from:
        raise FieldErrors(
            {"effective_from": f"第 {newest.number} 版从{zh_day(newest.effective_from)}启用，新的一版要晚于这一天。"}
        )
    draft.effective_from, draft.published_at, draft.published_by_id = effective_from, moment, actor.user_id
    draft.save()
    _changed(checklist)
    _audit(checklist, "publish", actor, edition=draft.number, effective_on=effective_from.isoformat())
    return draft


@transaction.atomic
def checklist_discard(*, code: str, version: int | None, actor: Scope) -> Checklist:
    """Throw the draft away."""
    require(actor, "checklist.manage")
    checklist = _locked(code, version)
    draft = _draft(checklist)
    number = draft.number
    draft.delete()
    _changed(checklist)
    _audit(checklist, "discard", actor, edition=number)
    return checklist


@transaction.atomic
def checklist_switch(*, code: str, version: int | None, is_active: bool, actor: Scope) -> Checklist:
    """Stop offering a checklist on new visits, or offer it again. What was answered by it stays."""
    require(actor, "checklist.manage")
    checklist = _locked(code, version)
    checklist.is_active = is_active
    _changed(checklist)
    _audit(checklist, "switch", actor, is_active=is_active)
    return checklist


def _locked(code: str, version: int | None) -> Checklist:
    checklist = Checklist.objects.select_for_update().filter(code=code).first()
    if checklist is None:
        raise NotFound
    if version is not None and version != checklist.version:
        raise StaleVersion
    return checklist


def _draft(checklist: Checklist) -> ChecklistVersion:
    draft = checklist.versions.filter(published_at=None).first()
    if draft is None:
        raise InvalidTransition("没有草稿。")
    return draft


def _changed(checklist: Checklist) -> None:
    checklist.version += 1
    checklist.save()


def _audit(checklist: Checklist, act: str, actor: Scope, **data: int | str) -> None:
    record(actor=actor, action=f"checklist.{act}", object_type="checklist", object_id=checklist.code, **data)


def _item_problems(checklist: Checklist, items: Sequence[ItemInput], categories: dict[str, Category]) -> dict[str, str]:
    if not 1 <= len(items) <= MOST_ITEMS:
        return {"items": f"请写 1 到 {MOST_ITEMS} 项。"}
    published = ChecklistItem.objects.filter(
        checklist_version__checklist=checklist, checklist_version__published_at__isnull=False
    )
    before = dict(published.values_list("code", "answer"))
    seen: set[str] = set()
    problems: dict[str, str] = {}
    for index, item in enumerate(items):
        if found := _problem(item, before.get(item.code), item.code in seen, categories):
            problems[f"items.{index}.{found[0]}"] = found[1]
        seen.add(item.code)
    return problems


def _problem(
    item: ItemInput, before: str | None, repeated: bool, categories: dict[str, Category]
) -> tuple[str, str] | None:
    """The field of an item that cannot be taken, and why."""
    if not _CODE.fullmatch(item.code):
        return "code", "代码用小写字母、数字和下划线，字母开头，最多 30 个。"
    if repeated:
        return "code", f"代码 {item.code} 用了两次。"
    if not item.text.strip() or len(item.text.strip()) > TEXT_LENGTH:
        return "text", f"请写检查内容，最多 {TEXT_LENGTH} 个字。"
    if item.answer not in ChecklistItem.Answer.values:
        return "answer", "请选择填写方式。"
    if before is not None and before != item.answer:
        was = ChecklistItem.Answer(before).label
        return "answer", f"这个代码以前是“{was}”，换填写方式请用新的代码。"
    if item.unit.strip() and item.answer != ChecklistItem.Answer.NUMBER:
        return "unit", "只有数字才有单位。"
    for name, longest in (("group", GROUP_LENGTH), ("unit", UNIT_LENGTH), ("hint", HINT_LENGTH)):
        if len(getattr(item, name).strip()) > longest:
            return name, f"最多 {longest} 个字。"
    if item.category and item.category not in categories:
        return "category", "没有这个类别。"
    return None
