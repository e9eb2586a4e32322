"""Monthly briefs and quarterly analyses: their sentences, what they are compared with, and that they state what pages and API state."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from pypdf import PdfReader

from casework.models import Issue
from tests.people import District, client_for, scope_of
from tests.reports.conftest import at, moved, registered
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.services import parameter_set
from unionportal.reporting import freezing
from unionportal.reporting.reports.book import report_book
from unionportal.reporting.reports.files import report_file
from unionportal.reporting.rollups.refresh import refresh

pytestmark = pytest.mark.django_db


def words(kind: str, start: date, file_format: str) -> str:
    """Everything a file says, sentences and cells."""
    content = report_file(kind, start, file_format).content
    if file_format == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        return "".join(text.split())
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join("".join([*(p.text for p in document.paragraphs), *cells]).split())


@pytest.mark.parametrize("file_format", ["docx", "pdf"])
def test_a_brief_states_the_month_and_compares_it(year: District, file_format: str) -> None:
    with clock.at(at(7, 5)):
        text = words("monthly", date(2024, 6, 1), file_format)
    assert "2024年6月“越工周记”工作月报" in text
    assert "收集录入问题诉求3件，已化解1件，化解率33.33%" in text
    assert "与上月相比，收集录入增加3件，上月化解率—" in text
    assert "自2024年3月推行“越工周记”以来，累计走访0家次，收集录入问题诉求4件，已化解2件，化解率50.00%" in text
    assert "走访（家次）" in text, "as the portal calls it"
    assert "走访次数" not in text
    assert "期末没有超过办理期限仍未反馈的诉求" in text
    assert "2024年6月未冻结实时数据" in text, "the appendix names the state of each month"
    assert "化解率：已化解÷收集录入（口径第1版，2023年4月1日起）" in text


@pytest.mark.parametrize("file_format", ["docx", "pdf"])
def test_an_analysis_states_the_quarter_and_what_rises(year: District, file_format: str) -> None:
    cadre = scope_of(year.cadre())
    for _ in range(3):
        registered(year, cadre, 8, "wage_arrears")
    with clock.at(at(10, 5)):
        refresh()
        text = words("quarterly", date(2024, 7, 1), file_format)
    assert "2024年第3季度“越工周记”工作分析" in text
    assert "与上季度相比，收集录入持平" in text
    assert "比上期增加较多的是" in text
    assert "（0件增至3件）" in text


def test_what_is_late_and_who_is_slow_is_said(year: District) -> None:
    cadre, staff = scope_of(year.cadre()), scope_of(year.staff())
    late = registered(year, cadre, 8, "dues_refund")
    late = moved(late, at(8, 12), staff, "assign", unit=year.department)
    with clock.at(at(10, 5)):
        refresh()
        book = report_book("monthly", date(2024, 9, 1))
        text = words("monthly", date(2024, 9, 1), "docx")
    assert book.overdue.count == 1
    assert [(row.code, row.holder) for row in book.overdue.longest] == [(late.code, year.department.name)]
    assert [(line.label, line.received, line.overdue) for line in book.holders] == [(year.department.name, 0, 1)]
    assert "期末超过办理期限仍未反馈的诉求1件" in text
    assert late.code in text
    assert late.title not in text, "what people wrote does not leave the portal in a report"


def test_a_unit_is_slow_from_as_many_issues_on_as_the_parameter_says(year: District) -> None:
    """A township of two in time, a department of one too late: one in three is below the district's rate."""
    cadre, staff, handler = scope_of(year.cadre()), scope_of(year.staff()), scope_of(year.handler(year.department))
    late = moved(registered(year, cadre, 6, "dues_refund"), at(6, 12), staff, "assign", unit=year.department)
    late = moved(late, at(6, 13), handler, "accept")
    late = moved(late, at(8, 1), handler, "report", note="已到账")
    late = moved(late, at(8, 1), staff, "follow_up", satisfaction="satisfied")
    moved(late, at(8, 1), staff, "close", outcome="resolved")
    with clock.at(at(8, 5)):
        refresh()
        assert "按时办结率低于全区" not in words("monthly", date(2024, 6, 1), "docx")
        parameter_set(key="figures.small_denominator", value=1, effective_on=date(2024, 8, 5), actor=SYSTEM)
        text = words("monthly", date(2024, 6, 1), "docx")
    assert f"主要有{year.department.name}（0.00%）（有期限的办结不少于1件的单位）" in text


@pytest.mark.parametrize(("kind", "start"), [("monthly", date(2024, 6, 1)), ("annual", date(2024, 1, 1))])
def test_a_period_that_runs_is_not_measured_against_whole_ones(year: District, kind: str, start: date) -> None:
    with clock.at(at(6, 20)):
        refresh()
        text = words(kind, start, "docx")
    assert "增加" not in text
    assert "减少" not in text
    assert ("上月全月收集录入0件，化解率—（本期未过完，不作增减比较）" in text) == (kind == "monthly")


def test_a_month_without_issues_says_so_and_divides_by_nothing(year: District) -> None:
    with clock.at(at(7, 5)):
        text = words("monthly", date(2024, 4, 1), "docx")
        assert words("monthly", date(2024, 4, 1), "pdf")
    assert "收集录入问题诉求0件，已化解0件，化解率—" in text
    assert "本期没有收集录入问题诉求" in text


def test_a_frozen_month_is_reported_as_published_and_its_revision_is_named(year: District) -> None:
    staff = scope_of(year.staff())
    with clock.at(at(7, 8)):
        freezing.month_freeze(month=date(2024, 6, 1), actor=staff)
    moved(Issue.objects.get(state="registered"), at(8, 1), staff, "close", outcome="explained", note="已说明")
    with clock.at(at(8, 2)):
        refresh()
        text, book = words("monthly", date(2024, 6, 1), "docx"), report_book("monthly", date(2024, 6, 1))
        assert (book.total.figures.counts["explained"], book.revisions) == (1, {"2024-06": 1})
        assert "2024年6月第1版2024年7月8日冻结" in text
        freezing.month_revise(month=date(2024, 6, 1), reason="补录办结", actor=staff)
        book = report_book("monthly", date(2024, 6, 1))
    assert (book.total.figures.counts["explained"], book.revisions) == (2, {"2024-06": 2})


def test_reports_and_api_state_the_same_figures(year: District) -> None:
    with clock.at(at(7, 8)):
        freezing.month_freeze(month=date(2024, 6, 1), actor=scope_of(year.staff()))
        for kind, period, start in (
            ("monthly", "month", date(2024, 6, 1)),
            ("quarterly", "quarter", date(2024, 4, 1)),
            ("annual", "year", date(2024, 1, 1)),
        ):
            book = report_book(kind, start)
            query = {"period": period, "start": start.isoformat(), "unit": "330602", "state": "frozen"}
            (row,) = client_for(year.leader()).get("/api/v1/rollups/", query).json()["results"]
            figures = book.total.figures
            assert {name: row[name] for name in figures.counts if name in row} == {
                name: value for name, value in figures.counts.items() if name in row
            }
            assert (row["open_at_end"], row["status"], row["revision"]) == (
                figures.open_at_end,
                figures.status,
                figures.revision,
            )
            assert row["rates"]["resolution"]["value"] == str(figures.rates["resolution"].value)


def test_months_and_quarters_add_up_to_the_year(year: District) -> None:
    with clock.at(at(7, 5)):
        book = report_book("annual", date(2024, 1, 1))
    for lines in (book.months, book.quarters, book.townships):
        assert sum(line.figures.counts["received"] for line in lines) == 4
    assert book.since_start.figures.counts == book.total.figures.counts
    assert book.since_start.figures.median_workdays == book.total.figures.median_workdays


def test_the_commands_write_every_kind(year: District, tmp_path: Path) -> None:
    file = tmp_path / "brief.pdf"
    with clock.at(at(7, 5)):
        call_command("export_report", "monthly", period="2024-06", format="pdf", output=file)
        assert file.read_bytes().startswith(b"%PDF")
        call_command("export_report", "quarterly", period="2024-Q2", format="docx", output=file)
        assert Document(file).tables
        call_command("export_annual_report", year=2024, format="pdf", output=file)
        assert file.read_bytes().startswith(b"%PDF")
        for wrong, message in (
            ({"period": "2024-6", "format": "pdf"}, "应写作 2024-09"),
            ({"period": "2024-13", "format": "pdf"}, "应写作 2024-09"),
            ({"period": "1990-01", "format": "pdf"}, "没有1990年1月的统计数据"),
        ):
            with pytest.raises(CommandError, match=message):
                call_command("export_report", "monthly", output=file, **wrong)


def test_the_pdf_is_an_official_paper(year: District) -> None:
    with clock.at(at(7, 5)):
        reader = PdfReader(BytesIO(report_file("annual", date(2024, 1, 1), "pdf").content))
    first = reader.pages[0]
    assert [round(float(side) / 72 * 25.4) for side in first.mediabox[2:]] == [210, 297]
    assert reader.metadata is not None
    assert "工作报告" in (reader.metadata.title or "")
    assert all(f"—{number}—" in "".join(page.extract_text().split()) for number, page in enumerate(reader.pages, 1))
    fonts = {str(font.get_object()["/BaseFont"]) for font in first["/Resources"]["/Font"].values()}
    assert fonts
    assert all("NotoS" in name for name in fonts), "only the faces that come with the portal"
    assert reader.trailer["/Root"]["/Lang"].startswith("zh")
