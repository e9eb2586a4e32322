"""Changing what an issue can be about. Codes are for scripts and stay; a category that is no longer wanted is retired, never deleted."""

import re

from django.db import transaction

from casework.models import Category
from casework.names import category_names
from casework.services.log import REFRESH_FIGURES
from casework.workflow import DAY_KIND_LABELS, DayKind
from unionportal.core.audit.services import record
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

PROMISE_MOST = 60
CODE_LENGTH = 30
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@transaction.atomic
def category_create(
    *,
    code: str,
    name: str,
    parent: Category | None,
    promise_workdays: int,
    position: int,
    actor: Scope,
    promise_in: str = DayKind.WORKDAYS,
    public_hint: str = "",
) -> Category:
    """Add a category, on the first level or below one of it. Its code is for good: lower case letters, digits and _."""
    require(actor, "category.manage")
    category = Category(code=code.strip(), parent=parent, is_active=True, public_hint=public_hint.strip())
    problems = _code_problem(category.code)
    _fill(
        category,
        name=name,
        parent=parent,
        promise_workdays=promise_workdays,
        promise_in=promise_in,
        position=position,
        is_active=True,
    )
    problems |= _problems(category)
    if problems:
        raise FieldErrors(problems)
    category.save(force_insert=True)
    _record(category, "category.create", actor)
    soon_by_name(REFRESH_FIGURES)  # every category has its rows of figures
    return category


@transaction.atomic
def category_update(
    *,
    category: Category,
    name: str,
    promise_workdays: int,
    position: int,
    is_active: bool,
    actor: Scope,
    parent: Category | None = None,
    promise_in: str = DayKind.WORKDAYS,
    public_hint: str = "",
) -> Category:
    """Rename, move below another, re-promise (days of the kind `promise_in`), reorder, retire or bring back; without a hint it is not
    offered to the public.

    Running deadlines keep the promise they were assigned with.
    """
    require(actor, "category.manage")
    category = Category.objects.select_for_update().get(pk=category.pk)
    _fill(
        category,
        name=name,
        parent=parent,
        promise_workdays=promise_workdays,
        promise_in=promise_in,
        position=position,
        is_active=is_active,
    )
    problems = _problems(category)
    if problems:
        raise FieldErrors(problems)
    category.public_hint = public_hint.strip()
    category.save()
    category_names.changed()
    _record(category, "category.update", actor)
    return category


def _fill(
    category: Category,
    *,
    name: str,
    parent: Category | None,
    promise_workdays: int,
    promise_in: str,
    position: int,
    is_active: bool,
) -> None:
    category.name, category.parent = name.strip(), parent
    category.promise_in = promise_in
    category.promise_workdays, category.position, category.is_active = promise_workdays, position, is_active


def _code_problem(code: str) -> dict[str, str]:
    if not _CODE.fullmatch(code) or len(code) > CODE_LENGTH:
        return {"code": f"代码用小写字母、数字和下划线，字母开头，最多 {CODE_LENGTH} 个字符。"}
    if Category.objects.filter(code=code).exists():
        return {"code": "这个代码已经用过（含已停用的类别），请另起一个。"}
    return {}


def _problems(category: Category) -> dict[str, str]:
    problems: dict[str, str] = {}
    others = Category.objects.exclude(pk=category.pk) if category.pk else Category.objects.all()
    if not category.name:
        problems["name"] = "请填写名称。"
    elif category.is_active and others.filter(name=category.name, is_active=True).exists():
        problems["name"] = "已有同名的类别。"
    if not 1 <= category.promise_workdays <= PROMISE_MOST:
        problems["promise_workdays"] = f"办理承诺应在 1 到 {PROMISE_MOST} 天之间。"
    if category.promise_in not in DAY_KIND_LABELS:
        problems["promise_in"] = "请选择按工作日还是自然日计算。"
    children = others.filter(parent=category) if category.pk else Category.objects.none()
    if category.parent is not None and (problem := _parent_problem(category, children.exists())):
        problems["parent"] = problem
    if not category.is_active and children.filter(is_active=True).exists():
        problems["is_active"] = "还有启用的下级类别，请先停用下级。"
    return problems


def _parent_problem(category: Category, has_children: bool) -> str:
    parent = category.parent
    if parent is None:
        return ""
    if parent.pk == category.pk:
        return "上级不能是自己。"
    if parent.parent_id is not None:
        return f"“{parent.name}”已是二级类别，类别只分两级。"
    if has_children:
        return "这个类别有下级，不能再放到别的类别下面。"
    if category.is_active and not parent.is_active:
        return f"“{parent.name}”已停用，请另选上级。"
    return ""


def _record(category: Category, action: str, actor: Scope) -> None:
    record(
        actor=actor,
        action=action,
        object_type="category",
        object_id=category.code,
        promise_workdays=category.promise_workdays,
        promise_in=category.promise_in,
        position=category.position,
        is_active=category.is_active,
        parent=category.parent.code if category.parent else None,
    )
