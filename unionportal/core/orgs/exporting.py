"""The enterprise register as a file. Its headings are those of the import; contact persons stay in the portal."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from unionportal.core.common.exchange.kinds import CHUNK, ExportKind, Selection
from unionportal.core.common.filtering import selection
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.filters import EnterpriseFilter
from unionportal.core.orgs.forms import INDUSTRIES
from unionportal.core.orgs.models import Enterprise

#: Heading -> column.
COLUMNS: dict[str, str] = {
    "统一社会信用代码": "credit_code",
    "企业名称": "name",
    "镇街": "township__short_name",
    "重点企业": "is_key",
    "行业门类": "industry",
    "地址": "address",
    "职工人数": "employees",
    "建会情况": "union_state",
    "会员人数": "union_members",
    "本届届满日期": "union_term_ends_on",
    "年缴工会经费（元）": "yearly_dues",
    "在营": "is_active",
}
_YES_NO = {True: "是", False: "否"}
WORDS: dict[str, dict[Any, str]] = {
    "is_key": _YES_NO,
    "is_active": _YES_NO,
    "industry": dict(INDUSTRIES),
    "union_state": dict(Enterprise.UnionState.choices),
}


def select_enterprises(params: Mapping[str, str], scope: Scope) -> Selection:
    """The enterprises a person may see, by the filters of their list."""
    return selection(EnterpriseFilter, Enterprise.objects.visible_to(scope), params, scope)


def enterprise_cells(enterprises: QuerySet[Enterprise]) -> Iterator[list[Any]]:
    """Rows under COLUMNS, read in chunks."""
    names = list(COLUMNS.values())
    words = [WORDS.get(name) for name in names]
    for row in enterprises.order_by("pinyin_key", "id").values_list(*names).iterator(chunk_size=CHUNK):
        yield [table.get(value, value) if table else value for value, table in zip(row, words, strict=True)]


EXPORT = ExportKind(
    code="enterprises",
    label="企业台账",
    action="enterprise.export",
    headings=tuple(COLUMNS),
    select=select_enterprises,
    cells=enterprise_cells,
)
