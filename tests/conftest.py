"""Fixtures on real servers. What a test asks for decides how its data live:

- `db` (or the mark `django_db`): in this process, rolled back afterwards. The fast default.
- `committed_db`: really committed, visible to other processes; every table is emptied afterwards through the owner
  role and the rows loaded by migrations are put back. Fixtures that ask for `db` join in.
- `celery_worker_process`: committed_db and a real Celery worker on it.
- `live_portal`: committed_db and a real gunicorn on it (`live_portal.url`); `page` (1366x768) and `phone` (390x844)
  are Chromium pages of a fresh profile.

The connection `default` is the web role and owns nothing; tests reach the owner as `connections["owner"]` only with
`@pytest.mark.django_db(databases=["default", "owner"])` or `committed_db`.
"""

import json
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1366, "height": 768}
BOTH = ["default", "owner"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell pytest-django how each test's data live, before it puts the order right: rolled-back tests run before committed ones,
    which empty the tables. Committed data are emptied through the owner: the web role may not truncate."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        transactional = bool(mark and mark.kwargs.get("transaction"))
        names = getattr(item, "fixturenames", ())
        if transactional or "transactional_db" in names:
            item.add_marker(
                pytest.mark.django_db(transaction=True, serialized_rollback=True, databases=BOTH), append=False
            )
        elif "district" in names and mark is None:
            item.add_marker(pytest.mark.django_db)  # `district` asks for `db` only once it runs


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test failed, so that `page` can keep a picture."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Copy the migrated database through the owner; `default`, the web role, mirrors it."""
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    from tests.databases import template

    connections["owner"].settings_dict["TEST"]["TEMPLATE"] = template()
    verbosity = request.config.option.verbose
    with django_db_blocker.unblock():
        created = setup_databases(verbosity, False, aliases=dict.fromkeys(BOTH), serialized_aliases=["owner"])
        _keep_migrated_rows(connections["owner"])
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        teardown_databases(created, verbosity)


def _keep_migrated_rows(owner: Any) -> None:
    """What Django puts back before each committed test, kept where every connection finds it.

    Django keeps it on the connection object, and there is another such object once a browser runs: Playwright's event loop makes Django's
    connections context-local, and committed tests after the first browser would find no categories.
    Rows are saved one by one, in the order of the apps: Django's permissions would come before the content types they name. The portal
    does not use them.
    """
    rows = json.loads(owner._test_serialized_contents)
    type(owner)._test_serialized_contents = json.dumps([row for row in rows if row["model"] != "auth.permission"])
    del owner._test_serialized_contents


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """Data that other processes see; the tables are emptied afterwards."""


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    """What a process keeps of small tables for some seconds (clock offset, calendar, parameters) must not outlive a test's rows."""
    from casework.names import category_names
    from casework.search import common_tokens
    from casework.services.trackers import tracked_categories
    from stations.directory import directory
    from unionportal.core.common import clock
    from unionportal.core.common.filtering import forget_markup
    from unionportal.core.orgs.names import unit_names
    from unionportal.core.params.values import kept_values
    from unionportal.core.workcal.days import kept_calendar
    from visits.sheet_selectors import kinds_with_checklists

    yield
    clock.forget_offset()
    kept_calendar.forget()
    kept_values.forget()
    unit_names.forget()
    category_names.forget()
    tracked_categories.forget()
    common_tokens.forget()
    kinds_with_checklists.forget()
    forget_markup()
    directory.forget()


@pytest.fixture
def district(request: pytest.FixtureRequest) -> Any:
    """The units of a small district, which makes enterprises and named people when asked: see tests/people.py.

    In committed data where the test asks for `committed_db` (or the browser), else rolled back.
    """
    if "transactional_db" not in request.fixturenames:
        request.getfixturevalue("db")
    from tests.people import make_district

    return make_district()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The real Valkey of this test process."""
    return os.environ["REDIS_URL"]


@pytest.fixture
def valkey() -> Iterator[Any]:
    """The Valkey of this run, to be killed by tests of faults; running again afterwards."""
    from tests import servers

    found = servers._running[-1].valkey
    assert found is not None
    yield found
    if not found.healthy():
        found.start()


@pytest.fixture
def celery_worker_process(committed_db: None) -> Iterator[Any]:
    """A running worker with empty queues; a test may kill it (`.pid`). It ends with the test: a task in the middle of its work
    would stand in the way of emptying the tables."""
    from tests.processes import Worker
    from unionportal.celery import app

    app.control.purge()
    worker = Worker()
    worker.start()
    yield worker
    worker.stop()


@pytest.fixture(scope="session")
def _portal(django_db_setup: None) -> Iterator[Any]:
    from tests.processes import Portal

    portal = Portal()
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture
def live_portal(committed_db: None, _portal: Any) -> Iterator[Any]:
    """The portal as users reach it: `.url`, `.port`, `.log`. The tables are emptied once the last request of the closed page is served."""
    yield _portal
    _portal.settle()


def chromium_path() -> str:
    """The system's Chromium; `make test` installs it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, names) if path), None)
    assert found, "Chromium is missing: run `make test`, which installs it, or set CHROMIUM"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium a test process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


def _open(request: pytest.FixtureRequest, browser: Any, live_portal: Any, **options: Any) -> Iterator[Any]:
    context = browser.new_context(base_url=live_portal.url, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    if request.node.stash.get(FAILED, False):
        folder = Path(os.environ["PORTAL_TEST_ORIGIN"]) / "failures"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{request.node.name}.png", full_page=True)
    context.close()
    assert not problems, f"script errors on the page: {problems}"


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Any, live_portal: Any) -> Iterator[Any]:
    """A desktop page (1366x768); a script error or a CSP refusal on it fails the test."""
    yield from _open(request, browser, live_portal, viewport=DESKTOP)


@pytest.fixture
def phone(request: pytest.FixtureRequest, browser: Any, live_portal: Any) -> Iterator[Any]:
    """A phone page (390x844, touch), else like `page`."""
    yield from _open(request, browser, live_portal, viewport=PHONE, is_mobile=True, has_touch=True)
