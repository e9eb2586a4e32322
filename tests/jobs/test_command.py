"""`import_workbook`, as an operator runs it."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from casework.models import Issue
from tests.jobs.builders import ISSUE_HEADINGS, cells, enterprise_rows, xlsx
from tests.people import District
from unionportal.core.audit.models import AuditEntry
from unionportal.core.orgs.models import Enterprise


def stored(folder: Path, *rows) -> Path:
    path = folder / "表.xlsx"
    path.write_bytes(xlsx(*rows).read())
    return path


def test_a_dry_run_and_then_the_whole(district: District, tmp_path: Path, capsys) -> None:
    path = stored(tmp_path, *enterprise_rows(2))
    call_command("import_workbook", "enterprises", str(path), dry_run=True)
    assert "检查通过，没有写入：新增 2 行" in capsys.readouterr().out
    assert not Enterprise.objects.exists()
    for created, same in ((2, 0), (0, 2)):
        call_command("import_workbook", "enterprises", str(path))
        assert f"已导入：新增 {created} 行，更新 0 行，已有，不变 {same} 行。" in capsys.readouterr().out
    assert Enterprise.objects.count() == 2
    assert AuditEntry.objects.filter(action="import.finish", actor=None).count() == 2


def test_wrong_rows_are_printed_and_nothing_is_written(district: District, tmp_path: Path, capsys) -> None:
    rows = enterprise_rows(2)
    path = stored(tmp_path, *rows, ("123", "码错了（演示）", "稽山街道"))
    report = tmp_path / "标注.xlsx"
    with pytest.raises(CommandError, match="3 行中有 1 处问题，一行也没有写入"):
        call_command("import_workbook", "enterprises", str(path), report=report)
    told = capsys.readouterr().out
    assert "第 4 行 统一社会信用代码“123”：统一社会信用代码应为 18 位，现在是 3 位。" in told
    assert not Enterprise.objects.exists()
    assert cells(report.read_bytes())[3][-1].startswith("统一社会信用代码：")
    assert list(tmp_path.glob("*标注*")) == [report]


@pytest.mark.parametrize("name", ["没有.xlsx", "坏.xlsx"])
def test_what_cannot_be_read_is_said(district: District, tmp_path: Path, name: str) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    with pytest.raises(CommandError, match=r"无法读取|打不开"):
        call_command("import_workbook", "issues", str(tmp_path / name))


def test_issues_without_an_account(district: District, tmp_path: Path) -> None:
    path = stored(tmp_path, ISSUE_HEADINGS, ("返还款未到账", "工会经费返还", "2024-09-12", "", "富盛镇", ""))
    call_command("import_workbook", "issues", str(path))
    issue = Issue.objects.get()
    assert (issue.registered_by_id, issue.source_kind, issue.township.code) == (None, "import", "330602108")
