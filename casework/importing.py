"""Issues from a workbook: each row registered by the same service as by hand. Source: docs/domain.md, "Import and export"."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from casework.models import Issue
from casework.selectors import active_categories
from casework.services import issue_register
from casework.services.intake import DESCRIPTION_LENGTH, TITLE_LENGTH
from casework.sources import Source
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import BadCell, Column, ImportKind, Outcome, Row, Write
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.importing import township_names, township_reader
from unionportal.core.orgs.models import Enterprise
from unionportal.core.orgs.selectors import township_on

SOURCE = Source(kind=Issue.Source.IMPORT, label="表格导入")


def columns(scope: Scope) -> tuple[Column, ...]:
    """The columns of the workbook, with the categories and townships of today."""
    categories = list(active_categories())
    names = [(name, each) for each in categories for name in (each.code, each.name, each.path)]
    category = cells.known(
        names, missing="没有“{}”这个类别，请从下拉列表里选。", ambiguous="“{}”有重名，请填类别代码。"
    )
    return (
        Column("title", "标题", cells.text(TITLE_LENGTH), required=True, example="返还款未到账", width=30),
        Column(
            "category",
            "类别",
            category,
            required=True,
            note="类别的名称或代码。",
            example="工会经费返还",
            choices=tuple(each.name for each in categories),
        ),
        Column("received_on", "收集日期", cells.day, required=True, note="不晚于今天。", example="2024-09-12"),
        Column(
            "enterprise",
            "统一社会信用代码",
            enterprise_reader(scope),
            note="反映问题的企业，须已在企业台账中；不涉及企业的可不填。",
            example="91330602MA00000018",
            width=24,
        ),
        Column(
            "township",
            "镇街",
            township_reader(),
            note="填了企业可不填；否则必填，填名称或代码。",
            example="稽山街道",
            choices=township_names(),
        ),
        Column("description", "诉求内容", cells.text(DESCRIPTION_LENGTH), example="企业不了解申领流程。", width=40),
    )


def enterprise_reader(scope: Scope) -> cells.Read:
    """A credit code as the enterprise, among those the person may see; each is looked up once."""
    visible = Enterprise.objects.visible_to(scope).select_related("township").defer("search_tokens")

    @cache
    def find(code: str) -> Enterprise | None:
        return visible.filter(credit_code=code).first()

    def read(value: Any) -> Enterprise:
        code = cells.text(18)(value).upper()
        found = find(code)
        if found is None:
            raise BadCell("企业台账里没有这个代码，或不在您的范围内。请核对，或先导入企业。")
        return found

    return read


def writer(scope: Scope, rows: Sequence[Row], now: datetime) -> Write:
    """Registers a row; one that was registered before stays as it is, whatever became of it since."""
    known = set(Issue.objects.filter(uuid__in=[row.uuid for row in rows]).values_list("uuid", flat=True))

    def write(row: Row) -> Outcome:
        if row.uuid in known:
            return Outcome.SAME
        values = dict(row.values)
        enterprise, township = values.get("enterprise"), values.get("township")
        if township is None and enterprise is not None:
            township = township_on(enterprise, values["received_on"])
        if township is None:
            raise FieldErrors({"township": "请填写镇街，或填写企业的统一社会信用代码。"})
        issue_register(
            uuid=row.uuid,
            title=values["title"],
            description=values.get("description") or "",
            category=values["category"],
            township=township,
            enterprise=enterprise,
            received_on=values["received_on"],
            source=SOURCE,
            actor=scope,
            now=now,
        )
        return Outcome.CREATED

    return write


IMPORT = ImportKind(
    code="issues",
    label="问题诉求",
    action="issue.import",
    columns=columns,
    writer=writer,
    # The transaction holds the counter of issue numbers: nobody else registers until it ends.
    most_rows=1000,
    notes=("每行登记一条诉求，从“登记”开始办理；以前导入过的同一行不会重复登记。反映人的姓名、电话不要写在表里。",),
)
