"""A correction in words: what its event's codes and days mean."""

from collections.abc import Callable
from datetime import date
from typing import Any

from casework.models import Category, IssueEvent
from unionportal.core.common.formats import zh_day
from unionportal.core.orgs.models import Enterprise, Unit


def _category(code: str) -> str:
    found = Category.objects.filter(code=code).first()
    return found.name if found else code


def _township(code: str) -> str:
    found = Unit.objects.filter(code=code).first()
    return str(found) if found else code


def _enterprise(code: str) -> str:
    return Enterprise.objects.filter(credit_code=code).values_list("name", flat=True).first() or code


def _day(text: str) -> str:
    return zh_day(date.fromisoformat(text))


_FACTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "category": ("类别", _category),
    "township": ("镇街", _township),
    "enterprise": ("企业", _enterprise),
    "received_on": ("收集日期", _day),
}
_TEXTS = {"title": "标题", "description": "诉求内容"}


def corrected_words(data: dict[str, Any]) -> str:
    """更正：类别由“欠薪”改为“劳动争议”；改写了标题. `data` is the event's."""
    parts = []
    for name, (label, words) in _FACTS.items():
        if name in data:
            before, after = (words(code) if code else "无" for code in data[name])
            parts.append(f"{label}由“{before}”改为“{after}”")
    if texts := data.get("texts"):
        parts.append(f"改写了{'和'.join(_TEXTS[name] for name in texts)}")
    return f"更正：{'；'.join(parts)}"


def texts_before(event: IssueEvent) -> str:
    """What a rewritten title or content read before, one a line."""
    return "\n".join(
        f"更正前{row.get_field_display()}：{'（内容已依法删改）' if row.redacted_at else row.before or '（空）'}"
        for row in event.corrected_texts.all()
    )
