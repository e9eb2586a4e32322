"""The list of visits as a file: the view a person has open, within their reach."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from unionportal.core.common.exchange.kinds import CHUNK, ExportKind, Selection
from unionportal.core.common.filtering import selection
from unionportal.core.common.scope import Scope
from visits.filters import VisitFilter
from visits.models import Visit, field_of
from visits.selectors import LIST_ORDER

#: Heading -> column; codes are given in words.
COLUMNS: dict[str, str] = {
    "走访日期": "visited_on",
    "驻联干部": "cadre__display_name",
    "镇街": "township__short_name",
    "走访对象": "target_kind",
    "对象名称": "target_name",
    "企业": "enterprise__name",
    "统一社会信用代码": "enterprise__credit_code",
    "走访类型": "kind",
    "方式": "mode",
    "走访人次": "headcount",
    **{str(field_of(Visit, name).verbose_name): name for name in Visit.CHECKS},
}
WORDS: dict[str, dict[str, str]] = {
    "target_kind": dict(Visit.Target.choices),
    "kind": dict(Visit.Kind.choices),
    "mode": dict(Visit.Mode.choices),
    **{name: dict(Visit.Check.choices) for name in Visit.CHECKS},
}


def select_visits(params: Mapping[str, str], scope: Scope) -> Selection:
    """The visits a person may see, by the filters of their list."""
    return selection(VisitFilter, Visit.objects.visible_to(scope), params, scope)


def visit_cells(visits: QuerySet[Visit]) -> Iterator[list[Any]]:
    """Rows under COLUMNS, read in chunks."""
    names = list(COLUMNS.values())
    words = [WORDS.get(name) for name in names]
    for row in visits.order_by(*LIST_ORDER).values_list(*names).iterator(chunk_size=CHUNK):
        yield [table.get(value, value) if table else value for value, table in zip(row, words, strict=True)]


EXPORT = ExportKind(
    code="visits",
    label="走访记录",
    action="visit.export",
    headings=tuple(COLUMNS),
    select=select_visits,
    cells=visit_cells,
)
