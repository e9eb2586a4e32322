"""Changing what an issue can be about. Codes are for scripts and stay."""

from django.db import transaction

from casework.models import Category
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

PROMISE_MOST = 60


@transaction.atomic
def category_update(
    *, category: Category, name: str, promise_workdays: int, position: int, is_active: bool, actor: Scope
) -> Category:
    """Rename, re-promise (workdays), reorder, enable or disable. Running deadlines keep the promise they were assigned with."""
    require(actor, "category.manage")
    category = Category.objects.select_for_update().get(pk=category.pk)
    name = name.strip()
    problems: dict[str, str] = {}
    if not name:
        problems["name"] = "请填写名称。"
    elif Category.objects.filter(name=name, is_active=True).exclude(pk=category.pk).exists():
        problems["name"] = "已有同名的类别。"
    if not 1 <= promise_workdays <= PROMISE_MOST:
        problems["promise_workdays"] = f"办理承诺应在 1 到 {PROMISE_MOST} 个工作日之间。"
    if problems:
        raise FieldErrors(problems)
    category.name, category.promise_workdays = name, promise_workdays
    category.position, category.is_active = position, is_active
    category.save()
    record(
        actor=actor,
        action="category.update",
        object_type="category",
        object_id=category.code,
        promise_workdays=promise_workdays,
        position=position,
        is_active=is_active,
    )
    return category
