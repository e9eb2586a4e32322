"""Every kind of report as a workbook: one sheet a table, numbers that can be counted with, charts that can be edited, fit to read and to print."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from tests.people import District, client_for, scope_of
from tests.reports.conftest import at, moved, registered
from unionportal.core.common import clock
from unionportal.reporting.reports.files import report_file
from unionportal.reporting.rollups.refresh import refresh
from unionportal.reporting.visiting import quota_figures, visit_figures

pytestmark = pytest.mark.django_db
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
YEAR, QUARTER, JUNE = ("annual", date(2024, 1, 1)), ("quarterly", date(2024, 4, 1)), ("monthly", date(2024, 6, 1))
SHEETS = {
    "annual": "概览 各月 各季度 各镇街 各类别 各承办单位 专项台账 年评议 数据版次 口径",
    "quarterly": "概览 近12个月 各月 各类别 各镇街 各承办单位 超期清单 数据版次 口径",
    "monthly": "概览 近12个月 各类别 各镇街 各承办单位 超期清单 数据版次 口径",
}


class Opened:
    """A workbook read as cells, and as the parts it is made of."""

    def __init__(self, content: bytes) -> None:
        self.book = CalamineWorkbook.from_filelike(BytesIO(content))
        self.names = self.book.sheet_names
        with ZipFile(BytesIO(content)) as archive:
            self.parts = {name: fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")}

    def sheet(self, name: str) -> Element:
        return self.parts[f"xl/worksheets/sheet{self.names.index(name) + 1}.xml"]

    def rows(self, name: str) -> dict[Any, dict[str, Any]]:
        """What the first column says -> heading -> value."""
        header, *lines = self.book.get_sheet_by_name(name).to_python(skip_empty_area=False)[3:]
        return {line[0]: dict(zip(header, line, strict=True)) for line in lines if line[0]}

    def formats(self, name: str) -> dict[str, set[str]]:
        """Heading -> the number formats of the numbers below it."""
        styles = self.parts["xl/styles.xml"]
        own = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{MAIN}numFmt")}
        known = {"0": "General", "3": "#,##0", "4": "#,##0.00", "10": "0.00%"} | own
        used = [known[one.get("numFmtId")] for one in styles.find(f"{MAIN}cellXfs")]
        header, *lines = self.sheet(name).findall(f"{MAIN}sheetData/{MAIN}row")[2:]
        headings = self.book.get_sheet_by_name(name).to_python(skip_empty_area=False)[3]
        assert header.get("r") == "4"
        found: dict[str, set[str]] = {heading: set() for heading in headings}
        for line in lines:
            for heading, cell in zip(headings, line, strict=True):
                if cell.get("t") != "s":
                    found[heading].add(used[int(cell.get("s"))])
        return found


def opened(kind: str, start: date) -> Opened:
    with clock.at(at(7, 5)):
        return Opened(report_file(kind, start, "xlsx").content)


@pytest.mark.parametrize(("kind", "start"), [YEAR, QUARTER, JUNE])
def test_every_sheet_is_fit_to_read_and_to_print(year: District, kind: str, start: date) -> None:
    book = opened(kind, start)
    assert book.names == SHEETS[kind].split()
    titles = {one.text for one in book.parts["xl/workbook.xml"].iter(f"{MAIN}definedName")}
    for name in book.names:
        sheet = book.sheet(name)
        pane = sheet.find(f".//{MAIN}pane")
        assert pane.attrib.items() >= {"xSplit": "1", "ySplit": "4", "topLeftCell": "B5", "state": "frozen"}.items()
        paper = sheet.find(f"{MAIN}pageSetup")
        assert (paper.get("paperSize"), paper.get("fitToHeight")) == ("9", "0"), "A4, as long as it takes"
        wide = sum(float(one.get("width")) for one in sheet.iter(f"{MAIN}col"))
        assert wide / int(paper.get("fitToWidth", 1)) < 220, "not shrunk beyond reading"
        assert sheet.find(f".//{MAIN}pageSetUpPr").get("fitToPage") == "1"
        assert "&P" in sheet.find(f".//{MAIN}oddFooter").text
        assert f"{name}!$A:$A,{name}!$4:$4" in titles, "headings are repeated on every printed page"
        assert not list(sheet.iter(f"{MAIN}f")), "figures, no formulas"


@pytest.mark.parametrize(
    ("kind", "start", "charts"), [(*YEAR, "各月 各镇街 各类别"), (*JUNE, "近12个月 各类别 各镇街")]
)
def test_charts_are_native_and_name_their_rows(year: District, kind: str, start: date, charts: str) -> None:
    parts = opened(kind, start).parts
    drawn = [part for name, part in parts.items() if name.startswith("xl/charts/chart")]
    said = [[one.text for one in part.iter() if one.tag.endswith("}f")] for part in drawn]
    assert len(said) == len(charts.split())
    for name, references in zip(charts.split(), said, strict=True):
        assert len(references) in (6, 9), "name, labels and values of two counts, and of the rate where there is one"
        assert all(name in reference for reference in references)


def test_numbers_have_the_format_of_what_they_are(year: District) -> None:
    formats = opened(*YEAR).formats("各月")
    assert formats["收集录入"] == formats["走访（家次）"] == formats["本期办结"] == formats["用时九成值"] == {"#,##0"}
    assert formats["化解率"] == formats["走访达标率"] == {"0.00%"}
    assert formats["用时中位数"] == {"0.0"}


def test_the_overdue_stand_with_a_day_one_can_sort_by(year: District) -> None:
    late = registered(year, scope_of(year.cadre()), 8, "dues_refund")
    late = moved(late, at(8, 12), scope_of(year.staff()), "assign", unit=year.department)
    with clock.at(at(10, 5)):
        refresh()
        book = Opened(report_file("monthly", date(2024, 9, 1), "xlsx").content)
    assert book.rows("超期清单")[late.code]["办理期限"] == late.due_on
    assert book.formats("超期清单")["办理期限"] == {"yyyy-mm-dd"}


def test_the_sheets_state_what_the_selectors_state(year: District) -> None:
    year.enterprise(7, is_key=True)
    book = opened(*YEAR)
    june, place = book.rows("各月")["6月"], book.rows("各镇街")["稽山街道"]
    assert (june["收集录入"], june["已化解"], june["本期办结"]) == (3, 1, 2)
    assert june["化解率"] == pytest.approx(1 / 3)
    assert june["用时中位数"] <= june["用时九成值"]
    for row, first, last, unit in (
        (june, date(2024, 6, 1), date(2024, 6, 30), None),
        (place, date(2024, 1, 1), date(2024, 7, 5), year.township()),
    ):
        quota = quota_figures(start=first, end=last, unit=unit)
        assert (row["应走访周次"], row["走访达标周次"]) == (quota.quota_weeks, quota.quota_met)
        assert quota.quota_weeks
        visits = visit_figures(start=first, end=last, unit=unit)
        assert row["重点企业覆盖率"] == pytest.approx(visits.key_covered / visits.key_total)
    whole = book.rows("概览")
    assert whole["本期办结"]["累计"] == whole["本期办结"]["2024年"] == 3
    assert {"办结用时九成值（工作日）", "重点企业覆盖率", "走访达标率", "本期办结"} <= book.rows("口径").keys()


def test_a_brief_s_workbook_says_what_its_words_say(year: District) -> None:
    book = opened(*JUNE)
    assert list(book.rows("概览")["收集录入"]) == ["指标", "2024年5月", "2024年6月", "累计"]
    trend = book.rows("近12个月")
    assert list(trend) == ["2024年3月", "2024年4月", "2024年5月", "2024年6月"]
    assert [row["收集录入"] for row in trend.values()] == [1, 0, 0, 3]
    assert trend["2024年4月"]["化解率"] == "—", "nothing received is no rate, not 0 %"
    assert sum(row["占比"] for row in book.rows("各类别").values()) == pytest.approx(1)
    assert book.rows("数据版次")["2024年6月"]["版次"] == "未冻结"


def test_it_is_had_from_page_and_command(year: District, tmp_path: Path) -> None:
    file = tmp_path / "brief.xlsx"
    client = client_for(year.staff())
    with clock.at(at(7, 5)):
        for kind, period in (("monthly", "2024-06"), ("quarterly", "2024-Q2")):
            call_command("export_report", kind, period=period, format="xlsx", output=file)
            assert CalamineWorkbook.from_path(str(file)).sheet_names == SHEETS[kind].split()
            assert client.post("/reports/", {"report": f"{kind}:{period}", "format": "xlsx"}).status_code == 302
