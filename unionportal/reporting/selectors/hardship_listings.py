"""How the rows behind a figure of hardship aid are listed: by numbers of files, never by people."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from hardship.money_workflow import AID_KIND_LABELS
from hardship.process import ACTION_LABELS
from unionportal.core.common.clock import local_date
from unionportal.reporting import hardship_measures as measures
from unionportal.reporting.selectors.row_figures import Column, Listing


def _file_url(row: Any) -> str:
    return reverse("hardship-file", args=[row.file.code])


_FILE = Column("档案", lambda row: row.file.code, _file_url)
_AT = Column("镇街", lambda row: row.file.township.short_name)
_OF_FILE = ("file__township",)
_ICON = "heart"

#: By `RowMeasure.lists`.
HARDSHIP_LISTINGS: Mapping[str, Listing] = {
    measures.FILE: Listing(
        ("-opened_on", "-id"),
        (
            Column("档案", lambda row: row.code, lambda row: reverse("hardship-file", args=[row.code])),
            Column("镇街", lambda row: row.township.short_name),
            Column("现在类别", lambda row: row.get_category_display() or row.get_scheme_display()),
            Column("现在状态", lambda row: row.get_state_display()),
            Column("申请登记", lambda row: row.opened_on),
        ),
        along=("township",),
        icon=_ICON,
    ),
    measures.STEP: Listing(
        ("-happened_on", "-id"),
        (
            _FILE,
            _AT,
            Column("办理", lambda row: ACTION_LABELS[row.action]),
            Column("日期", lambda row: row.happened_on),
        ),
        along=_OF_FILE,
        icon=_ICON,
    ),
    measures.LEAD: Listing(
        ("-raised_on", "-id"),
        (
            Column("线索", lambda row: row.code, lambda row: reverse("lead", args=[row.code])),
            Column("镇街", lambda row: row.township.short_name),
            Column("来源", lambda row: row.get_origin_display()),
            Column("状态", lambda row: row.get_state_display()),
            Column("产生日期", lambda row: row.raised_on),
            Column("核实日期", lambda row: row.verified_on),
        ),
        along=("township",),
        icon=_ICON,
    ),
    measures.GRANT: Listing(
        ("-paid_on", "-pk"),
        (
            _FILE,
            _AT,
            Column("批次", lambda row: row.batch.code),
            Column("项目", lambda row: AID_KIND_LABELS[row.batch.kind]),
            Column("发放日期", lambda row: row.paid_on),
            Column("发放（元）", lambda row: row.amount),
            Column("退回（元）", lambda row: row.repaid),
        ),
        along=(*_OF_FILE, "batch"),
        icon=_ICON,
    ),
    measures.ORDER: Listing(
        ("-ordered_at", "-id"),
        (
            Column("服务单", lambda row: row.code, lambda row: reverse("order", args=[row.code])),
            _AT,
            Column("服务", lambda row: str(row.service)),
            Column("接单日期", lambda row: local_date(row.ordered_at)),
            Column("结算日期", lambda row: row.settled_on),
            Column("金额（元）", lambda row: row.held),
        ),
        along=(*_OF_FILE, "service"),
        icon=_ICON,
    ),
    measures.ALLOWANCE: Listing(
        ("file__code",),
        (_FILE, _AT, Column("额度（元）", lambda row: row.limit), Column("已用（元）", lambda row: row.used)),
        along=_OF_FILE,
        icon=_ICON,
    ),
    measures.PLAN: Listing(
        ("due_on", "pk"),
        (
            Column(
                "措施",
                lambda row: str(row.kind),
                lambda row: reverse("hardship-measure", args=[row.pk]),
                lambda row: row.file.code,
            ),
            _AT,
            Column("完成期限", lambda row: row.due_on),
            Column("状态", lambda row: row.get_state_display()),
            Column("结束日期", lambda row: row.ended_on),
        ),
        along=(*_OF_FILE, "kind"),
        icon=_ICON,
    ),
}
