"""The list of hardship files as a job's file: masked names, no numbers. Names and numbers leave only as protected workbooks (`hardship.services.exporting`)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from hardship import codes
from hardship.filters import FileFilter
from hardship.models import FileMember, HardshipFile
from hardship.personal import name_shown
from unionportal.core.common.exchange.kinds import CHUNK, ExportKind, Selection
from unionportal.core.common.filtering import selection
from unionportal.core.common.scope import Scope

HEADINGS = (
    "编号",
    "户主（隐名）",
    "镇街",
    "状态",
    "类别",
    "主要原因",
    "建档标准",
    "工作单位",
    "家庭人口",
    "年收入（元）",
    "年刚性支出（元）",
    "月人均（元）",
    "建档日期",
    "结束日期",
)


def select_files(params: Mapping[str, str], scope: Scope) -> Selection:
    """The files a person may see, by the filters of their list."""
    return selection(FileFilter, HardshipFile.objects.visible_to(scope), params, scope)


def file_cells(files: QuerySet[HardshipFile]) -> Iterator[list[Any]]:
    """Rows under HEADINGS, read in chunks."""
    holders = Prefetch("members", FileMember.objects.filter(relation=codes.HOLDER))
    rows = files.select_related("township").prefetch_related(holders).order_by("-opened_on", "-id")
    for file in rows.iterator(chunk_size=CHUNK):
        yield [
            file.code,
            name_shown(file.holder, personal=False),
            str(file.township),
            file.get_state_display(),
            file.get_category_display(),
            file.get_main_cause_display(),
            file.get_scheme_display(),
            file.unit_name,
            file.people,
            file.yearly_income,
            file.yearly_spending,
            file.per_head,
            file.opened_on,
            file.closed_on,
        ]


EXPORT = ExportKind(
    code="hardship",
    label="困难职工台账",
    action="hardship.view",
    headings=HEADINGS,
    select=select_files,
    cells=file_cells,
)
