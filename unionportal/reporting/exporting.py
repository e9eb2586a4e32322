"""The rows behind a figure as lines of a file: what the list shows, and no more of a person than the list does."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from casework import exporting as issues
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit

#: Kind of row -> heading -> column.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "issue": issues.COLUMNS,
    "visit": {
        "走访日期": "visited_on",
        "企业": "enterprise__name",
        "走访对象": "target_name",
        "镇街": "township__short_name",
        "类型": "kind",
        "方式": "mode",
        "走访人数": "headcount",
        "干部": "cadre__display_name",
    },
    "enterprise": {
        "统一社会信用代码": "credit_code",
        "企业": "name",
        "镇街": "township__short_name",
        "职工人数": "employees",
        "建会情况": "union_state",
    },
}
#: Columns that hold a code -> its words.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": dict(Visit.Kind.choices),
    "mode": dict(Visit.Mode.choices),
    "union_state": dict(Enterprise.UnionState.choices),
}


def export_lines(kind: str, rows: QuerySet) -> Iterator[list[Any]]:
    """Rows under COLUMNS of their kind, read in chunks."""
    if kind == "issue":
        yield from issues.export_rows(rows)
        return
    names = list(COLUMNS[kind].values())
    words = [_WORDS.get(name) for name in names]
    for row in rows.values_list(*names).iterator(chunk_size=issues.CHUNK):
        yield [table.get(value, value) if table else value for value, table in zip(row, words, strict=True)]
