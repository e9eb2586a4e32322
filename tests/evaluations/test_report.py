"""The annual report takes the published results up, in every format."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from casework.models import Category
from casework.services import issue_register
from tests.evaluations.cast import Year
from unionportal.core.common import clock
from unionportal.reporting.rollups.refresh import recompute
from visits.services.awards import award_revoke

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(year: Year, tmp_path: Path) -> Any:
    """The report of 2024 in a format, as the district would print it now."""
    issue_register(
        uuid=uuid4(),
        title="返还款未到账",
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=year.jishan,
        received_on=clock.today(),
        actor=year.scope("staff"),
    )
    recompute()

    def write(file_format: str) -> Path:
        file = tmp_path / f"report.{file_format}"
        call_command("export_annual_report", year=2024, format=file_format, output=file)
        return file

    return write


def word(file: Path) -> tuple[str, list[str]]:
    """The text, and the cells of the table of awards below its header."""
    document = Document(file)
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "等次")
    return "\n".join(p.text for p in document.paragraphs), [cell.text for row in table.rows[1:] for cell in row.cells]


def test_results_stand_in_word_excel_and_pdf(year: Year, reported: Any) -> None:
    best, other = year.under_review("快递员入会难在哪里", "驿站夜间开放")
    year.scored(best, 9, 9, 9)
    year.scored(other, 6, 6, 6)
    text, cells = word(reported("docx"))
    assert "2024年度评议的结果尚未公布。" in text
    assert set(cells) == {"—"}
    sheet = CalamineWorkbook.from_path(str(reported("xlsx"))).get_sheet_by_name("年评议").to_python()
    assert sheet[-1][0] == "尚未公布"

    year.published(best)
    text, cells = word(reported("docx"))
    assert "2024年度评议于2024年9月12日公布，共评审优秀调研成果2件、合理化建议0件，评出获奖成果1件。" in text
    assert cells == ["一等奖", "优秀调研成果", "快递员入会难在哪里", "陈驻联", "90.00"]
    sheet = CalamineWorkbook.from_path(str(reported("xlsx"))).get_sheet_by_name("年评议").to_python()
    assert sheet[-1][:4] == ["一等奖", "优秀调研成果", "快递员入会难在哪里", "陈驻联"]
    pdf = "".join(page.extract_text() for page in PdfReader(reported("pdf")).pages)
    assert "快递员入会难在哪里" in "".join(pdf.split())

    award_revoke(nomination_id=best.pk, reason="查实抄袭", actor=year.scope("leader"))
    _, cells = word(reported("docx"))
    assert set(cells) == {"—"}
