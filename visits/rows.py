"""The rows of the list of visits as markup, as casework.rows writes those of issues. docs/decisions/0007-hot-markup-in-python.md."""

from typing import Any
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from unionportal.core.common.formats import zh_date
from unionportal.core.common.templatetags.portal import chip
from visits.models import Visit, problem_words, seen_words

ROW = (
    '<tr><td class="title-cell"><a href="/visits/{}/">{}</a>{}</td><td data-label="日期" class="nowrap">{}</td>'
    '<td data-label="镇街" class="nowrap">{}</td>{}<td data-label="类型" class="nowrap">{} · {}</td>'
    '<td data-label="五看">{}</td><td data-label="问题诉求">{}</td></tr>\n'
)
KINDS = dict(Visit.Kind.choices)
MODES = dict(Visit.Mode.choices)
TARGETS = dict(Visit.Target.choices)
NO_ISSUES = mark_safe('<span class="muted">—</span>')
TITLE_LENGTH = 16

Issues = list[tuple[str, str]]


def visit_rows(visits: list[Any], issues: dict[UUID, Issues], *, with_cadre: bool) -> SafeString:
    """The table's body for visits as `selectors.visit_lines` reads them and the issues raised on each."""
    return mark_safe("".join(_row(visit, issues[visit.id], with_cadre=with_cadre) for visit in visits))


def _row(visit: Any, issues: Issues, *, with_cadre: bool) -> SafeString:
    return format_html(
        ROW,
        visit.id,
        visit.enterprise__name or visit.target_name,
        _marks(visit),
        zh_date(visit.visited_on),
        visit.township__short_name,
        format_html('<td data-label="驻联干部" class="nowrap">{}</td>', visit.cadre__display_name)
        if with_cadre
        else "",
        KINDS[visit.kind],
        MODES[visit.mode],
        _checks(visit),
        _issues(issues),
    )


def _marks(visit: Any) -> SafeString:
    """What kind of target it was, beside its name."""
    key = format_html(" {}", chip("重点", "brand", "")) if visit.enterprise__is_key else ""
    other = visit.target_kind != Visit.Target.ENTERPRISE
    return format_html("{}{}", key, format_html(" {}", chip(TARGETS[visit.target_kind], "idle")) if other else "")


def _checks(visit: Any) -> SafeString:
    problems = problem_words(visit)
    return (
        chip(problems, "warn", "warn") if problems else format_html('<span class="muted">{}</span>', seen_words(visit))
    )


def _issues(issues: Issues) -> SafeString:
    if not issues:
        return NO_ISSUES
    links = format_html_join(
        "",
        '<a href="/issues/{}/" title="{}">{}</a>',
        ((code, code, Truncator(title).chars(TITLE_LENGTH)) for code, title in issues),
    )
    return format_html('<span class="issue-line">{}</span>', links)
