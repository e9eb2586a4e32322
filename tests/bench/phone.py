"""`python -m tests.bench.phone [--times 5]`: what a phone feels, in the lines of `tests.bench.run`; exit status 1 if any misses its bar.

A processor four times slower than this one, on slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.pan import PLACES, panned
from tests.bench.portal import Client, prepared, seeded, serving
from tests.bench.run import Report, say
from tests.bench.stations import STATIONS, seed_stations
from tests.conftest import PHONE, chromium_path

SLOW_4G = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
SECOND = 1000.0
#: Seconds until the form can be used; kilobytes of an ordinary page; seconds for a visit with one issue.
FIRST_BAR, CACHED_BAR, BYTES_BAR, VISIT_BAR = 3, 1, 150, 60
#: Kilobytes of the station finder with all it loads; milliseconds of a movement of its map.
FINDER_BAR, PAN_BAR = 60, 100
#: How often a phone opens what it has in its cache.
AGAIN = 3
FORM = "/visits/new/"
ORDINARY = "/issues/"
FINDER = "/find/"
#: Milliseconds between two keys of somebody who types on glass.
KEY_MS = 150


def main() -> int:
    """Measure each case on fresh phones, say so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    report = Report()
    with prepared() as (environ, home):
        say("seeding")
        found = seeded(environ, 1000)
        seed_stations(found["DATABASE_OWNER_URL"])
        with serving(found, home) as (port, _), sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
            session = Client(port).sign_in("cadre01", environ["DEMO_PASSWORD"]).cookies["sessionid"]
            url = f"http://127.0.0.1:{port}"
            measure_map(chromium, url, session, report)
            measure(chromium, url, session, times, report)
    return report.misses > 0


def measure(chromium: Browser, url: str, session: str, times: int, report: Report) -> None:
    """Every case, `times` phones each."""
    first, cached, kept, size, visit = [], [], [], [], []
    visited: set[str] = set()
    for turn in range(times):
        say(f"phone {turn + 1} of {times}")
        with phone(chromium, url, session) as page:
            first.append(usable(page))
            settle(page)
            cached += [usable(page) for _ in range(AGAIN)]
            visit.append(logged(page, visited))
            page.context.set_offline(True)
            kept += [usable(page) for _ in range(AGAIN)]
        with phone(chromium, url, session) as page:
            size.append(transferred(page, ORDINARY))
    median = statistics.median
    report.line("visit form usable, first time", median(first), "ms", SECOND, FIRST_BAR)
    report.line("visit form usable, from cache", median(cached), "ms", SECOND, CACHED_BAR)
    report.line("visit form usable, without signal", median(kept), "ms", SECOND, CACHED_BAR)
    report.line("ordinary page, first load, compressed", median(size), "kB", 1.0, BYTES_BAR)
    report.line("a visit with one issue, typed", median(visit), "ms", SECOND, VISIT_BAR)


def measure_map(chromium: Browser, url: str, session: str, report: Report) -> None:
    """The station finder with the stations of a whole province: what it weighs, and how its map follows a finger."""
    with phone(chromium, url, session) as page:
        report.line("station finder, first load, compressed", transferred(page, FINDER), "kB", 1.0, FINDER_BAR)
    for name, address, taps in PLACES:
        with phone(chromium, url, session) as page:
            median, slowest = panned(page, address, taps)
        report.line(f"map of {STATIONS} stations, {name} moved, median", median, "ms", 1.0, PAN_BAR)
        report.line(f"map of {STATIONS} stations, {name} moved, slowest", slowest, "ms", 1.0, PAN_BAR)


@contextmanager
def phone(chromium: Browser, url: str, session: str) -> Iterator[Page]:
    """A phone with empty caches, signed in, slowed down."""
    context = chromium.new_context(
        base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=PHONE, is_mobile=True, has_touch=True
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page
    context.close()


def usable(page: Page) -> float:
    """Milliseconds from the tap on its link until the form answers: its scripts say when."""
    page.goto(FORM, wait_until="commit")
    page.locator("[data-all-good]").wait_for(state="visible")
    return page.evaluate("performance.getEntriesByName('visit-form-usable')[0].startTime")


def settle(page: Page) -> None:
    """Until the worker has what it keeps."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_load_state("networkidle")


def transferred(page: Page, path: str) -> float:
    """Kilobytes over the line for a page with everything it loads."""
    total = 0.0

    def count(event: dict[str, Any]) -> None:
        nonlocal total
        total += event["encodedDataLength"]

    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.on("Network.loadingFinished", count)
    page.goto(path, wait_until="networkidle")
    return total / 1000


def logged(page: Page, visited: set[str]) -> float:
    """Milliseconds from the empty form to the stored visit, with the typing of a thumb. Each turn another enterprise, the last of the list that was not
    visited yet: a second visit to one on a day is asked about."""
    started = time.perf_counter()
    page.get_by_role("combobox", name="走访单位").tap()
    options = page.locator(".combo-list [role=option]")
    options.first.wait_for()
    names = [text.strip().splitlines()[0] for text in options.all_inner_texts()]
    place = max(place for place, name in enumerate(names) if name not in visited)
    visited.add(names[place])
    options.nth(place).tap()
    page.get_by_role("button", name="五项都好").tap()
    page.get_by_role("button", name="加一个问题").tap()
    page.keyboard.type("返还款未到账，不了解流程", delay=KEY_MS)
    page.get_by_label("类别", exact=True).select_option("other")
    page.get_by_role("button", name="提交走访").tap()
    page.wait_for_url("**/visits/*-*-*/")
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
