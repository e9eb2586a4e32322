"""Keeping standard answers, and filling one in for an issue."""

import re
from datetime import date

from django.db import transaction

from casework.models import Category, Issue, StandardAnswer
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

TEXT_MOST = 2000
TITLE_MOST = 40
VARIABLES = ("编号", "标题", "企业", "镇街", "类别", "承办单位", "期限", "今天")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@transaction.atomic
def standard_answer_save(
    *,
    title: str,
    category: Category | None,
    text: str,
    position: int,
    is_active: bool,
    actor: Scope,
    answer: StandardAnswer | None = None,
) -> StandardAnswer:
    """Add a standard answer or change one. FieldErrors for a variable that does not exist."""
    require(actor, "standard_answer.manage")
    found = StandardAnswer.objects.select_for_update().get(pk=answer.pk) if answer else StandardAnswer()
    found.title, found.category, found.position, found.is_active = title.strip(), category, position, is_active
    found.text = text.replace("\r\n", "\n").strip()
    problems = _problems(found)
    if problems:
        raise FieldErrors(problems)
    found.save()
    record(
        actor=actor,
        action="standard_answer.save",
        object_type="standard_answer",
        object_id=found.pk,
        category=category.code if category else None,
        is_active=is_active,
    )
    return found


def _problems(answer: StandardAnswer) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not answer.title or len(answer.title) > TITLE_MOST:
        problems["title"] = f"请起一个名称，最多 {TITLE_MOST} 个字。"
    elif answer.is_active and (
        StandardAnswer.objects.filter(title=answer.title, category=answer.category, is_active=True)
        .exclude(pk=answer.pk)
        .exists()
    ):
        problems["title"] = "同一类别下已有同名的常用答复。"
    if not answer.text or len(answer.text) > TEXT_MOST:
        problems["text"] = f"请写内容，最多 {TEXT_MOST} 个字。"
    elif unknown := [name for name in _VARIABLE.findall(answer.text) if name not in VARIABLES]:
        known = "、".join(f"{{{name}}}" for name in VARIABLES)
        problems["text"] = f"没有“{{{unknown[0]}}}”这个变量，可以用：{known}。"
    return problems


def filled(answer: StandardAnswer, issue: Issue, *, today: date | None = None) -> str:
    """The text for this issue; what the issue does not have reads 贵单位, 承办单位 or 另行通知, so that no gap is sent."""
    values = {
        "编号": issue.code,
        "标题": issue.title,
        "企业": issue.enterprise.name if issue.enterprise else "贵单位",
        "镇街": str(issue.township),
        "类别": issue.category.name,
        "承办单位": issue.holder.name if issue.holder else "承办单位",
        "期限": zh_day(issue.due_on) if issue.due_on else "另行通知",
        "今天": zh_day(today or clock.today()),
    }
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), answer.text)


def answers_for(issue: Issue) -> list[StandardAnswer]:
    """Those of the issue's category (or the one above it) first, then those for all."""
    own = [issue.category_id, *([issue.category.parent_id] if issue.category.parent_id else [])]
    rows = StandardAnswer.objects.filter(is_active=True).order_by("position", "id")
    return [*rows.filter(category_id__in=own), *rows.filter(category=None)]
