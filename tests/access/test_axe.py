"""Every page of the table of addresses, at both sizes: axe finds nothing serious, and nothing hangs out sideways at 320 px."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from tests.access.matrix import MATRIX, Line
from tests.access.sample import Sample, sample
from tests.axe import serious_findings
from tests.people import District, client_for
from unionportal.core.accounts.models import User

pytestmark = pytest.mark.browser

#: Addresses that answer with something else than a page, each with what it is.
NOT_PAGES = {
    "healthz": "JSON",
    "readyz": "JSON",
    "metrics": "text",
    "logout": "POST only",
    "visit-picker": "a fragment of the visit form, which is looked at with it",
    "issue-enterprises": "JSON",
    "issue-people": "JSON",
    "issue-export": "a file",
    "issue-file": "a file",
    "notification": "leads on",
    "posting-enterprises": "JSON",
    "visit-checklist": "a fragment of the visit form, which is looked at with it",
    "visit-offline-data": "JSON",
    "manifest": "JSON",
    "service-worker": "a script",
    "visit-photo": "a picture",
    "station-check-photo": "a picture",
    "station-check-act": "leads on",
    "repair-photo": "a picture",
    "build-project-photo": "a picture",
    "activity-photo": "a picture",
    "station-photo": "a picture",
    "station-summary": "a file",
    "station-geojson": "a file",
    "station-event-photo": "a picture",
    "issue-photo": "a picture",
    "issue-similar": "a fragment of the form, which is looked at with it",
    "annual-report": "a file",
    "paper-word": "a file",
    "journal-word": "a file",
    "report-template-file": "a file",
    "journal-month-word": "a file",
    "mediation-word": "a file",
    "export-file": "a file",
    "import-file": "a file",
    "import-template": "a file",
    "evaluation-nomination-file": "a picture",
    "meeting-word": "a file",
    "meeting-run": "leads on",
    "calendar-ics": "a calendar for other programs",
    "reflection-act": "leads on",
    "practice-act": "leads on",
    "practice-file": "a file",
    "hardship-scan": "a picture",
    "hardship-form": "a file",
    "hardship-survey": "only of a file that was applied for; judged in hardship/test_process_browser.py",
    "find-tile": "JSON",
}
#: Who looks, the first that may; a page that differs by role is looked at by each.
LOOKERS = ("staff", "sysadmin", "cadre", "township", "handler", "security", "auditor", "leader", "aid", "keeper")
BY_EACH_ROLE = {"workbench", "issue-detail", "me", "account", "dashboard", "journal-list", "plan", "postings"}
NARROWEST = 320
Look = tuple[str, str]


def is_page(name: str, line: Line) -> bool:
    return line.method == "get" and not line.empty and not name.startswith("api-") and name not in NOT_PAGES


def looks(things: Sample) -> Iterator[Look]:
    """Every page with a role that opens it: (role, address)."""
    for name, line in MATRIX.items():
        if not is_page(name, line):
            continue
        roles = [role for role in ("stranger", *LOOKERS) if role in line.roles]
        data = line.options.get("data", {})
        url = reverse(name, kwargs=line.kwargs(things)) + (
            "?" + "&".join(f"{k}={v}" for k, v in data.items()) if data else ""
        )
        for role in roles if name in BY_EACH_ROLE else roles[:1]:
            yield role, url
    yield from (
        ("cadre", "/issues/?state=closed&q=zzz"),
        ("staff", "/issues/?outcome=nonsense"),
        ("staff", f"/issues/bulk/remind/?code={things.issue.code}"),
        ("staff", "/visits/?q=zzz"),
        ("aid", f"/hardship/{things.file.code}/"),
    )
    yield from (("staff", f"/dashboard/?{query}") for query in ("period=year", "unit=330602006"))


class Reader:
    """One browser window in which the named people sign in, one after the other."""

    def __init__(self, page: Any, url: str, people: dict[str, User]) -> None:
        self.page, self.url, self.people = page, url, people
        self.role = "stranger"
        self.found: list[str] = []

    def become(self, role: str) -> None:
        if role == self.role:
            return
        self.page.context.clear_cookies()
        if role != "stranger":
            session = client_for(self.people[role]).cookies["sessionid"].value
            self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])
        self.role = role

    def opened(self, address: str) -> bool:
        answer = self.page.goto(address)
        if answer is None or answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
            self.found.append(f"{self.role} {address} is no page: {answer and answer.status}")
            return False
        return True

    def look(self, address: str, *, narrow: bool) -> None:
        """Judge the page, then with each of its dialogs open, then with its charts as tables."""
        if not self.opened(address):
            return
        if narrow:
            self.narrow(address)
        self.judge(address)
        for at, dialog in enumerate(self.page.locator("dialog.dialog").all()):
            dialog.evaluate("node => node.showModal()")
            self.judge(f"{address} dialog {dialog.get_attribute('id') or at}", "dialog[open]")
            dialog.evaluate("node => node.close()")
        if self.page.locator(".chart[data-drawn]").count():
            for button in self.page.get_by_role("button", name="表格").all():
                button.click()
            self.judge(f"{address} as tables", "main")

    def judge(self, what: str, part: str = "html") -> None:
        self.found += [f"{self.role} {what}: {finding}" for finding in serious_findings(self.page, part)]

    def narrow(self, address: str) -> None:
        """The page as it stands, in the narrowest window."""
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": NARROWEST, "height": 640})
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            self.found.append(f"{self.role} {address} hangs out by {over} px at {NARROWEST} px")
        self.page.set_viewport_size(size)


@pytest.fixture
def things(live_portal: Any, district: District) -> Sample:
    return sample(district)


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_axe_finds_nothing_serious_on_any_page(
    request: pytest.FixtureRequest, live_portal: Any, things: Sample, screen: str
) -> None:
    reader = Reader(request.getfixturevalue(screen), live_portal.url, things.people)
    for role, address in sorted(looks(things)):
        reader.become(role)
        reader.look(address, narrow=screen == "phone")
    assert not reader.found, "\n".join(reader.found)
