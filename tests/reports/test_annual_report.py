"""The annual report: the same figures as the pages, in a layout an office accepts, opened by a real office suite."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.shared import Mm
from python_calamine import CalamineWorkbook

from tests.people import District, client_for
from unionportal.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def word(year: District, tmp_path: Path) -> Path:
    file = tmp_path / "report.docx"
    call_command("export_annual_report", year=2024, format="docx", output=file)
    return file


@pytest.fixture
def excel(year: District, tmp_path: Path) -> Path:
    file = tmp_path / "report.xlsx"
    call_command("export_annual_report", year=2024, format="xlsx", output=file)
    return file


def test_the_text_states_the_figures_as_the_press_does(word: Path) -> None:
    text = "\n".join(paragraph.text for paragraph in Document(word).paragraphs)
    assert "收集录入问题诉求4件，已化解2件，化解率50.00%" in text
    assert "已解释1件" in text
    assert "到期末未办结1件" in text
    assert "化解率：已化解 ÷ 收集录入" in text, "the appendix defines what is stated"


def test_tables_agree_with_the_rows(word: Path) -> None:
    tables = {t.rows[0].cells[0].text: t for t in Document(word).tables}
    months = {row.cells[0].text: [c.text for c in row.cells[1:4]] for row in tables["月份"].rows}
    assert months["3月"] == ["1", "1", "100.00%"]
    assert months["6月"] == ["3", "1", "33.33%"]
    assert months["4月"] == ["0", "0", "—"], "nothing received is no rate, not 0 %"
    townships = {row.cells[0].text: row.cells[2].text for row in tables["镇街"].rows}
    assert townships["稽山街道"] == "4"
    assert townships["富盛镇"] == "0"


def test_the_paper_has_the_layout_of_official_papers(word: Path) -> None:
    document = Document(word)
    section = document.sections[0]
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(m.mm) for m in margins] == [37, 28, 35, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.page_width - section.left_margin - section.right_margin == pytest.approx(Mm(156), abs=1000)
    grid = section._sectPr.find(f"{{{WORD}}}docGrid")
    assert {k.split("}")[1]: v for k, v in grid.attrib.items()} == {
        "type": "linesAndChars",
        "linePitch": "580",
        "charSpace": "-848",
    }
    for style, size, face in (
        ("Normal", 16, "仿宋_GB2312"),
        ("Title", 22, "方正小标宋简体"),
        ("Heading 1", 16, "黑体"),
    ):
        fonts = document.styles[style].element.rPr.find(f"{{{WORD}}}rFonts")
        assert document.styles[style].font.size.pt == size
        assert fonts.get(f"{{{WORD}}}eastAsia") == face
    assert section.footer.paragraphs[0].text.startswith("— ")
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(f"{{{WORD}}}tblHeader") is not None, "the header row is repeated"


def test_the_workbook_holds_numbers_and_native_charts(excel: Path) -> None:
    book = CalamineWorkbook.from_path(str(excel))
    assert book.sheet_names == [
        *("概览", "各月", "各季度", "各镇街", "各类别"),
        *("各承办单位", "专项台账", "年评议", "数据版次", "口径"),
    ]
    rows = book.get_sheet_by_name("各月").to_python()
    header = next(row for row in rows if row and row[0] == "月份")
    june = dict(zip(header, next(row for row in rows if row[0] == "6月"), strict=False))
    assert (june["收集录入"], june["已化解"]) == (3, 1)
    assert june["化解率"] == pytest.approx(1 / 3)
    with ZipFile(excel) as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/charts/chart")]) == 3
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<f>" not in sheet


@pytest.mark.parametrize("kind", ["word", "excel"])
def test_an_office_suite_opens_it(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is missing: run `make test`, which installs it"
    file: Path = request.getfixturevalue(kind)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_staff_downloads_it_from_the_page_and_the_trail_says_so(year: District) -> None:
    staff = client_for(year.staff())
    page = staff.get("/reports/").content.decode()
    assert "/reports/annual/2024.docx" in page
    assert "50.00%" in page
    answer = staff.get("/reports/annual/2024.docx")
    assert answer.status_code == 200
    assert "2024" in answer.headers["Content-Disposition"]
    assert any("收集录入问题诉求4件" in p.text for p in Document(BytesIO(answer.content)).paragraphs)
    assert AuditEntry.objects.filter(action="report.download", object_id="2024").count() == 1


def test_who_may_not_have_it(year: District) -> None:
    for outsider in (year.cadre(), year.township_clerk(), year.handler(), year.sysadmin()):
        client = client_for(outsider)
        assert client.get("/reports/").status_code == 403
        assert client.get("/reports/annual/2024.xlsx").status_code == 403


def test_a_year_without_figures_is_said_in_words(year: District, tmp_path: Path) -> None:
    assert client_for(year.staff()).get("/reports/annual/1990.docx").status_code == 404
    with pytest.raises(CommandError, match="没有1990年的统计数据"):
        call_command("export_annual_report", year=1990, format="docx", output=tmp_path / "x.docx")


def test_an_empty_district_has_a_page_that_says_what_is_missing(district: District) -> None:
    assert "还没有可以出报告的年度" in client_for(district.staff()).get("/reports/").content.decode()
