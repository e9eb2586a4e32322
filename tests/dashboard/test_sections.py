"""The sections beside the overview: what they say, to whom, and their rows as a file."""

import re
from datetime import date
from uuid import uuid4

import pytest

from tests.dashboard.cases import TODAY, Cases, at
from tests.dashboard.pages import figure_links, rows_behind
from tests.dashboard.test_dashboard import page_of, tile
from tests.people import client_for, scope_of
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.reporting.figures import district
from unionportal.reporting.reports.units import holder_lines
from unionportal.reporting.selectors.handling import handling_lines
from unionportal.reporting.selectors.people import unit_lines
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.views.dashboard import place_of
from visits.services import VisitInput, visit_log


def cells(content: str, name: str) -> list[str]:
    """The words of a table's row that begins with a name."""
    row = next(r for r in re.findall(r"<tr[^>]*>(.*?)</tr>", content, re.S) if f">{name}" in r)
    return [re.sub(r"<[^>]+>|\s+", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)]


def test_a_category_has_its_cohort_its_stock_and_last_year(history: Cases) -> None:
    history.registered(date(2023, 8, 1), history.district.township(), category="safety")
    history.settle()
    content = page_of(history.district.leader(), "/dashboard/categories/?month=2024-08")
    safety = cells(content, "安全隐患")
    assert safety[1:4] == ["1", "0", "0.00%"]
    assert safety[5:] == ["1", "1", "与去年同月持平"]
    total = cells(content, "合计")
    assert total[1:4] == ["15", "12", "80.00%"]


def test_a_unit_has_what_it_holds_and_what_is_late(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/units/?month=2024-08")
    name, held, accepted, on_time, _, in_hand, late = cells(content, "稽山街道")
    assert name.startswith("稽山街道")
    assert (held, accepted, in_hand, late) == ("13", "100.00%", "1", "1")
    assert on_time == "91.67%"


def test_the_late_and_the_prompt_stand_on_one_page(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/overdue/?month=2024-08")
    late, red = content[: content.index('id="red-units"')], content[content.index('id="red-units"') :]
    assert "工资拖欠" in late
    assert "稽山街道" in late
    assert "稽山街道" not in red.split('id="red-towns"')[0]
    assert "迪荡街道" in red
    assert "基数小" in red


def test_times_enterprises_and_visitors_are_told_apart(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/visits/?month=2024-08")
    assert tile(content, "走访（家次）") == "4"
    assert tile(content, "走访企业（家）") == "2"
    assert tile(content, "走访人次") == "4"
    assert tile(content, "覆盖重点企业") == "2/3"
    assert "走访达标，" in content
    clerk = page_of(history.clerk(history.district.township()), "/dashboard/visits/?month=2024-08")
    assert "走访达标，" not in clerk  # a cadre's week runs across townships


def test_the_quota_is_told_cadre_by_cadre_and_week_by_week(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/visits/?month=2024-08")
    table = content[content.index('id="quota-h"') :]
    assert re.search(r"第33周", table)
    assert "1/1" in table
    assert "0/1" in table


@pytest.mark.parametrize(("month", "weeks"), [("2024-08", 4), ("2024-09", 2)])
def test_the_quota_of_a_month_is_that_of_the_page_of_cadres(history: Cases, month: str, weeks: int) -> None:
    """September began on a Sunday: that week, with six days in August, is one of September."""
    leader = history.district.leader()
    table = page_of(leader, f"/dashboard/visits/?month={month}").split('id="quota-h"')[1]
    cadres = page_of(leader, f"/figures/cadres/?month={month}")
    found = re.search(r"应走访 (\d+) 周次，达标 (\d+)", re.sub(r"<[^>]+>", "", table))
    total = re.search(r"（(\d+)/(\d+) 周次）", re.sub(r"<[^>]+>", "", cadres))
    assert found is not None
    assert total is not None
    assert (found[2], found[1]) == (total[1], total[2])
    assert int(found[1]) == 3 * weeks  # three cadres; the second week of September, still running, is not counted
    lines = [cells(cadres, str(cadre))[-1] for cadre in history.cadres.values()]
    assert [cells(table, str(cadre))[-1] for cadre in history.cadres.values()] == lines


@pytest.mark.parametrize("query", ["month=2024-08", "from=2024-07&to=2024-08", "month=2024-08&unit=330602006"])
def test_the_weeks_of_the_quota_open_whatever_the_period_and_place(history: Cases, query: str) -> None:
    client = client_for(history.district.leader())
    content = client.get(f"/dashboard/visits/?{query}").content.decode().split('id="quota-h"')[1]
    links = [link for link in figure_links(content) if link.url.startswith("/figures/")]
    assert len(links) == 2 + len(re.findall(r'<th scope="row">', content))
    for link in links:
        assert rows_behind(client, link.url) == (link.figure, int(link.figure)), link
    clerk = client_for(history.clerk(history.district.township()))
    assert clerk.get(links[0].url).status_code == 403


def test_the_rows_of_visitors_say_how_they_make_the_figure(cases: Cases) -> None:
    enterprise, township = cases.district.enterprise(1), cases.district.township()
    for day, people in ((date(2024, 8, 5), 1), (date(2024, 8, 6), 2)):
        visit = VisitInput(id=uuid4(), visited_on=day, enterprise=enterprise.credit_code, headcount=people)
        visit_log(visit=visit, actor=scope_of(cases.cadre(township), on=day), now=at(day))
    client = client_for(cases.district.leader())
    content = client.get("/dashboard/visits/?month=2024-08").content.decode()
    links = [link for link in figure_links(content) if "measure=headcount" in link.url and link.figure != "0"]
    assert [link.figure for link in links] == ["3", "3"]  # of the district and of its township
    for link in links:
        assert rows_behind(client, link.url) == ("3", 2)
    rows = client.get(links[0].url).content.decode()
    assert "共 3 人次</b>，由 2 次走访的人数相加" in rows
    assert [int(one) for one in re.findall(r'data-label="人数"[^>]*>(\d+)<', rows)] == [2, 1]
    assert "人数" not in client.get("/dashboard/rows/?measure=visits&month=2024-08").content.decode()


def test_more_weeks_than_a_page_holds_are_turned_over(history: Cases) -> None:
    client = client_for(history.district.leader())
    for _ in range(8):
        history.district.cadre()
    content = client.get("/figures/places/330602/weeks/?year=2024").content.decode()
    stated = re.search(r'data-count="(\d+)"', content)
    assert stated
    assert int(stated[1]) > 50
    assert rows_behind(client, "/figures/places/330602/weeks/?year=2024") == (stated[1], int(stated[1]))


def test_stepping_the_period_keeps_the_township_and_the_part_of_a_cadres_weeks(history: Cases) -> None:
    cadre = history.district.cadre()
    page = client_for(history.district.leader()).get(
        f"/figures/cadres/{cadre.pk}/?month=2024-09&unit=330602006&part=met"
    )
    content = page.content.decode()
    picker = content[content.index('aria-label="周期"') :].split("</form>")[0]
    steps = re.findall(r'href="([^"]*)"', picker)
    assert len(steps) >= 4
    assert [step for step in steps if not step.endswith("&amp;unit=330602006&amp;part=met")] == []
    assert '<input type="hidden" name="unit" value="330602006">' in picker


def test_handling_units_have_one_set_of_counts(history: Cases) -> None:
    """The dashboard, the page of units and the report tell the same of every unit."""
    august = date(2024, 8, 1)
    pages = {
        line.name: (str(line.held.count), line.acceptance.words, line.closing.words)
        for line in handling_lines(place_of(scope_of(history.staff), district(), Period("month", august), TODAY))
    }
    report = {
        line.label: (str(line.received), line.acceptance.text, line.closing.text)
        for line in holder_lines("month", august, date(2024, 8, 31), TODAY)
    }
    units = {
        row.unit.short_name: (str(row["received"]), row.rates["acceptance"].text, row.rates["closing"].text)
        for row in unit_lines(scope_of(history.staff), Period("month", august))
        if row["received"]
    }
    assert len(units) == 2
    assert {name: pages[name] for name in units} == {name: report[name] for name in units} == units


def test_rows_can_be_taken_along_as_a_file(history: Cases) -> None:
    staff = client_for(history.staff)
    answer = staff.get("/dashboard/rows/?measure=received&month=2024-08&format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 16
    assert lines[0].startswith("编号,标题")
    assert answer["Content-Type"].startswith("text/csv")
    visits = staff.get("/dashboard/rows/?measure=visits&month=2024-08&format=csv")
    assert len(b"".join(visits.streaming_content).decode("utf-8-sig").splitlines()) == 5
    enterprises = staff.get("/dashboard/rows/?measure=enterprises&month=2024-08&format=csv")
    assert len(b"".join(enterprises.streaming_content).decode("utf-8-sig").splitlines()) == 3
    part = staff.get("/dashboard/rows/?measure=resolution&part=rest&month=2024-08&format=csv")
    assert len(b"".join(part.streaming_content).decode("utf-8-sig").splitlines()) == 4
    assert AuditEntry.objects.filter(action="figure.export").count() == 4
    cadre = client_for(history.cadre(history.district.township()))
    assert cadre.get("/dashboard/rows/?measure=received&month=2024-08&format=csv").status_code == 403
    assert "导出 CSV" not in cadre.get("/dashboard/rows/?measure=received&month=2024-08").content.decode()


def test_rows_of_a_unit_or_cadre_nobody_knows_are_not_found(history: Cases) -> None:
    staff = client_for(history.staff)
    for wrong in ("holder=nobody", "cadre=x", "known=1"):
        assert staff.get(f"/dashboard/rows/?measure=received&month=2024-08&{wrong}").status_code == 404
    assert staff.get("/dashboard/rows/?measure=visits&period=week&start=2024-09-03").status_code == 400


def test_a_holder_in_the_address_opens_nothing_out_of_reach(history: Cases) -> None:
    clerk = client_for(history.clerk(history.district.township("330602007")))
    content = clerk.get("/dashboard/rows/?measure=received&month=2024-08&holder=330602006").content.decode()
    assert "工资拖欠" not in content


@pytest.mark.parametrize("section", ["categories", "units", "overdue", "visits"])
def test_a_section_of_many_rows_costs_what_one_of_few_does(cases: Cases, section: str) -> None:
    leader = client_for(cases.district.leader())
    _fill(cases, 2)
    few = queries_of(leader, f"/dashboard/{section}/?month=2024-08")
    _fill(cases, 15)
    assert queries_of(leader, f"/dashboard/{section}/?month=2024-08") == few


def _fill(cases: Cases, number: int) -> None:
    for count in range(number):
        township = cases.district.township(("330602006", "330602007", "330602108")[count % 3])
        cases.visit(cases.district.enterprise(count % 3, township=township, is_key=True), date(2024, 8, 5))
        cases.in_progress(date(2024, 8, 5), township, category=("training", "safety", "legal")[count % 3])
    cases.settle()


def test_the_wall_renews_itself_only_when_something_changed(history: Cases) -> None:
    leader = client_for(history.district.leader())
    page = leader.get("/dashboard/wall/").content.decode()
    assert "2024年9月 · 全区" in page
    assert "主导航" not in page
    address = re.search(r'hx-get="([^"]+)"', page)
    assert address
    again = leader.get(address[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert (again.status_code, again.content) == (204, b"")
    history.registered(date(2024, 9, 12), history.district.township(), title="新来的诉求")
    history.settle()
    renewed = leader.get(address[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert renewed.status_code == 200
    assert "<html" not in renewed.content.decode()
