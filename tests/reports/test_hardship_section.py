"""The annual report's section of hardship aid: there where the district keeps files, the dashboard's figures in Word, PDF and Excel, no person."""

import re
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from hardship.models import FileMember
from tests.dashboard.test_dashboard import tile
from tests.hardship.aided import aided
from tests.hardship.cast import WEDNESDAY, Cast
from tests.people import District
from tests.reports.test_station_section import made
from tests.stations.cast import StationCast
from unionportal.core.common import clock
from unionportal.reporting.rollups.refresh import refresh
from unionportal.reporting.small_numbers import unpointed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(year: District) -> Cast:
    """2024 with three households; the clock of the reports stands in September, as they were made."""
    with clock.at(WEDNESDAY):
        cast = Cast(year)
        aided(cast)
        refresh()
    return cast


def test_word_says_what_the_dashboard_says(cast: Cast, tmp_path: Path) -> None:
    document = Document(made(tmp_path, "docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "九、困难职工帮扶" in text, "without stations it follows the year's evaluation"
    tiles = cast.client("leader").get("/dashboard/hardship/?year=2024").content.decode()
    in_force, grants, aid = (tile(tiles, name) for name in ("在档困难家庭", "帮扶人次", "帮扶金额"))
    assert f"末，全区在档困难职工家庭{in_force}户，其中深度困难1户、相对困难0户、意外致困0户；期初在档0户。" in text
    assert "本期新建档3户次，脱困2户次，清档0户次，返困1户次。" in text
    assert "产生困难线索2条，核实1条，由线索建档0条，期末未了结2条。制定帮扶措施3项，完成1项，期末逾期2项。" in text
    assert f"发放帮扶{grants}人次、{aid}元，按资金分，中央帮扶资金1人次1,000.00元、区级帮扶资金1人次200.00元；" in text
    assert "结算1单、65.50元" in text
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for table in document.tables for row in table.rows}
    assert rows["稽山街道"] == ["稽山街道", "不列", "3", "不列", "不列", "不列", "不列", "不列"]
    assert rows["合计"] == ["合计", "1", "3", "2", "2", "2", "1,200.00", "2"]
    assert "台账和困难帮扶的数据以生成报告时的记录为准" in text
    assert (
        "在档困难家庭：期末在档的家庭，即按办理记录已审批建档、之后没有脱困或清档的（口径第1版，2023年4月1日起）"
        in text
    )
    names = [member.opened("name") for member in FileMember.objects.all()]
    whole = text + str(rows)
    assert not [name for name in names if name in whole]
    numbers = [int(n) for n in re.findall(r"^表(\d+)　", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_pdf_and_excel_say_the_same_and_stations_come_first(cast: Cast, tmp_path: Path) -> None:
    with clock.at(WEDNESDAY):
        StationCast(cast.district).station()
    text = "\n".join(paragraph.text for paragraph in Document(made(tmp_path, "docx")).paragraphs)
    assert re.findall(r"^([九十]、.*)$", text, re.MULTILINE) == ["九、户外劳动者驿站", "十、困难职工帮扶"]
    plain = re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(made(tmp_path, "pdf")).pages))
    assert "十、困难职工帮扶" in plain
    assert "期末未了结2条" in plain
    book = CalamineWorkbook.from_path(str(made(tmp_path, "xlsx")))
    figures = {row[0]: row[1] for row in book.get_sheet_by_name("困难帮扶").to_python()}
    assert (figures["在档困难家庭（户）"], figures["帮扶金额（元）"], figures["脱困（户次）"]) == (1, 1200, 2)
    places = {row[0]: row for row in book.get_sheet_by_name("各镇街困难帮扶").to_python()}
    assert places["稽山街道"][1] == "不列"
    paid = [row[:4] for row in book.get_sheet_by_name("帮扶发放").to_python()[4:]]
    assert paid == [
        ["中央帮扶资金", "资金", 1, 1000],
        ["区级帮扶资金", "资金", 1, 200],
        ["2024年送清凉", "其中四季帮扶", 1, 1000],
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([0, 5, 12], [0, 5, 12]),
        ([1, 2, 9], ["少于3", "少于3", 9]),
        ([2, 9, 4, 0], ["少于3", 9, "不列", 0]),
        ([1, 1, 9], ["少于3", "少于3", "不列"]),
        ([2, 3, 3], ["少于3", "不列", "不列"]),
        ([1, 3, 9], ["少于3", "不列", "不列"]),
        ([2, 0], ["不列", "不列"]),
        ([2], ["不列"]),
    ],
)
def test_small_numbers_cannot_be_taken_from_the_sum(numbers: list[int], said: list[int | str]) -> None:
    assert unpointed(numbers) == said


def test_a_district_without_files_reads_nothing_of_them(year: District, tmp_path: Path) -> None:
    text = "\n".join(paragraph.text for paragraph in Document(made(tmp_path, "docx")).paragraphs)
    assert "困难职工帮扶" not in text
    assert not [name for name in CalamineWorkbook.from_path(str(made(tmp_path, "xlsx"))).sheet_names if "帮扶" in name]
