"""The rows of the issue list as markup: fifty times seven cells, written here because a template takes longer for them than for the page.

docs/decisions/0007-hot-markup-in-python.md.
"""

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from casework.clocks import next_deadline
from casework.presentation import state_look
from unionportal.core.common.formats import zh_day, zh_short
from unionportal.core.common.templatetags.portal import chip

ROW = (
    '<tr><td class="title-cell"><a href="/issues/{}/">{}</a><div class="small muted"><span class="nowrap">{}</span>{}</div></td>'
    '<td data-label="状态">{}</td><td data-label="镇街"><span class="nowrap">{}</span></td>'
    '<td data-label="类别"><span class="nowrap">{}</span></td><td data-label="承办单位">{}</td>'
    '<td data-label="收集日期"><span class="nowrap">{}</span></td><td data-label="期限">{}</td></tr>\n'
)
NO_DEADLINE = mark_safe('<span class="muted">—</span>')


def issue_rows(issues: list[Any], today: date) -> SafeString:
    """The table's body for issues as `selectors.issue_lines` reads them."""
    return mark_safe("".join(_row(issue, today) for issue in issues))


def _row(issue: Any, today: date) -> SafeString:
    look = state_look(issue)
    return format_html(
        ROW,
        issue.code,
        issue.title,
        issue.code,
        f" · {issue.enterprise__name}" if issue.enterprise__name else "",
        chip(look.label, look.tone, look.icon or None),
        issue.township__short_name,
        issue.category__name,
        issue.holder__short_name or "—",
        zh_day(issue.received_on),
        _deadline(issue, today),
    )


def _deadline(issue: Any, today: date) -> SafeString:
    due = next_deadline(issue, today)
    if due is None:
        return NO_DEADLINE
    return format_html('<span class="nowrap">{} {}</span>', zh_short(due.due), chip(due.words, due.tone))
