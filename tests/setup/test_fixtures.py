"""The test machinery itself: what it promises in conftest.py."""

import os
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from tests.processes import Worker, database_environ
from unionportal.core.orgs.models import Unit

NAME = "测试镇街（演示）"


def other_process_sees(name: str) -> bool:
    """Ask the database over a connection that is not Django's."""
    with psycopg.connect(database_environ()["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute("SELECT 1 FROM orgs_unit WHERE name = %s", [name]).fetchone()
    return found is not None


@pytest.fixture
def unit(db: None) -> Unit:
    """As tests' people do: asks for `db` and does not care how the data live."""
    return Unit.objects.create(code="999999", name=NAME, kind=Unit.Kind.values[0])


def test_plain_tests_write_nothing_durable(unit: Unit) -> None:
    assert Unit.objects.filter(name=NAME).exists()
    assert not other_process_sees(NAME)


def test_committed_data_are_seen_by_others(unit: Unit, committed_db: None) -> None:
    assert other_process_sees(NAME)
    transaction.on_commit(lambda: None)


@pytest.mark.django_db
def test_and_are_gone_afterwards() -> None:
    assert not Unit.objects.filter(name=NAME).exists()


@pytest.mark.django_db
def test_the_portal_runs_as_the_web_role() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT count(*) FROM pg_tables WHERE tableowner = current_user)")
        assert cursor.fetchone() == ("portal_web", 0)


@pytest.mark.worker
def test_worker_runs_on_the_test_database_and_is_replaced_when_killed(celery_worker_process: Worker) -> None:
    from unionportal.celery import app

    assert app.control.inspect(timeout=10).ping()
    celery_worker_process.stop()
    assert not celery_worker_process.running()


@pytest.mark.worker
def test_next_test_has_a_worker_again(celery_worker_process: Worker) -> None:
    assert celery_worker_process.running()


@pytest.mark.browser
def test_browser_opens_the_sign_in_page_with_its_styles(page: Any) -> None:
    page.goto("/login/")
    assert page.locator("input[name=username]").is_visible()
    assert page.evaluate("document.styleSheets.length") > 0
    assert os.environ["PORTAL_HOME"] not in page.content()
