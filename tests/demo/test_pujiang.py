"""The scenario 浦江 loads by its command and its pages state the published figures."""

import re
from collections.abc import Iterator

import pytest

from tests.databases import Database
from tests.demo.conftest import Visitor, loaded, portal_on
from tests.processes import Portal
from unionportal.core.workcal.days import library_workday


@pytest.fixture(scope="module")
def county() -> Database:
    return loaded("scenario_pujiang", "--scenario", "pujiang")


@pytest.fixture(scope="module")
def portal(county: Database) -> Iterator[Portal]:
    yield from portal_on(county, "web-pujiang")


@pytest.fixture(scope="module")
def reader(portal: Portal) -> Visitor:
    """The county's leader."""
    return Visitor(portal.url, "leader")


def figure(page: str, label: str) -> int:
    """The number of a tile."""
    found = re.search(rf'aria-label="{re.escape(label)} ([\d,]+)，看明细"', page)
    assert found, label
    return int(found[1].replace(",", ""))


def part(page: str, words: str) -> int:
    found = re.search(rf">{re.escape(words)} ([\d,]+)</a>", page)
    assert found, words
    return int(found[1].replace(",", ""))


def test_the_dashboard_states_the_published_figures(reader: Visitor) -> None:
    page = reader.page("/dashboard/stations/?year=2024")
    assert figure(page, "完成提升改造") == 14
    assert part(page, "本年计划") == 14
    assert part(page, "各年计划") == 90
    assert figure(page, "驿站活动") == part(page, "六送") == 42
    ways = [figure(page, f"服务人次（{way}）") for way in ("点数", "扫码", "估算")]
    assert all(number > 0 for number in ways)
    assert sum(ways) > 20_000
    tally, scans, estimate = (f"{number:,}" for number in ways)
    assert f"点数{tally}＋扫码{scans}＋估算{estimate}＝{sum(ways):,}人次（计数方式不同" in page
    rooms = re.search(r"<dt>妈咪暖心小屋</dt><dd><a [^>]*>99 个", page)
    assert rooms, "99 nursing rooms"
    assert figure(page, "驿站") == 90 + 99
    assert figure(page, "扫码反映") == 9


def test_figures_open_their_rows(reader: Visitor) -> None:
    rows = reader.page("/dashboard/stations/rows/?measure=renovated&year=2024")
    assert 'data-count="14"' in rows
    assert rows.count("title-cell") == 14
    rooms = reader.page("/dashboard/stations/rows/?measure=stations&kind=mother&year=2024")
    assert 'data-count="99"' in rooms
    assert "妈咪暖心小屋" in rooms
    served = reader.page("/stations/events/served/?year=2024")
    assert "计数方式不同" in served


def test_the_annual_report_says_so_too(county: Database, tmp_path) -> None:
    from docx import Document

    file = tmp_path / "report.docx"
    done = county.manage("export_annual_report", "--year", "2024", "--format", "docx", "--output", str(file))
    assert done.returncode == 0, done.stderr
    text = "\n".join(paragraph.text for paragraph in Document(file).paragraphs)
    assert "完成提升改造14个（本年计划14个，各年计划共90个）" in text
    assert "举办驿站活动42场，其中“六送”42场" in text
    assert "妈咪暖心小屋99个" in text


def test_places_are_real_and_everything_else_is_marked(county: Database) -> None:
    assert county.one("SELECT count(*) FROM orgs_unit WHERE kind = 'township' AND code LIKE '330726%%'") == 15
    assert county.one("SELECT count(*) FROM stations_station WHERE name NOT LIKE '%%（演示）'") == 0
    assert county.one("SELECT count(*) FROM accounts_user WHERE display_name NOT LIKE '%%（演示）'") == 0
    assert county.one("SELECT count(*) FROM stations_eventpartner WHERE name NOT LIKE '%%（演示）'") == 0
    days = "SELECT held_on FROM stations_stationevent UNION SELECT accepted_on FROM stations_buildproject WHERE accepted_on IS NOT NULL"
    assert [day for (day,) in county.rows(days) if not library_workday(day)] == []


def test_every_township_has_a_station_and_enough_are_benchmarks(county: Database) -> None:
    served = "kind_id <> (SELECT id FROM stations_stationkind WHERE code = 'mother')"
    assert county.one(f"SELECT count(DISTINCT township_id) FROM stations_station WHERE {served}") == 15
    assert county.one("SELECT count(*) FROM stations_station WHERE level = 'benchmark'") >= 1.3 * 15
    assert county.one("SELECT count(*) FROM stations_station WHERE open_all_day") >= 0.15 * 90


def test_a_second_run_changes_nothing(county: Database) -> None:
    before = county.rows("SELECT count(*), sum(version) FROM stations_stationevent")
    done = county.manage("load_demo", "--scenario", "pujiang")
    assert (done.returncode, "已载入" in done.stdout) == (0, True)
    assert county.rows("SELECT count(*), sum(version) FROM stations_stationevent") == before
