"""The issue list as a file: the view a person has open, within their reach, audited."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from casework.models import Issue
from casework.workflow import OUTCOME_LABELS, SATISFACTION_LABELS, STATE_LABELS

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
CHUNK = 2000
#: More rows than this are asked to be narrowed down: a worksheet ends at 1 048 576.
XLSX_ROWS = 200_000


def export_rows(issues: QuerySet[Issue]) -> Iterator[list[Any]]:
    """Rows under COLUMNS, read in chunks: memory stays the same however many there are."""
    names = list(COLUMNS.values())
    words = [WORDS.get(name) for name in names]
    for row in issues.order_by("-received_on", "-id").values_list(*names).iterator(chunk_size=CHUNK):
        yield [table.get(value, value) if table else value for value, table in zip(row, words, strict=True)]
