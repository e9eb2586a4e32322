"""Where a cadre may log: the posting in force on the day of the visit decides, not the one of today."""

from datetime import date, datetime

import pytest

from tests.people import client_for, scope_of
from tests.visits.builders import TODAY, form_data, visit_input
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.services import posting_hand_over
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import Forbidden
from visits.models import Visit
from visits.services import visit_log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def handed_over(district):
    """陈示例 hands 稽山街道 to 王示例 on 2024-09-10."""
    leaver, successor = district.cadre(name="陈示例"), district.cadre(townships=[], name="王示例")
    posting = Posting.objects.get(cadre=leaver)
    posting_hand_over(posting=posting, successor=successor, on=date(2024, 9, 10), actor=scope_of(district.staff()))
    return leaver, successor


def log(user, enterprise, on: date):
    return client_for(user).post("/visits/new/", form_data(enterprise, visited_on=on.isoformat()))


def test_the_old_cadre_may_log_for_days_before_the_hand_over(handed_over, district):
    leaver, _ = handed_over
    assert log(leaver, district.enterprise(1), date(2024, 9, 9)).status_code == 302
    assert Visit.objects.get().cadre == leaver


def test_the_old_cadre_may_not_log_for_days_after_it(handed_over, district):
    leaver, _ = handed_over
    answer = log(leaver, district.enterprise(1), TODAY)
    assert answer.status_code == 422
    assert "王示例" in answer.content.decode()
    assert not Visit.objects.exists()


def test_the_new_cadre_may_log_from_the_day_on_and_not_before(handed_over, district):
    _, successor = handed_over
    assert log(successor, district.enterprise(1), date(2024, 9, 10)).status_code == 302
    answer = log(successor, district.enterprise(1), date(2024, 9, 9))
    assert answer.status_code == 422
    assert "陈示例" in answer.content.decode()


def test_a_posting_to_a_single_enterprise_covers_it_and_not_its_neighbour(district):
    mine, neighbour = district.enterprise(1), district.enterprise(2)
    cadre = district.cadre(enterprises=[mine])
    assert log(cadre, mine, TODAY).status_code == 302
    answer = log(cadre, neighbour, TODAY)
    assert answer.status_code == 422
    assert "没有驻联干部" in answer.content.decode()


def test_an_enterprise_posting_does_not_open_the_township_for_households(district):
    cadre = district.cadre(enterprises=[district.enterprise(1)])
    data = form_data(target_kind="household", target_name="职工老李家", township="330602006")
    assert client_for(cadre).post("/visits/new/", data).status_code == 422


def test_the_picker_follows_the_day_of_the_visit(handed_over, district):
    leaver, _ = handed_over
    district.enterprise(1, name="光典芯元微电子（演示）")
    client = client_for(leaver)

    def found(day: str) -> list[str]:
        url = f"/visits/picker/?q=gdxy&visited_on={day}"
        return [row["label"] for row in client.get(url, headers={"Accept": "application/json"}).json()["results"]]

    assert found("2024-09-09") == ["光典芯元微电子（演示）"]
    assert found("2024-09-12") == []


def test_a_disabled_cadre_logs_nothing(district):
    cadre = district.cadre()
    cadre.is_active = False
    cadre.save()
    with pytest.raises(Forbidden):
        visit_log(visit=visit_input(district.enterprise(1)), actor=scope_of(cadre))


def test_the_day_is_shanghais(district):
    """At 00:30 in Shanghai it is still yesterday in UTC."""
    cadre = district.cadre()
    with clock.at(datetime(2024, 9, 13, 0, 30, tzinfo=SHANGHAI)):
        assert log(cadre, district.enterprise(1), date(2024, 9, 13)).status_code == 302
        assert log(cadre, district.enterprise(1), date(2024, 9, 14)).status_code == 422
