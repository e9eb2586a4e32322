"""The rows of the list of visits as markup, as casework.rows writes those of issues. docs/decisions/0007-hot-markup-in-python.md."""

from html import escape
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from unionportal.core.common.formats import zh_date
from unionportal.core.common.templatetags.portal import chip
from unionportal.core.orgs.names import unit_names
from visits.models import Visit, problem_words, seen_words
from visits.sheet_selectors import findings_words

KINDS = dict(Visit.Kind.choices)
MODES = dict(Visit.Mode.choices)
TARGETS = dict(Visit.Target.choices)
NO_ISSUES = '<span class="muted">—</span>'
TITLE_LENGTH = 16

Issues = list[tuple[str, str]]


def visit_rows(
    visits: list[Any], issues: dict[UUID, Issues], findings: dict[UUID, int], *, with_cadre: bool
) -> SafeString:
    """The table's body for visits as `selectors.visit_lines` reads them, the issues raised on each, and what their checklists found."""
    rows = (_row(visit, issues[visit.id], findings.get(visit.id, 0), with_cadre=with_cadre) for visit in visits)
    return mark_safe("".join(rows))


def _row(visit: Any, issues: Issues, findings: int, *, with_cadre: bool) -> str:
    cadre = f'<td data-label="驻联干部" class="nowrap">{escape(visit.cadre__display_name)}</td>' if with_cadre else ""
    return (
        f'<tr><td class="title-cell"><a href="/visits/{visit.id}/">{escape(visit.enterprise__name or visit.target_name)}</a>{_marks(visit)}</td>'
        f'<td data-label="日期" class="nowrap">{zh_date(visit.visited_on)}</td>'
        f'<td data-label="镇街" class="nowrap">{escape(unit_names.of(visit.township_id))}</td>{cadre}'
        f'<td data-label="类型" class="nowrap">{escape(KINDS[visit.kind])} · {escape(MODES[visit.mode])}{_found(findings)}</td>'
        f'<td data-label="五看">{_checks(visit)}</td><td data-label="问题诉求">{_issues(issues)}</td></tr>\n'
    )


def _marks(visit: Any) -> str:
    """What kind of target it was, beside its name."""
    key = f" {chip('重点', 'brand', '')}" if visit.enterprise__is_key else ""
    other = visit.target_kind != Visit.Target.ENTERPRISE
    return f"{key} {chip(TARGETS[visit.target_kind], 'idle')}" if other else key


def _found(findings: int) -> str:
    """What the checklist of the visit's kind found wrong."""
    return f" {chip(findings_words(findings), 'warn', 'warn')}" if findings else ""


def _checks(visit: Any) -> str:
    problems = problem_words(visit)
    return chip(problems, "warn", "warn") if problems else f'<span class="muted">{seen_words(visit)}</span>'


def _issues(issues: Issues) -> str:
    if not issues:
        return NO_ISSUES
    links = (
        f'<a href="/issues/{escape(code)}/" title="{escape(code)}">{escape(Truncator(title).chars(TITLE_LENGTH))}</a>'
        for code, title in issues
    )
    return f'<span class="issue-line">{"".join(links)}</span>'
