"""The demo district, loaded by its command into a database of its own: the other tests' database is emptied between tests."""

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar

import pytest

from tests.databases import Database, database, made_once, migrated
from tests.processes import Portal

DATABASE = "demo_district"
PASSWORD = "Demo-tests-2025"
DEMO = {"DEMO_PASSWORD": PASSWORD, "DEMO_MODE": "1"}


def loaded(name: str, *options: str) -> Database:
    """The database as `load_demo` leaves it: whoever needs it first loads it, the others wait. Tests only read it."""

    def load(fresh: str) -> None:
        done = migrated(fresh).manage("load_demo", *options, **DEMO)
        assert done.returncode == 0, done.stdout + done.stderr
        assert PASSWORD not in done.stdout

    return for_demo(database(made_once(name, load)))


def for_demo(found: Database) -> Database:
    """Its commands know that they work for a demo."""
    return Database(found.environ | DEMO)


def portal_on(demo: Database, name: str) -> Iterator[Portal]:
    """gunicorn on a loaded database, with a log of its own."""
    portal = Portal()
    portal.name = name
    portal.log = portal.log.with_name(f"{name}.log")
    named = ("DATABASE_URL", "DATABASE_OWNER_URL", "DEMO_MODE", "DEMO_PASSWORD")
    portal.environ |= {key: demo.environ[key] for key in named}
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def demo() -> Database:
    """The demo district."""
    return loaded(DATABASE)


@pytest.fixture(scope="session")
def demo_portal(demo: Database) -> Iterator[Portal]:
    """gunicorn on the demo district."""
    yield from portal_on(demo, "web-demo")


class Visitor:
    """Somebody signed in at the demo district, through the sign-in page."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page("/login/"))
        assert token
        form = {"csrfmiddlewaretoken": token[1], "username": username, "password": PASSWORD}
        request = urllib.request.Request(
            f"{url}/login/", urllib.parse.urlencode(form).encode(), headers={"Referer": f"{url}/login/"}
        )
        with self.open(request) as response:
            assert "/login/" not in response.url, f"{username} could not sign in"

    def page(self, path: str) -> str:
        """The page's text; an error status raises."""
        with self.open(path if path.startswith("http") else f"{self.url}{path}") as response:
            return str(response.read().decode())


@pytest.fixture(scope="session")
def leader(demo_portal: Portal) -> Visitor:
    """The district's leader at the demo portal."""
    return Visitor(demo_portal.url, "leader")
