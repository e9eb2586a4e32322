"""The scenario 海曙, loaded by its command into a database of its own: 75 files, 56 lifted out, 1000 yuan a person, eighteen services."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest

from tests.databases import Database
from tests.demo.conftest import Visitor, loaded, portal_on
from tests.processes import Portal


@pytest.fixture(scope="module")
def haishu() -> Database:
    return loaded("scenario_haishu", "--scenario", "haishu")


@pytest.fixture(scope="module")
def portal(haishu: Database) -> Iterator[Portal]:
    yield from portal_on(haishu, "web-haishu")


def files_listed(visitor: Visitor, query: str = "") -> set[str]:
    """The numbers on all pages of the list."""
    found: set[str] = set()
    path: str | None = f"/hardship/{query}"
    while path:
        page = visitor.page(path)
        found |= set(re.findall(r"/hardship/(KN-\d{4}-\d+)/", page))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = urljoin("/hardship/", following[1].replace("&amp;", "&")) if following else None
    return found


def tile(page: str, label: str) -> str:
    """The figure of a tile."""
    found = re.search(rf'tile-label">{label}.*?tile-value">([^<]+)<', page, re.S)
    assert found
    return found[1]


def test_seventy_five_files_of_which_fifty_six_were_lifted_out(portal: Portal) -> None:
    leader = Visitor(portal.url, "leader")
    assert len(files_listed(leader)) == 75
    assert len(files_listed(leader, "?state=lifted")) == 56
    assert len(files_listed(leader, "?state=in_force")) == 19


def test_a_thousand_yuan_a_person_and_eighteen_services(portal: Portal, haishu: Database) -> None:
    leader, aid = Visitor(portal.url, "leader"), Visitor(portal.url, "aid")
    page = leader.page("/hardship/services/")
    assert (tile(page, "服务人数"), tile(page, "用到的项目")) == ("75", "18")
    first = haishu.one("SELECT code FROM hardship_hardshipfile ORDER BY code LIMIT 1")
    assert "今年额度 1,000.00 元，还剩 0.00 元" in leader.page(f"/hardship/{first}/")
    assert haishu.one("SELECT max(used) FROM hardship_allowance") == 1000
    page = aid.page("/hardship/money/")
    assert "75,000.00" in page
    spent = haishu.one("SELECT sum(held) FROM hardship_serviceorder WHERE state = 'settled'")
    assert f"{spent:,}" in page
    assert "18 个项目" in aid.page("/hardship/services/catalogue/")


def test_everything_agrees_and_a_second_load_changes_nothing(haishu: Database) -> None:
    done = haishu.manage("check_integrity")
    assert done.returncode == 0, done.stdout
    orders = haishu.one("SELECT count(*) FROM hardship_serviceorder")
    again = haishu.manage("load_demo", "--scenario", "haishu")
    assert (again.returncode, "未作改变" in again.stdout) == (0, True)
    assert haishu.one("SELECT count(*) FROM hardship_serviceorder") == orders
    for table in (
        "audit_auditentry",
        "hardship_hardshipfile",
        "hardship_filemember",
        "hardship_serviceorder",
        "hardship_ledgerline",
    ):
        assert haishu.one(f"SELECT count(*) FROM {table} t WHERE t::text ~ '1390000|33029919'") == 0
