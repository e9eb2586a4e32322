"""Somebody new to a role is told three things on the workbench, until they say they have read them."""

import re

import pytest

from tests.people import District, client_for
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.models import AuditEntry

ROLES = RoleGrant.Role.values


def steps(client) -> list[str]:
    """What the hint on the workbench tells to do."""
    content = client.get("/").content.decode()
    found = re.search(r'<ol class="hints">(.*?)</ol>', content, re.S)
    return re.findall(r"<b>(.+?)</b>", found.group(1)) if found else []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_three_steps_of_its_own_until_they_are_read(district: District, role: str) -> None:
    client = client_for(district.everybody()[role])
    assert len(steps(client)) == 3
    assert len(steps(client)) == 3, "still there: nobody said it was read"
    answer = client.post("/me/hints/", {"role": role})
    assert answer["Location"] == "/"
    assert steps(client) == []


def test_it_stays_read_on_another_computer_and_for_nobody_else(district: District) -> None:
    one, other = district.staff(), district.staff()
    client_for(one).post("/me/hints/", {"role": "staff"})
    client_for(one).post("/me/hints/", {"role": "staff"})
    assert User.objects.get(pk=one.pk).hinted_roles == ["staff"]
    assert steps(client_for(one)) == []
    assert len(steps(client_for(other))) == 3


def test_a_second_role_brings_its_own_hint(district: District) -> None:
    user = district.cadre()
    client = client_for(user)
    client.post("/me/hints/", {"role": "cadre"})
    RoleGrant.objects.create(user=user, role="staff", unit=district.district)
    assert steps(client)[0] == "先交办"


def test_a_role_that_is_none_is_refused_and_a_stranger_signs_in_first(district: District, client) -> None:
    user = district.staff()
    assert client_for(user).post("/me/hints/", {"role": "emperor"}).status_code == 400
    opened = client_for(user).get("/me/hints/", headers={"referer": "http://testserver/visits/?mine=1"})
    assert (opened.status_code, opened["Allow"], "这个地址不能直接打开" in opened.content.decode()) == (
        405,
        "POST, OPTIONS",
        True,
    )
    assert 'href="/visits/?mine=1"' in opened.content.decode()
    assert client.post("/me/hints/", {"role": "staff"})["Location"] == "/login/?next=/"
    assert User.objects.get(pk=user.pk).hinted_roles == []
    assert not AuditEntry.objects.filter(object_id=str(user.pk), action__contains="hint").exists()
