"""The same tap twice at the same moment, over two real connections; and a broker that is away."""

import contextvars
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from casework.models import Issue
from tests import servers
from tests.people import client_for, scope_of
from tests.visits.builders import THURSDAY, api_data, api_issue, form_data, jpeg
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.files.models import Attachment
from unionportal.embedded.process import wait_until
from visits.models import Journal, PlannedVisit, Visit
from visits.services import journal_open


@pytest.fixture
def stopped(committed_db: None) -> Iterator[None]:
    with clock.at(THURSDAY):
        yield


def start_together(*works: Callable[[], Any]) -> tuple[list[Any], list[threading.Thread]]:
    """Run each in a thread with a connection of its own; the stopped clock goes with them."""
    gate = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(index: int) -> None:
        try:
            gate.wait(timeout=10)
            found[index] = works[index]()
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, index)) for index in range(len(works))
    ]
    for thread in threads:
        thread.start()
    return found, threads


def waiting_for_locks() -> int:
    """Backends of this database that wait for a row another transaction holds."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return cursor.fetchone()[0]


def test_double_tap_is_one_visit(stopped, district):
    """Both taps are held back after each has seen that there is no such visit yet, then let go."""
    cadre, factory = district.cadre(), district.enterprise(1)
    journal = journal_open(year=2024, week=37, actor=scope_of(cadre))
    clients = [client_for(cadre), client_for(cadre)]
    data = form_data(factory, issues=({},))
    with transaction.atomic():
        Journal.objects.select_for_update().get(pk=journal.pk)
        works = [lambda c=c: c.post("/visits/new/", {**data, "photos": [jpeg()]}) for c in clients]
        answers, threads = start_together(*works)
        assert wait_until(lambda: waiting_for_locks() == 2, seconds=30)
    for thread in threads:
        thread.join(timeout=60)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert (Visit.objects.count(), Issue.objects.count(), Attachment.objects.count()) == (1, 1, 1)


def test_double_post_without_a_journal_yet(stopped, district):
    cadre, factory = district.cadre(), district.enterprise(1)
    clients = [client_for(cadre), client_for(cadre)]
    data = api_data(factory, issues=[api_issue()])
    works = [lambda c=c: c.post("/api/v1/visits/", data, content_type="application/json") for c in clients]
    answers, threads = start_together(*works)
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].json() == answers[1].json()
    assert (Visit.objects.count(), Issue.objects.count(), Journal.objects.count()) == (1, 1, 1)


def test_a_visit_and_the_submission_of_its_week(stopped, district):
    """Whichever comes first, no visit slips into a journal that is already submitted."""
    cadre, factory = district.cadre(), district.enterprise(1)
    journal_open(year=2024, week=37, actor=scope_of(cadre))
    clients = [client_for(cadre), client_for(cadre)]
    answers, threads = start_together(
        lambda: clients[0].post("/api/v1/visits/", api_data(factory), content_type="application/json"),
        lambda: clients[1].post("/journals/2024-W37/", {"version": "1", "reflections": "本周小结", "next_plan": ""}),
    )
    for thread in threads:
        thread.join(timeout=60)
    journal = Journal.objects.get()
    assert answers[1].status_code == 302
    assert journal.state == "submitted"
    assert answers[0].status_code in (201, 400)
    assert Visit.objects.count() == (1 if answers[0].status_code == 201 else 0)


@pytest.fixture
def no_broker(committed_db: None) -> Iterator[None]:
    """The Valkey of this run is killed, and running again afterwards."""
    valkey = servers._running[-1].valkey
    assert valkey is not None
    assert valkey.child is not None
    valkey.child.kill()
    valkey.child.wait()
    yield
    valkey.start()


def test_a_visit_is_saved_while_the_broker_is_away(stopped, district, no_broker):
    cadre, factory = district.cadre(), district.enterprise(1)
    answer = client_for(cadre).post("/visits/new/", form_data(factory, issues=({},)))
    assert answer.status_code == 302
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 1)


@pytest.mark.parametrize(("days", "rows", "answers"), [(("13", "13"), 1, [302, 302]), (("13", "14"), 1, [302, 409])])
def test_one_plan_from_two_tabs(stopped, district, days, rows, answers):
    """The same tap twice is one row; the same enterprise on two days: whoever comes second is asked."""
    cadre, factory = district.cadre(), district.enterprise(1)
    same = uuid4()
    forms = [
        {
            "id": str(same if day == days[0] else uuid4()),
            "enterprise": factory.credit_code,
            "planned_on": f"2024-09-{day}",
            "kind": "routine",
        }
        for day in days
    ]
    clients = [client_for(cadre), client_for(cadre)]
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=cadre.pk)
        works = [lambda c=c, f=f: c.post("/plan/new/", f) for c, f in zip(clients, forms, strict=True)]
        found, threads = start_together(*works)
        assert wait_until(lambda: waiting_for_locks() == 2, seconds=30)
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answer.status_code for answer in found) == answers
    assert PlannedVisit.objects.count() == rows
