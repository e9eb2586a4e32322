"""The issue list as a file: the view a person has open, within their reach, audited."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from casework.filters import IssueFilter
from casework.models import Issue
from casework.workflow import OUTCOME_LABELS, SATISFACTION_LABELS, STATE_LABELS
from unionportal.core.common.exchange.kinds import CHUNK, ExportKind, Selection
from unionportal.core.common.filtering import selection
from unionportal.core.common.scope import Scope

#: Heading -> column; codes are given in words.
COLUMNS: dict[str, str] = {
    "编号": "code",
    "标题": "title",
    "状态": "state",
    "办理结果": "outcome",
    "类别": "category__name",
    "镇街": "township__short_name",
    "企业": "enterprise__name",
    "承办单位": "holder__name",
    "收集日期": "received_on",
    "交办日期": "assigned_on",
    "签收日期": "accepted_on",
    "办理期限": "due_on",
    "反馈日期": "answered_on",
    "回访日期": "followed_up_on",
    "满意度": "satisfaction",
    "办结日期": "closed_on",
    "办结用时（工作日）": "workdays_to_close",
}
WORDS: dict[str, dict[str, str]] = {
    "state": STATE_LABELS,
    "outcome": OUTCOME_LABELS,
    "satisfaction": SATISFACTION_LABELS,
}
#: Up to so many rows the list's own button sends the file at once; more are a job with progress.
DIRECT_ROWS = 5000


def select_issues(params: Mapping[str, str], scope: Scope) -> Selection:
    """The issues a person may see, by the filters of their list."""
    return selection(IssueFilter, Issue.objects.visible_to(scope), params, scope)


def export_rows(issues: QuerySet[Issue]) -> Iterator[list[Any]]:
    """Rows under COLUMNS, read in chunks: memory stays the same however many there are."""
    names = list(COLUMNS.values())
    words = [WORDS.get(name) for name in names]
    for row in issues.order_by("-received_on", "-id").values_list(*names).iterator(chunk_size=CHUNK):
        yield [table.get(value, value) if table else value for value, table in zip(row, words, strict=True)]


EXPORT = ExportKind(
    code="issues",
    label="问题诉求",
    action="issue.export",
    headings=tuple(COLUMNS),
    select=select_issues,
    cells=export_rows,
)
