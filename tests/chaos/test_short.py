"""The short form of `python -m tests.chaos.run`: one fault at a time, and logging a visit works all the while."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from casework.models import Issue, RollupOutbox
from tests.chaos.clients import Phone
from tests.chaos.faults import SECONDS, kill_group, stopped_in_the_middle
from tests.people import District
from tests.rollups.test_incremental import everything_kept
from unionportal.core.common import clock
from unionportal.embedded.process import wait_until
from unionportal.embedded.valkey import Valkey
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh

pytestmark = pytest.mark.worker


@pytest.fixture
def phone(district: District, live_portal: Any) -> Phone:
    """A cadre's phone, talking to the real portal."""
    cadre = district.cadre()
    district.enterprise(1)
    refresh.refresh()
    return Phone.of(cadre, url=live_portal.url, enterprise=district.enterprise(1).credit_code)


def received() -> int:
    month = clock.today().replace(day=1)
    row = Rollup.objects.filter(month=month, unit__kind="district", category=None).first()
    return row.received if row else 0


def assert_equal_to_full() -> None:
    kept = everything_kept()
    refresh.recompute()
    assert everything_kept() == kept


def test_a_worker_killed_in_the_middle_of_a_rollup(phone: Phone, celery_worker_process: Any) -> None:
    with stopped_in_the_middle() as watch:
        assert phone.log_visit(uuid.uuid4()) == 201
        watch.until_waiting()
        kill_group(celery_worker_process)
        assert phone.log_visit(uuid.uuid4()) == 201
    assert wait_until(lambda: not refreshing(), seconds=SECONDS)
    assert RollupOutbox.objects.count() == 2
    assert received() == 0
    celery_worker_process.stop()
    celery_worker_process.start()
    assert phone.log_visit(uuid.uuid4()) == 201
    assert wait_until(lambda: received() == 3, seconds=SECONDS, interval=0.1)
    assert_equal_to_full()


def test_the_broker_killed(phone: Phone, celery_worker_process: Any, valkey: Valkey) -> None:
    assert phone.log_visit(uuid.uuid4()) == 201
    assert wait_until(lambda: received() == 1, seconds=SECONDS, interval=0.1)
    assert valkey.child is not None
    valkey.child.kill()
    valkey.child.wait()
    visit = uuid.uuid4()
    assert phone.log_visit(visit) == 201
    assert phone.log_visit(visit) == 200
    assert Issue.objects.count() == 2
    assert RollupOutbox.objects.exists()
    valkey.start()

    def picked_up() -> bool:
        """What beat does every half minute, until the worker (or the next one) has found the broker again."""
        celery_worker_process.tend()
        sweep()
        return received() == 2

    assert wait_until(picked_up, seconds=2 * SECONDS, interval=0.5)
    assert_equal_to_full()


def sweep() -> None:
    from unionportal.core.common.enqueue import soon
    from unionportal.reporting.tasks import refresh_rollups

    soon(refresh_rollups)


def refreshing() -> bool:
    """Whether a server process still works for a refresher that may be dead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [refresh.LOCK_KEY])
        return bool(cursor.fetchone()[0])


def test_yesterday_is_still_a_day_to_log(phone: Phone) -> None:
    """The phone of these tests is refused where a real one would be: a future day."""
    assert phone.log_visit(uuid.uuid4(), on=clock.today() + timedelta(days=1)) == 400
