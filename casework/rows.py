"""The rows of the issue list as markup: fifty times seven cells, written here because a template takes longer for them than for the page.

docs/decisions/0007-hot-markup-in-python.md.
"""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from casework.clocks import next_deadline
from casework.names import category_names
from casework.presentation import state_look
from casework.search import Excerpt, spelled_in
from unionportal.core.common.formats import zh_day, zh_short
from unionportal.core.common.templatetags.portal import chip, marked
from unionportal.core.orgs.names import unit_names

CHOOSE = '<td class="select-cell"><input type="checkbox" name="code" value="{0}" data-one aria-label="选择 {0}"></td>'
NO_DEADLINE = '<span class="muted">—</span>'


def issue_rows(
    issues: list[Any],
    today: date,
    *,
    query: str = "",
    found: Mapping[int, Excerpt] | None = None,
    choosable: bool = False,
) -> SafeString:
    """The table's body for issues as `selectors.issue_lines` reads them; what was searched for is marked, `found` says where else it stands.
    `choosable`: each begins with a box for bulk actions."""
    return mark_safe("".join(_row(issue, today, query, (found or {}).get(issue.id), choosable) for issue in issues))


def _row(issue: Any, today: date, query: str, excerpt: Excerpt | None, choosable: bool) -> str:
    look = state_look(issue)
    code = escape(issue.code)
    box = CHOOSE.format(code) if choosable else ""
    name = issue.enterprise__name
    enterprise = f" · {_text(name, spelled_in(name, query))}" if name else ""
    elsewhere = f'<div class="small">{_found(excerpt, query)}</div>' if excerpt else ""
    return (
        f'<tr>{box}<td class="title-cell"><a href="/issues/{code}/">{_text(issue.title, query)}</a>'
        f'<div class="small muted"><span class="nowrap">{_text(issue.code, query)}</span>{enterprise}</div>{elsewhere}</td>'
        f'<td data-label="状态">{chip(look.label, look.tone, look.icon or None)}</td>'
        f'<td data-label="镇街"><span class="nowrap">{escape(unit_names.of(issue.township_id))}</span></td>'
        f'<td data-label="类别"><span class="nowrap">{escape(category_names.of(issue.category_id))}</span></td>'
        f'<td data-label="承办单位">{escape(unit_names.of(issue.holder_id)) if issue.holder_id else "—"}</td>'
        f'<td data-label="收集日期"><span class="nowrap">{zh_day(issue.received_on)}</span></td>'
        f'<td data-label="期限">{_deadline(issue, today)}</td></tr>\n'
    )


def _found(excerpt: Excerpt, query: str) -> str:
    return f"{excerpt.where}：{_text(excerpt.text, query)}" if excerpt.text else excerpt.where


def _text(text: str, query: str) -> str:
    return marked(text, query) if query else escape(text)


def _deadline(issue: Any, today: date) -> str:
    due = next_deadline(issue, today)
    if due is None:
        return NO_DEADLINE
    return f'<span class="nowrap">{zh_short(due.due)} {chip(due.words, due.tone)}</span>'
