"""`python -m tests.bench.run [--sizes 10000,100000] [--times 40] [--large]`: one line a case, and exit status 1 if any misses its bar.

`name<TAB>median<TAB>unit<TAB>floor<TAB>ratio<TAB>bar<TAB>ok|MISS`. Ratios travel, milliseconds do not: the floor is measured in the same run.
"""

import argparse
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import psycopg

from tests.bench.portal import ROOT, Client, Pair, in_turns, manage, prepared, seeded, serving
from tests.bench.stations import STATIONS, measure_stations, seed_stations

#: Path, who asks, and how many times the floor it may cost.
PAGES = (
    ("issue list", "/issues/", "leader", 2.0),
    ("issue list, filtered", "/issues/?state=closed&category=dispute", "leader", 2.0),
    ("issue list, a cadre's", "/issues/", "cadre11", 2.0),
    ("issue list, searched", "/issues/?q=%E5%B7%A5%E8%B5%84", "leader", 3.0),
    ("issue list, searched for a longer word", "/issues/?q=%E6%B6%88%E9%98%B2%E5%9F%B9%E8%AE%AD", "leader", 3.0),
    # Few of the newest are closed: what the search looks through first does not fill the page.
    (
        "issue list, searched among the closed",
        "/issues/?q=%E6%B6%88%E9%98%B2%E5%9F%B9%E8%AE%AD&state=closed",
        "leader",
        3.0,
    ),
    ("issue list, searched for what is nowhere", "/issues/?q=%E7%86%8A%E7%8C%AB", "leader", 3.0),
    ("issue list, a township's", "/issues/", "township01", 2.0),
    ("issue list, a handler's closed", "/issues/?state=closed", "handler01", 2.0),
    ("what waits for staff", "/issues/?mine=waiting", "staff", 2.0),
    ("what waits for a cadre", "/issues/?mine=waiting", "cadre11", 2.0),
    ("what waits for a township", "/issues/?mine=waiting", "township01", 2.0),
    ("duplicate hint", "/issues/similar/?township=330602001&title=%E5%B7%A5%E8%B5%84%E6%8B%96%E6%AC%A0", "staff", 3.0),
    ("issue page", "/issues/{issue}/", "leader", 2.0),
    ("visit list", "/visits/", "leader", 2.0),
    ("dashboard", "/dashboard/?month=2024-09", "leader", 2.0),
)
#: Every filter of the issue list, as a reader of the whole district uses it. What somebody looks for may be rare at one size: then fewer rows are shown.
FILTERS = (
    ("open", "state=open"),
    ("answered", "state=answered"),
    ("resolved", "outcome=resolved"),
    ("explained", "outcome=explained"),
    ("a category", "category=wage_arrears"),
    ("a township", "township=330602001"),
    ("a holder", "holder=330602001"),
    ("overdue", "due=overdue"),
    ("due soon", "due=soon"),
    ("since a day", "received_from=2024-09-01"),
    ("up to a day", "received_to=2022-01-01"),
    ("an enterprise", "enterprise={enterprise}"),
    ("registered by the reader", "mine=registered"),
    ("explained of a category", "outcome=explained&category=dispute"),
)
PAGES += tuple((f"issue list, {label}", f"/issues/?{query}", "leader", 2.0) for label, query in FILTERS)
#: A page at the largest size beside the same page at the smallest, asked in turns.
GROWTH_BAR = 1.2
VISIT_BAR = 3.0
#: A full recompute makes some thirty figures of every issue and event; the floor counts one. A refresh touches a handful of cells.
FULL_BAR, REFRESH_BAR = 40.0, 5.0
#: Issues in the database of the stations: enough for the floor.
FEW = 1000
#: `--large`: a full computation against a GROUP BY of the same cells, a refresh against the full computation.
LARGE = 1_000_000
LARGE_FULL_BAR, LARGE_REFRESH_BAR = 1.5, 0.02
#: Seconds an annual report may take, and what of memory may be left behind by making it again and again.
LARGE_REPORTS = {"word": 5.0, "excel": 10.0}
MEMORY_BAR = 1.1


def main() -> int:
    """Seed each size, measure, say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--large", action="store_true", help="the figures of a million issues instead, nothing else")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    report = Report()
    with prepared() as (environ, home):
        if options.large:
            large(environ, home, options.times, report)
        else:
            found = {}
            for size in sizes:
                say(f"{size} issues: seeding")
                found[size] = seeded(environ, size)
                measure(found[size], home, size, options.times, report)
            if len(sizes) > 1:
                growth(found, home, options.times, report)
            finder(environ, home, options.times, report)
    return report.misses > 0


def say(text: str) -> None:
    """Progress, beside the results."""
    print(text, file=sys.stderr, flush=True)


class Report:
    """Prints the lines and remembers them for the comparison of sizes."""

    def __init__(self) -> None:
        self.misses = 0

    def line(self, name: str, median: float, unit: str, floor: float, bar: float) -> None:
        """One case; a floor of 0 has no ratio."""
        ratio = median / floor
        met = ratio <= bar
        self.misses += not met
        cells = (name, f"{median:.2f}", unit, f"{floor:.2f}", f"{ratio:.2f}", f"{bar:g}", "ok" if met else "MISS")
        print("\t".join(cells), flush=True)

    def pair(self, name: str, found: Pair, bar: float) -> None:
        """A page beside its floor."""
        self.line(name, found.median, "ms", found.floor, bar)


def addresses(environ: dict[str, str]) -> dict[str, str]:
    """Name of a page -> its address in this database."""
    with psycopg.connect(environ["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute(
            "SELECT code FROM casework_issue WHERE state = 'in_progress' ORDER BY id DESC LIMIT 1"
        )
        ((code,),) = found.fetchall()
    fill = {"issue": code, "enterprise": some_enterprise(environ)}
    return {name: path.format(**fill) for name, path, _, _ in PAGES}


def some_enterprise(environ: dict[str, str]) -> str:
    """Credit code of one in the township the cases ask for."""
    with psycopg.connect(environ["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute(
            "SELECT e.credit_code FROM orgs_enterprise e JOIN orgs_unit t ON t.id = e.township_id WHERE t.code = '330602001' ORDER BY 1 LIMIT 1"
        )
        ((enterprise,),) = found.fetchall()
    return enterprise


def signed_in(portal: int, environ: dict[str, str]) -> dict[str, Client]:
    """Everybody who asks for a page, by name."""
    return {
        who: Client(portal).sign_in(who, environ["DEMO_PASSWORD"]) for who in sorted({who for _, _, who, _ in PAGES})
    }


def growth(found: dict[int, dict[str, str]], home: Path, times: int, report: Report) -> None:
    """Every page at the largest size beside itself at the smallest, both portals running. Where they show not as many rows, the line tells both
    numbers: two rows against fifty say what rows cost rather than what a larger table costs."""
    small, large = min(found), max(found)
    say(f"{large} beside {small} issues: measuring")
    with serving(found[large], home) as (portal, _), serving(found[small], home) as (smaller, _):
        many, few = signed_in(portal, found[large]), signed_in(smaller, found[small])
        there, here = addresses(found[large]), addresses(found[small])
        for name, _, who, _ in PAGES:
            bigger, less = many[who].hang_up(), few[who].hang_up()
            rows = bigger.rows(there[name]), less.rows(here[name])
            found_rows = "" if rows[0] == rows[1] else f", {rows[0]} rows beside {rows[1]}"
            pair = in_turns(partial(bigger.page, there[name]), partial(less.page, here[name]), times)
            report.pair(f"{name}, {large} beside {small}{found_rows}", pair, GROWTH_BAR)


def measure(environ: dict[str, str], home: Path, size: int, times: int, report: Report) -> None:
    """Every case at one size."""
    with serving(environ, home) as (portal, bare):
        say(f"{size} issues: measuring")
        people, pages = signed_in(portal, environ), addresses(environ)
        visitor = Client(bare, cookies=people["leader"].cookies)

        def floor() -> float:
            return visitor.page("/floor/")

        # The floor against itself: far from 1, the machine was so busy that the run says little.
        report.pair(f"bare page of 50 rows, {size}", in_turns(floor, floor, times), 1.3)
        for name, _, who, bar in PAGES:
            client = people[who].hang_up()
            visitor.hang_up()
            report.pair(f"{name}, {size}", in_turns(partial(client.page, pages[name]), floor, times), bar)
        token = manage(environ, "create_api_token", "cadre01")
        cadre = Client(portal, headers={"Authorization": f"Token {token}"})
        visitor.hang_up()
        logged = in_turns(partial(cadre.log_visit, some_enterprise(environ), "2025-01-20"), floor, times)
        report.pair(f"log a visit with an issue, {size}", logged, VISIT_BAR)
    seconds = inside(environ)
    group_by, full = seconds["group_by"] * 1000, seconds["full"] * 1000
    report.line(f"rollups, full, {size}", full, "ms", group_by, FULL_BAR)
    report.line(
        f"rollups, after one move, {size}", seconds["refresh"] * 1000, "ms", seconds["move"] * 1000, REFRESH_BAR
    )


def finder(environ: dict[str, str], home: Path, times: int, report: Report) -> None:
    """What workers ask of the stations of a whole province, beside the floor."""
    say(f"{STATIONS} stations: seeding")
    found = seeded(environ, FEW)
    seed_stations(found["DATABASE_OWNER_URL"])
    with serving(found, home) as (portal, bare):
        say(f"{STATIONS} stations: measuring")
        leader = Client(portal).sign_in("leader", found["DEMO_PASSWORD"])
        measure_stations(portal, Client(bare, cookies=leader.cookies), times, report)


def inside(environ: dict[str, str], *argv: str) -> dict[str, float]:
    """Seconds a case of `tests.bench.inside`."""
    command = [sys.executable, "-m", "tests.bench.inside", *argv]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def large(environ: dict[str, str], home: Path, times: int, report: Report) -> None:
    """A million issues with six million events over ten years, 100 townships and 40 categories."""
    say(f"{LARGE} issues: seeding")
    shape = ("--visits", "10000", "--months", "120", "--townships", "100", "--categories", "40")
    found = seeded(environ, LARGE, *shape)
    say(f"{LARGE} issues: measuring")
    seconds = inside(found, "--large")
    full, refresh = seconds["full"] * 1000, seconds["refresh"] * 1000
    report.line(f"rollups, full, {LARGE}", full, "ms", seconds["same_cells"] * 1000, LARGE_FULL_BAR)
    report.line(f"rollups, after 1000 moves, {LARGE}", refresh, "ms", full, LARGE_REFRESH_BAR)
    report.line(f"rollups, after 1000 moves, against a second, {LARGE}", refresh, "ms", 1000.0, 1.0)
    for name, limit in LARGE_REPORTS.items():
        report.line(f"annual report, {name}, {LARGE}", seconds[name], "s", limit, 1.0)
    report.line(f"memory after twelve reports more, {LARGE}", seconds["after"], "MB", seconds["before"], MEMORY_BAR)
    with serving(found, home) as (portal, bare):
        leader = Client(portal).sign_in("leader", found["DEMO_PASSWORD"])
        visitor = Client(bare, cookies=leader.cookies)
        page = in_turns(partial(leader.page, "/dashboard/?month=2024-09"), partial(visitor.page, "/floor/"), times)
        report.pair(f"dashboard, {LARGE}", page, 2.0)


if __name__ == "__main__":
    sys.exit(main())
