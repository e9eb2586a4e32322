"""/metrics: what it measures, and who may read it."""

import pytest
from django.test import Client

from casework.models import RollupOutbox
from tests.access.sample import sample
from tests.people import client_for
from unionportal.reporting import metrics
from unionportal.reporting.rollups import refresh
from unionportal.reporting.tasks import heartbeat

pytestmark = pytest.mark.django_db
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def read(**options) -> dict[str, float]:
    answer = Client().get("/metrics", **options)
    assert (answer.status_code, answer["Content-Type"]) == (200, metrics.CONTENT_TYPE)
    lines = [line.split(" ") for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_it_says_what_waits_and_that_all_is_up(district):
    sample(district)
    found = read()
    assert found["unionportal_up"] == found["unionportal_database_up"] == found["unionportal_broker_up"] == 1
    assert found["unionportal_outbox_rows"] == RollupOutbox.objects.count() > 0
    refresh.refresh()
    found = read()
    assert (found["unionportal_outbox_rows"], found["unionportal_rollup_lag_seconds"]) == (0, 0)


def test_every_gauge_is_explained_and_typed(db):
    text = Client().get("/metrics").content.decode()
    for name in read():
        assert f"# HELP {name} " in text
        assert f"# TYPE {name} gauge" in text


def test_the_heartbeat_is_there_once_a_worker_did_what_beat_sent(db):
    heartbeat()
    assert 0 <= read()["unionportal_heartbeat_age_seconds"] < 60


def test_a_broker_away_is_told_not_hidden(db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    found = read()
    assert (found["unionportal_broker_up"], found["unionportal_database_up"]) == (0, 1)
    assert "unionportal_queue_tasks" not in found


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_from_elsewhere_it_takes_the_token(db, settings, headers):
    assert Client().get("/metrics", headers=headers, **ELSEWHERE).status_code == 403
    settings.METRICS_TOKEN = "watch-tower"
    assert Client().get("/metrics", headers=headers, **ELSEWHERE).status_code == 403
    assert read(headers={"Authorization": "Bearer watch-tower"}, **ELSEWHERE)["unionportal_up"] == 1


def test_what_a_proxy_passes_on_is_not_this_machine(district):
    headers = {"X-Forwarded-For": "192.0.2.7"}
    assert Client().get("/metrics", headers=headers).status_code == 403
    assert client_for(district.sysadmin()).get("/metrics", headers=headers).status_code == 403
