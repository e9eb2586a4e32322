"""The list as a file: the open view, within reach, audited, and never a formula."""

import csv
import zipfile
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from casework.exporting import COLUMNS
from tests.casework.cast import Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.tables import plain


def taken(cast: Cast, who: str, query: str = "") -> list[dict[str, str]]:
    answer = cast.client(who).get(f"/issues/export/?format=csv&{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_open_view_is_what_is_taken_out(cast: Cast) -> None:
    closed = cast.issue_in("closed")
    cast.issue(title="另一件")
    rows = taken(cast, "staff", "state=closed")
    assert [row["编号"] for row in rows] == [closed.code]
    assert {name: rows[0][name] for name in ("状态", "办理结果", "类别", "镇街", "收集日期", "满意度")} == {
        "状态": "已办结",
        "办理结果": "已化解",
        "类别": "工会经费返还",
        "镇街": "稽山街道总工会",
        "收集日期": "2024-09-04",
        "满意度": "满意",
    }
    assert len(taken(cast, "staff")) == 2
    entry = AuditEntry.objects.get(action="issue.export", data__filters=["state"])
    assert (entry.actor_id, entry.data) == (cast.users["staff"].pk, {"format": "csv", "filters": ["state"]})


def test_only_within_reach(cast: Cast) -> None:
    here = cast.issue()
    cast.issue(title="别处的", township=cast.fusheng, enterprise=cast.quarry, actor=cast.scope("staff"))
    assert [row["编号"] for row in taken(cast, "clerk")] == [here.code]
    assert len(taken(cast, "leader")) == 2
    for who in ("registrar", "handler", "auditor"):
        assert cast.client(who).get("/issues/export/").status_code == 403


def test_text_is_never_a_formula(cast: Cast) -> None:
    for title in ("=HYPERLINK(1)", "+1", "-2", "@SUM(A1)"):
        cast.issue(title=title)
    assert {row["标题"] for row in taken(cast, "staff")} == {"'=HYPERLINK(1)", "'+1", "'-2", "'@SUM(A1)"}
    answer = cast.client("staff").get("/issues/export/?format=xlsx")
    content = b"".join(answer.streaming_content)
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == list(COLUMNS)
    assert {row[1] for row in sheet[1:]} == {"=HYPERLINK(1)", "+1", "-2", "@SUM(A1)"}
    assert b"<f>" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "cell"), [("\t=1", "'\t=1"), ("＝1+1", "'＝1+1"), ("正常", "正常"), (None, ""), (7, 7)]
)
def test_a_cell(value: object, cell: object) -> None:
    assert plain(value) == cell


def test_a_filter_nobody_can_read_does_not_widen_into_everything(cast: Cast) -> None:
    cast.issue()
    for query in ("state=nonsense", "received_from=2024-02-30", "township=1"):
        assert cast.client("staff").get(f"/issues/export/?{query}").status_code == 400
    assert cast.client("staff").get("/issues/export/?format=exe").status_code == 404
    assert not AuditEntry.objects.filter(action="issue.export").exists()


def test_the_list_offers_it_with_its_filters(cast: Cast) -> None:
    cast.issue()
    page = cast.client("staff").get("/issues/?state=open").content.decode()
    assert "/issues/export/?state=open&amp;format=csv" in page
    assert "/issues/export/" not in cast.client("registrar").get("/issues/").content.decode()
