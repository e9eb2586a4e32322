"""Parameters: values by day, set from today on, never in the past."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.people import client_for, scope_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden
from unionportal.core.params.definitions import DEFINITIONS
from unionportal.core.params.models import Parameter
from unionportal.core.params.services import parameter_set, parameter_withdraw
from unionportal.core.params.values import value

QUOTA = "visits.weekly_quota"


def test_every_parameter_has_a_valid_default(db):
    for key, definition in DEFINITIONS.items():
        assert definition.read(definition.default) == definition.default
        assert value(key) == definition.default


def test_a_value_holds_from_its_day_on_and_not_before(district):
    scope = scope_of(district.sysadmin())
    today = clock.today()
    parameter_set(key=QUOTA, value="2", effective_on=today + timedelta(days=7), actor=scope)
    parameter_set(key=QUOTA, value="4", effective_on=today + timedelta(days=14), actor=scope)
    assert [value(QUOTA, on=today + timedelta(days=n)) for n in (0, 6, 7, 13, 14, 400)] == [1, 1, 2, 2, 4, 4]


def test_yesterday_cannot_be_changed(district):
    with pytest.raises(FieldErrors) as refused:
        parameter_set(
            key=QUOTA,
            value="2",
            effective_on=clock.today() - timedelta(days=1),
            actor=scope_of(district.sysadmin()),
        )
    assert "不能早于今天" in refused.value.fields["effective_on"]
    assert value(QUOTA, on=date(2020, 1, 1)) == 1


def test_a_percentage_keeps_its_hundredths(district):
    parameter_set(
        key="figures.resolution_target", value="94.7", effective_on=clock.today(), actor=scope_of(district.sysadmin())
    )
    assert value("figures.resolution_target") == Decimal("94.70")
    assert str(value("figures.resolution_target")) == "94.70"


@pytest.mark.parametrize("typed", ["-1", "21", "1.5", "一", "", "１２", "1e1"])
def test_a_value_out_of_bounds_comes_back_at_the_field_with_what_was_typed(district, typed):
    client = client_for(district.sysadmin())
    form = {"value": typed, "effective_on": clock.today().isoformat(), "reason": "区总文件（演示）"}
    answer = client.post(f"/parameters/{QUOTA}/set/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["value"]
    assert "区总文件（演示）" in answer.content.decode()
    assert not Parameter.objects.exists()


def test_the_administrator_sets_a_value_and_staff_read_it_with_its_history(district):
    administrator = district.sysadmin()
    form = {"value": "2", "effective_on": clock.today().isoformat(), "reason": "区总文件（演示）"}
    answer = client_for(administrator).post(f"/parameters/{QUOTA}/set/", form)
    assert answer.status_code == 302
    page = client_for(district.staff()).get(f"/parameters/{QUOTA}/")
    assert [line.value for line in page.context["parameter"].lines] == [2, 1]
    assert "区总文件（演示）" in page.content.decode()
    assert "设置新的值" not in page.content.decode()
    entry = AuditEntry.objects.get(action="parameter.set")
    assert (entry.actor_id, entry.object_id, entry.data["value"]) == (administrator.pk, QUOTA, 2)


def test_a_value_to_come_can_be_taken_back_but_one_in_force_cannot(district):
    scope = scope_of(district.sysadmin())
    today = clock.today()
    parameter_set(key=QUOTA, value="2", effective_on=today, actor=scope)
    parameter_set(key=QUOTA, value="3", effective_on=today + timedelta(days=1), actor=scope)
    parameter_withdraw(key=QUOTA, effective_on=today + timedelta(days=1), actor=scope)
    assert value(QUOTA, on=today + timedelta(days=30)) == 2
    with pytest.raises(FieldErrors):
        parameter_withdraw(key=QUOTA, effective_on=today, actor=scope)
    assert value(QUOTA) == 2


def test_staff_may_not_set_values(district):
    with pytest.raises(Forbidden):
        parameter_set(key=QUOTA, value="2", effective_on=clock.today(), actor=scope_of(district.staff()))


def test_an_unknown_parameter_is_not_found(district):
    assert client_for(district.sysadmin()).get("/parameters/no.such/").status_code == 404
    with pytest.raises(KeyError):
        value("no.such")
