"""Every number on the pages of the demo district opens exactly its rows, or says why it has none."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from tests.demo.conftest import Visitor
from tests.demo.numbers import Opened, numbers_of, stated_and_listed
from tests.processes import Portal

PERIODS = ("month=2024-09", "quarter=2024-3", "year=2024", "from=2024-07&to=2024-09")
SECTIONS = ("", "categories/", "units/", "overdue/", "visits/", "stations/", "hardship/", "wall/")
DASHBOARD = tuple(f"/dashboard/{section}?{period}" for section in SECTIONS for period in PERIODS)
FIGURES = tuple(f"/figures/{page}/?{period}" for page in ("units", "cadres") for period in PERIODS[:3])
PAST = ("/figures/past/?period=2024-09", "/figures/past/?period=2024-3&day=2024-08-31&time=18:00")
EVALUATION = ("/evaluations/2024/", "/evaluations/2024/results/")
#: What a reader opens -> pages with numbers, each of which opens at least so many.
READERS = {
    "leader": (
        "/",
        *DASHBOARD,
        *FIGURES,
        *PAST,
        *EVALUATION,
        "/figures/state/",
        "/reports/",
        "/reports/months/",
        "/reports/months/2024-9/",
        "/reports/months/2024-9/1/",
        "/reports/months/2024-9/2/",
        "/evaluations/2024/cadres/cadre01/",
        "/evaluations/2024/townships/330602007/",
        "/analyses/2024-Q4/330602/",
        "/stations/building/",
        "/mediations/",
    ),
    "township07": ("/", *DASHBOARD, *FIGURES[:3], PAST[1], *EVALUATION, "/stations/building/"),
}
#: Why a number may open nothing (docs/design.md, "Numbers").
REASONS = frozenset(("beside", "below", "days", "district", "kept", "points", "row", "rows", "set", "sum", "year"))
#: Links of one page that ask for the same figure of other townships, categories or people: so many of them are opened.
ALIKE = 2
#: Figures that add up a column of their rows: the page states the sum, and lists what it is made of.
SUMMED = re.compile(r"measure=(aid|allowance|attendance|check_in|cost|estimate|headcount|services_paid|tally)")


@dataclass
class Crawl:
    """What a reader met: number links by address, with the number and the page they stood on; and numbers that open nothing."""

    links: dict[str, set[tuple[str, str]]]
    bare: list[str]
    reasons: set[str]


def crawl(reader: Visitor, pages: Iterable[str]) -> Crawl:
    """Read the pages; of links that are alike the first and the last are followed."""
    found = Crawl(defaultdict(set), [], set())
    for page in pages:
        content = reader.page(page)
        numbers = numbers_of(content)
        found.bare += [f"{page}: {number}" for number in numbers.bare]
        found.reasons |= set(re.findall(r'data-plain="?([a-z]*)', content))
        for link in _some_of_each(numbers.opened):
            found.links[urljoin(page, link.url)].add((link.figure, page))
    return found


def _some_of_each(links: list[Opened]) -> list[Opened]:
    groups: dict[tuple[str, ...], list[Opened]] = defaultdict(list)
    for link in links:
        parts = urlsplit(link.url)
        query = parse_qs(parts.query)
        groups[re.sub(r"\d+", "0", parts.path), *query, *query.get("measure", ())].append(link)
    return [group[number * (len(group) - 1) // (ALIKE - 1)] for group in groups.values() for number in range(ALIKE)]


def differing(reader: Visitor, links: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Numbers that are not what the page they open states and lists."""
    wrong = []
    for url, shown in links.items():
        stated, listed, has_more = stated_and_listed(reader.page(url))
        fits = SUMMED.search(url) or (listed < int(stated or -1) if has_more else str(listed) == stated)
        wrong += [
            f"{figure} on {page}, but {url} states {stated} and lists {listed}"
            for figure, page in sorted(shown)
            if figure != stated or not fits or bool(listed) != bool(float(stated))
        ]
    return wrong


@pytest.mark.parametrize("name", READERS)
def test_every_number_of_the_demo_opens_its_rows(demo_portal: Portal, name: str) -> None:
    reader = Visitor(demo_portal.url, name)
    found = crawl(reader, READERS[name])
    assert found.bare == []
    assert found.reasons <= REASONS
    assert differing(reader, found.links) == []
    assert len(found.links) > 200
