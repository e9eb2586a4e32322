"""Every number on the workbench and the dashboard opens exactly its rows."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.dashboard.cases import Cases
from tests.dashboard.pages import Link, figure_links, rows_behind
from tests.people import client_for
from unionportal.reporting.hardship_measures import HARDSHIP_MEASURES
from unionportal.reporting.measures import BY_ID
from unionportal.reporting.station_measures import STATION_MEASURES

PERIODS = ("", "?month=2024-08", "?quarter=2024-3", "?year=2024", "?from=2024-07&to=2024-09")
DASHBOARDS = tuple(f"/dashboard/{period}" for period in PERIODS)
WALL = "/dashboard/wall/"
ROWS = "/dashboard/rows/"
#: Section -> numbers it has at least, with the history of tests/dashboard/cases.py.
SECTIONS = {"categories": 20, "units": 12, "overdue": 5, "visits": 15}
RATES = ("resolution", "acceptance", "closing", "follow_up", "satisfaction", "redo")


def test_every_number_a_district_reader_sees_opens_its_rows(history: Cases) -> None:
    leader = client_for(history.district.leader())
    for url in (*DASHBOARDS, "/dashboard/?month=2024-08&unit=330602007", WALL, f"{WALL}?month=2024-08"):
        _follow_all(leader, url, at_least=20)
    _follow_all(leader, "/", at_least=7)
    _follow_all(client_for(history.staff), "/", at_least=10)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_number_of_every_section_opens_its_rows(history: Cases, section: str) -> None:
    leader = client_for(history.district.leader())
    clerk = client_for(history.clerk(history.district.township("330602006")))
    for query in (*PERIODS, "?month=2024-08&unit=330602007"):
        _follow_all(leader, f"/dashboard/{section}/{query}", at_least=2)
    _follow_all(leader, f"/dashboard/{section}/?quarter=2024-3", at_least=SECTIONS[section])
    _follow_all(clerk, f"/dashboard/{section}/?month=2024-08", at_least=2)


def test_every_figure_of_a_page_is_defined_on_it(history: Cases) -> None:
    leader = client_for(history.district.leader())
    pages = (*DASHBOARDS, *(f"/dashboard/{section}/?month=2024-08" for section in SECTIONS))
    for url in pages:
        content = leader.get(url).content.decode()
        defined = set(re.findall(r'<dt><a href="/figures/#([a-z0-9_]+)"', content))
        linked = {
            parse_qs(urlsplit(link.url).query)["measure"][0] for link in figure_links(content) if ROWS in link.url
        }
        assert linked
        assert linked <= defined <= BY_ID.keys(), (url, linked - defined, defined - BY_ID.keys())
    for section, measures in (("stations", STATION_MEASURES), ("hardship", HARDSHIP_MEASURES)):
        content = leader.get(f"/dashboard/{section}/?month=2024-08").content.decode()
        defined = set(re.findall(r'<dt><a href="/figures/#([a-z0-9_]+)"', content))
        assert {one.id for one in measures.values()} <= defined <= BY_ID.keys()


def test_every_number_on_the_ground_opens_its_rows(history: Cases) -> None:
    jishan = history.district.township("330602006")
    clerk = client_for(history.clerk(jishan))
    for url in DASHBOARDS:
        _follow_all(clerk, url, at_least=20)
    _follow_all(clerk, "/", at_least=10)
    _follow_all(client_for(history.cadre(jishan)), "/", at_least=6)
    _follow_all(client_for(history.district.handler()), "/", at_least=3)


def test_the_lists_of_a_rate_make_up_the_whole(history: Cases) -> None:
    client = client_for(history.staff)
    for rate in RATES:
        links = _follow_all(client, f"/dashboard/rows/?measure={rate}&period=year&start=2024-01-01", at_least=3)
        whole, counted, rest = (int(link.figure) for link in links)
        assert whole == counted + rest
        assert whole > 0


def _follow_all(client: Client, url: str, *, at_least: int) -> list[Link]:
    """Open every number of the page and compare; the links, in the order of the page."""
    links = figure_links(client.get(url).content.decode())
    assert len(links) >= at_least, links
    for link in links:
        address = link.url if link.url.startswith("/") else f"{url.split('?')[0]}{link.url}"
        stated, listed = rows_behind(client, address)
        assert (stated, str(listed)) == (link.figure, link.figure), link
    return links
