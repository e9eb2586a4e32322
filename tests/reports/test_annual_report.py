"""The annual report: the same figures as the pages, in a layout an office accepts, opened by a real office suite."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests.people import District, client_for
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.gongwen import TEXT_WIDTH
from unionportal.reporting.models import Report
from unionportal.reporting.reports import typesetting
from unionportal.reporting.reports.blocks import Figure
from unionportal.reporting.reports.charts import Chart, Series
from unionportal.reporting.reports.outline import OUTLINES

pytestmark = pytest.mark.django_db
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def word(year: District, tmp_path: Path) -> Path:
    file = tmp_path / "report.docx"
    call_command("export_annual_report", year=2024, format="docx", output=file)
    return file


@pytest.fixture
def excel(year: District, tmp_path: Path) -> Path:
    file = tmp_path / "figures.xlsx"
    call_command("export_annual_report", year=2024, format="xlsx", output=file)
    return file


def test_the_text_states_the_figures_as_the_press_does(word: Path) -> None:
    text = "\n".join(paragraph.text for paragraph in Document(word).paragraphs)
    assert "收集录入问题诉求4件，已化解2件，化解率50.00%" in text
    assert "已解释1件" in text
    assert "连同以前收集的，到期末全部未办结1件" in text, "a stock does not stand in the sentence of what was received"
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


def test_pictures_headings_and_page_numbers_are_those_of_official_papers(word: Path) -> None:
    document = Document(word)
    pictures = document.inline_shapes
    assert len(pictures) == sum(isinstance(block, Figure) for block in OUTLINES["annual"])
    for picture in pictures:
        assert picture.width == pytest.approx(Mm(TEXT_WIDTH), rel=0.01)
        assert re.search("[一-鿿]", picture._inline.docPr.get("descr")), "in words, for who cannot see it"
        embedded = document.part.related_parts[picture._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert embedded.image.px_width / (picture.width / Mm(25.4)) > 200, "sharp on paper"
    heading = document.styles["Heading 2"]
    assert heading.font.size.pt == 16
    assert heading.element.rPr.find(f"{{{WORD}}}rFonts").get(f"{{{WORD}}}eastAsia") == "楷体_GB2312"
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 2"] == [
        *("（一）收集与化解", "（二）办理时效", "（三）回访与满意度"),
    ]
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        runs = [run for run in footer.paragraphs[0].runs if run.text or run._r.findall(f"{{{WORD}}}fldChar")]
        assert {run.font.size.pt for run in runs} == {14}


def test_a_chart_is_drawn_with_its_chinese_words() -> None:
    """Where a face lacked them, both would show the same empty boxes."""
    chart = Chart("bars", ["劳动争议"], [Series("收集录入", [3]), Series("已化解", [1])], None, "化解率", 4, 4, "")
    drawn, other = (typesetting.png("chart", one.data()) for one in (chart, replace(chart, labels=["政策咨询"])))
    assert drawn != other
    assert typesetting.png("chart", chart.data()) == drawn


def test_an_office_suite_opens_them_and_no_page_is_empty(word: Path, excel: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is missing: run `make test`, which installs it"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(word), str(excel)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    sheets = len(CalamineWorkbook.from_path(str(excel)).sheet_names)
    for name, least in (("report", 8), ("figures", sheets)):
        pages = ["".join(page.extract_text().split()) for page in PdfReader(tmp_path / f"{name}.pdf").pages]
        assert len(pages) >= least
        said = [re.sub(r"^—\d+—|—\d+—$|第\d+页，共\d+页", "", page) for page in pages]
        assert all(said), f"an empty page among {said}"


def test_staff_downloads_it_from_the_page_and_it_is_kept_with_who_took_it(year: District) -> None:
    person = year.staff()
    staff = client_for(person)
    page = staff.get("/reports/").content.decode()
    assert "/reports/annual/2024.docx" in page
    assert "50.00%" in page
    answer = staff.get("/reports/annual/2024.docx")
    assert answer.status_code == 200
    assert "2024" in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert any("收集录入问题诉求4件" in p.text for p in Document(BytesIO(content)).paragraphs)
    kept = Report.objects.get()
    assert (kept.state, kept.start, kept.format, kept.asked_by) == ("done", date(2024, 1, 1), "docx", person)
    assert [one.user for one in kept.downloads.all()] == [person]
    assert b"".join(staff.get(f"/reports/kept/{kept.pk}/file/").streaming_content) == content
    assert AuditEntry.objects.filter(action="report.download", object_id=str(kept.pk)).count() == 2


def test_who_may_not_have_it(year: District) -> None:
    for outsider in (year.cadre(), year.township_clerk(), year.handler(), year.sysadmin()):
        client = client_for(outsider)
        assert client.get("/reports/").status_code == 403
        assert client.get("/reports/annual/2024.xlsx").status_code == 403
    assert not Report.objects.exists()


def test_a_year_without_figures_is_said_in_words(year: District, tmp_path: Path) -> None:
    assert client_for(year.staff()).get("/reports/annual/1990.docx").status_code == 404
    with pytest.raises(CommandError, match="没有1990年的统计数据"):
        call_command("export_annual_report", year=1990, format="docx", output=tmp_path / "x.docx")


def test_an_empty_district_has_a_page_that_says_what_is_missing(district: District) -> None:
    assert "还没有可以出报告的年度" in client_for(district.staff()).get("/reports/").content.decode()
