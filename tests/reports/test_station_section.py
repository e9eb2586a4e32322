"""The annual report's section of stations: there where the district has some, the same figures in Word, PDF and Excel, nothing where it has none."""

import re
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from stations.models import CheckInDay, StationRating
from tests.dashboard.test_stations import planned
from tests.people import District
from tests.stations.cast import WEDNESDAY, StationCast
from tests.stations.events import counted, held_event
from tests.stations.test_service_figures import renovated, reported
from unionportal.core.common import clock
from unionportal.reporting.rollups.refresh import refresh

pytestmark = pytest.mark.django_db
COUNTED = "点数1,250＋扫码9＋估算80＝1,339人次（计数方式不同，同一人同一天可能重复）"


@pytest.fixture
def stations(year: District) -> District:
    """2024 with two stations, two events, people counted in all three ways, and a report by a station's code."""
    with clock.at(WEDNESDAY):
        cast = StationCast(year)
        station, other = cast.station(), cast.station(hours=[])
        renovated(cast, station, date(2024, 5, 1))
        held_event(cast, station, attendance=30)
        held_event(cast, other, attendance=40, attendance_way="estimate", kind="lecture")
        counted(cast, station, 1250)
        counted(cast, station, 80, on=date(2024, 8, 1), way="estimate", end_on=date(2024, 8, 31), basis="按电量")
        CheckInDay.objects.create(station=other, day=date(2024, 9, 2), number=9)
        reported(cast, station)
        StationRating.objects.create(uuid=uuid4(), station=station, stars=4, rated_on=date(2024, 9, 3))
        planned(cast, renovated=3)
        refresh()
    return year


def made(folder: Path, file_format: str) -> Path:
    file = folder / f"report.{file_format}"
    call_command("export_annual_report", year=2024, format=file_format, output=file)
    return file


def test_word_says_it_and_numbers_its_tables(stations: District, tmp_path: Path) -> None:
    document = Document(made(tmp_path, "docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "九、户外劳动者驿站" in text
    assert "有户外劳动者驿站2个，其中标杆型0个、智能化型0个，24小时开放1个" in text
    assert "完成提升改造1个（本年计划1个，各年计划共1个）" in text
    assert "举办驿站活动2场，其中“六送”1场，支出400.00元；活动参加人次点数30、估算40" in text
    assert COUNTED in text
    assert "反映问题诉求1件。登记维修0件，已修好0件；职工评价1次，平均4.0星，不满意0次。" in text
    assert "台账和驿站的数据以生成报告时的记录为准" in text
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for table in document.tables for row in table.rows}
    assert "标杆型应有1个、现有0个，还差1个" in text
    assert "全区2024年建设计划：新建计划0个、完成0个、改造计划3个、完成1个" in text
    assert rows["标杆型"] == ["标杆型", "0", "1", "1", "0.00%"]
    assert rows["合计"] == ["合计", "2", "0", "1", "2", "1250", "9", "80", "1"]
    numbers = [int(n) for n in re.findall(r"^表(\d+)　", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_pdf_says_the_same(stations: District, tmp_path: Path) -> None:
    text = "".join(page.extract_text() for page in PdfReader(made(tmp_path, "pdf")).pages)
    plain = re.sub(r"\s+", "", text)
    assert "九、户外劳动者驿站" in plain
    assert COUNTED in plain


def test_excel_has_a_column_a_way(stations: District, tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(str(made(tmp_path, "xlsx")))
    rows = book.get_sheet_by_name("各镇街驿站").to_python()
    header = next(row for row in rows if row[0] == "镇街")
    total = dict(zip(header, next(row for row in rows if row[0] == "合计"), strict=False))
    assert [total[name] for name in ("驿站", "活动", "点数", "扫码", "估算", "反映")] == [2, 2, 1250, 9, 80, 1]
    targets = {row[0]: row[1:] for row in book.get_sheet_by_name("驿站目标").to_python()}
    assert targets["每个镇街至少 1 个站点"][:3] == [1, 3, 2]
    plans = book.get_sheet_by_name("驿站计划").to_python()
    assert plans[3][3:5] == ["改造计划", "改造完成"]
    assert [(row[0], *row[3:5]) for row in plans[4:]] == [("全区", 3, 1), ("稽山街道", 3, 1)]
    figures = {row[0]: row[1] for row in book.get_sheet_by_name("驿站").to_python()}
    assert (figures["服务人次（点数）"], figures["服务人次怎么加"]) == (1250, COUNTED)


def test_a_district_without_stations_reads_nothing_of_them(year: District, tmp_path: Path) -> None:
    document = Document(made(tmp_path, "docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "驿站" not in text
    numbers = [int(n) for n in re.findall(r"^表(\d+)　", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    pdf = "".join(page.extract_text() for page in PdfReader(made(tmp_path, "pdf")).pages)
    assert "驿站" not in pdf
    assert "驿站" not in CalamineWorkbook.from_path(str(made(tmp_path, "xlsx"))).sheet_names
