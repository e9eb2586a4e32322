"""Every page x role x viewport, and every page of the annual Word report, as a picture under `.portal/screenshots/`: `make screenshots`.

Takes the pictures from a portal that is already up with the same PORTAL_HOME, or starts one for the time it takes.
"""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import DESKTOP, PHONE, chromium_path
from tests.report_pictures import page_pictures
from unionportal.embedded.home import Home
from unionportal.embedded.process import wait_until

#: Account -> addresses; `@/issues/` means the page of that list's first row. "" is somebody who has not signed in.
PAGES: dict[str, list[str]] = {
    "": ["/login/", "/login/?next=/visits/new/", "/find/", "/find/?at=120.580,30.000", "/find/?q=zzz", "@/find/"],
    "cadre01": [
        "/",
        "/visits/",
        "/visits/new/",
        "/plan/",
        "/plan/?week=2025-W03",
        "/plan/new/",
        "/plan/calendar/",
        "/plan/calendar/?week=2025-W04",
        "/plan/calendar/feed/",
        "/visits/new/?kind=inspection",
        "/visits/?kind=inspection",
        "/visits/offline/",
        "/visits/outbox/",
        "/no-network/",
        "/journals/",
        "/issues/",
        "/issues/new/",
        "/enterprises/",
        "/evaluations/2024/",
        "/evaluations/2024/cadres/cadre01/",
        "/evaluations/2024/results/",
        "/postings/",
        "/me/",
        "/me/password/",
        "@/visits/",
        "@/issues/",
        "@/enterprises/",
        "@/journals/",
        "/analyses/",
        "/analyses/2024-Q4/mine/",
        "/library/",
    ],
    "staff": [
        "/hardship/leads/",
        "/hardship/leads/sensing/",
        "/hardship/leads/sensing/new/",
        "/hardship/leads/rules/",
        "/hardship/watch/",
        "/",
        "/issues/",
        "/issues/?state=in_progress",
        "/issues/?q=zzz",
        "/issues/new/",
        "/activities/",
        "/activities/new/",
        "@/activities/",
        "/stations/",
        "/stations/?missing=keeper",
        "/stations/new/",
        "@/stations/",
        "/stations/YZ-00002/hours/",
        "/stations/coverage/",
        "/stations/coverage/employers/",
        "/stations/places/",
        "/stations/events/",
        "/stations/events/new/",
        "/stations/events/served/",
        "/stations/catalogue/",
        "/visits/",
        "/plan/",
        "@/plan/",
        "/journals/",
        "/dashboard/",
        "/dashboard/rows/?measure=received&period=month&start=2024-09-01",
        "/reports/",
        "/evaluations/",
        "/evaluations/2024/",
        "/evaluations/2024/weights/cadre/",
        "/evaluations/2024/criteria/research/",
        "/evaluations/2024/nominations/",
        "@/evaluations/2024/results/",
        "/evaluations/2024/results/",
        "/evaluations/2024/reviewers/",
        "/postings/",
        "/postings/new/",
        "/categories/",
        "@/categories/",
        "/checklists/",
        "/checklists/safety/",
        "/checklists/safety/draft/",
        "/enterprises/new/",
        "/enterprises/move/",
        "/todo/to_assign/",
        "@/issues/",
        "@/visits/",
        "@/journals/",
        "/analyses/",
        "/analyses/2024-Q4/330602013/",
        "/library/",
        "@/library/",
        "/library/new/",
        "/stations/care/",
        "/stations/care/checks/",
        "/stations/care/spot-checks/",
        "/stations/care/repairs/",
        "/stations/care/supplies/",
        "/stations/care/stars/2024/",
        "/stations/building/",
        "/stations/building/projects/new/",
        "/hardship/money/",
        "/hardship/money/batches/",
        "/hardship/money/campaigns/",
        "/hardship/money/caps/",
        "/hardship/services/",
        "/hardship/services/catalogue/",
        "/no-such-page/",
    ],
    "township01": [
        "/",
        "/evaluations/2024/townships/330602001/",
        "/issues/",
        "/dashboard/",
        "/visits/",
        "/enterprises/",
        "@/issues/",
    ],
    "handler01": ["/", "/evaluations/2024/reviews/", "/issues/", "@/issues/", "/activities/", "/me/"],
    "leader": [
        "/",
        "/dashboard/?month=2024-09",
        "/dashboard/stations/?year=2024",
        "/dashboard/hardship/?year=2024",
        "/dashboard/?year=2024",
        "/figures/past/?period=2024-09",
        "/reports/",
        "/journals/",
        "/analyses/2024-Q3/330602/",
    ],
    "aid": [
        "/",
        "/todo/hardship_steps/",
        "/hardship/publicity/",
        "@/hardship/publicity/",
        "/hardship/measures/?state=",
        "@/hardship/measures/?state=",
        "/hardship/measures/kinds/",
        "/hardship/progress/",
        "/hardship/",
        "@/hardship/",
        "/hardship/new/",
        "/hardship/find/",
        "/hardship/books/",
        "/hardship/retention/",
        "/erasures/",
    ],
    "sysadmin": [
        "/",
        "/accounts/",
        "@/accounts/",
        "/accounts/new/",
        "/units/",
        "/units/new/",
        "/postings/",
        "/parameters/",
        "@/parameters/",
        "/calendar/",
        "/calendar/2024/",
        "/calendar/2024/edit/",
    ],
    "keeper01": ["/", "/stations/", "@/stations/", "/stations/YZ-00001/hours/"],
    "security": ["/", "/accounts/", "@/accounts/"],
    "auditor": ["/", "/audit/"],
}


def main() -> int:
    """Take all pictures; prints each file. Returns the number of pages that answered with an error."""
    home = Home.from_environ()
    home.load_env(os.environ)
    base = os.environ.get("BASE_URL", "http://127.0.0.1:8000")
    started = None if answers(base) else subprocess.Popen(["make", "up"], stdout=sys.stderr)
    try:
        if not wait_until(lambda: answers(base), seconds=900, interval=1):
            print("the portal did not come up", file=sys.stderr)
            return 1
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
            folder = home.path / "screenshots"
            failures = sum(shoot(browser, base, user, folder) for user in PAGES)
            for file in report_pages(browser, base, folder):
                print(f"200\t{file}")
            browser.close()
        return min(failures, 1)
    finally:
        if started:
            started.terminate()
            started.wait()


def answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/healthz", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def shoot(browser: Browser, base: str, user: str, folder: Path) -> int:
    """All pages of one account in both sizes; the number that failed."""
    failures = 0
    for size, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        touch = {"is_mobile": True, "has_touch": True} if size == "phone" else {}
        context = browser.new_context(
            base_url=base, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", **touch
        )
        page = context.new_page()
        if user:
            sign_in(page, user)
        for address in PAGES[user]:
            failures += not picture(page, address, folder / f"{user or 'nobody'}-{name_of(address)}-{size}.png")
        context.close()
    return failures


def report_pages(browser: Browser, base: str, folder: Path) -> list[Path]:
    """The annual report, page by page, from the Word file that a leader downloads."""
    context = browser.new_context(base_url=base, locale="zh-CN")
    sign_in(context.new_page(), "leader")
    word = context.request.get("/reports/annual/2024.docx")
    assert word.ok, word.status
    pages = page_pictures(word.body(), folder, "annual-report-2024")
    context.close()
    return pages


def sign_in(page: Page, user: str) -> None:
    page.goto("/login/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", os.environ["DEMO_PASSWORD"])
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url("**/")


def picture(page: Page, address: str, file: Path) -> bool:
    """One page; `@/issues/` means the first row's page of that list."""
    response = page.goto(address.lstrip("@"))
    if address.startswith("@"):
        first = page.locator(".title-cell a, main .linklist a").first
        if first.count():
            response = page.goto(first.get_attribute("href") or address.lstrip("@"))
    file.parent.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")  # charts are drawn from what the page brought
    page.screenshot(
        path=file, full_page=True, caret="initial"
    )  # hiding the caret is an inline style, which the CSP refuses
    status = response.status if response else 0
    print(f"{status}\t{file}")
    return status == (404 if "no-such" in address else 200)


def name_of(address: str) -> str:
    return (
        address.replace("@", "first-")
        .strip("/")
        .replace("/", "-")
        .replace("?", "-")
        .replace("=", "-")
        .replace("&", "-")
        or "home"
    )


if __name__ == "__main__":
    sys.exit(main())
