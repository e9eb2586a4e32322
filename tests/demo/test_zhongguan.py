"""The scenario 钟管, loaded by its command into a database of its own: 34 households, 15 two years later, read through the front door."""

import re
from collections.abc import Iterator

import pytest

from tests.databases import Database
from tests.demo.conftest import Visitor, loaded, portal_on
from tests.processes import Portal


@pytest.fixture(scope="module")
def zhongguan() -> Database:
    return loaded("scenario_zhongguan", "--scenario", "zhongguan")


@pytest.fixture(scope="module")
def portal(zhongguan: Database) -> Iterator[Portal]:
    yield from portal_on(zhongguan, "web-zhongguan")


def figures(page: str) -> list[list[int]]:
    """The rows of the yearly table: year, at start, taken in, again, lifted, cleared, at end."""
    rows = re.findall(r'<tr><td class="title-cell">(\d{4})年.*?</tr>', page, re.S)
    bodies = re.findall(r'<tr><td class="title-cell">\d{4}年(.*?)</tr>', page, re.S)
    return [[int(year), *map(int, re.findall(r">(\d+)</td>", body))] for year, body in zip(rows, bodies, strict=True)]


def test_thirty_four_households_are_fifteen_two_years_later(portal: Portal) -> None:
    leader = Visitor(portal.url, "leader")
    assert figures(leader.page("/hardship/progress/")) == [
        [2019, 18, 0, 0, 3, 0, 15],
        [2018, 31, 0, 0, 13, 0, 18],
        [2017, 0, 34, 0, 3, 0, 31],
    ]
    assert len(set(re.findall(r"/hardship/(KN-\d{4}-\d+)/", leader.page("/hardship/?state=in_force&limit=100")))) == 15


def test_every_household_has_a_plan_and_all_eleven_measures_were_taken(portal: Portal) -> None:
    page = Visitor(portal.url, "aid").page("/hardship/progress/")
    section = page.partition('id="outcomes-h"')[2].partition("</section>")[0]
    assert len(re.findall(r'<td class="title-cell">', section)) == 11


def test_the_township_sees_what_is_due_and_names_only_its_officers_know(portal: Portal) -> None:
    aid, leader = Visitor(portal.url, "aid01"), Visitor(portal.url, "leader")
    assert "就业扶持" in aid.page("/todo/hardship_measures/")
    holder = r'class="title-cell"><a [^>]+>([^<]+)</a>'
    known = re.findall(holder, aid.page("/hardship/?state=lifted"))
    assert known
    assert all(name.endswith("示例") for name in known)
    assert re.findall(holder, leader.page("/hardship/?state=lifted")) == [f"{name[0]}**" for name in known]


def test_loading_again_changes_nothing_and_another_scenario_is_refused(zhongguan: Database) -> None:
    steps = zhongguan.one("SELECT count(*) FROM hardship_filestep")
    again = zhongguan.manage("load_demo", "--scenario", "zhongguan")
    assert (again.returncode, "未作改变" in again.stdout) == (0, True)
    other = zhongguan.manage("load_demo")
    assert other.returncode != 0
    assert zhongguan.one("SELECT count(*) FROM hardship_filestep") == steps


def test_the_log_and_the_trail_hold_no_number_of_anybody(zhongguan: Database) -> None:
    for table in ("hardship_filestep", "audit_auditentry", "hardship_publicityentry"):
        assert zhongguan.one(f"SELECT count(*) FROM {table} t WHERE t::text ~ '330599|1380000'") == 0
