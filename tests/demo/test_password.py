"""The password the start window prints is the one that signs in, also when another is set later or the database was kept."""

import threading
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, transaction
from django.test import Client

from casework.models import Category
from casework.services import issue_register
from tests.locks import until_somebody_waits_for_a_lock
from tests.people import PASSWORD, client_for, scope_of
from unionportal import prepare
from unionportal.core.accounts.models import User
from unionportal.core.accounts.services import password_change, password_reset, shared_password_replace
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo import places

CHOSEN, NEW = "Jiahe-Qiutian-88", "Xinmima-2025"
GIVEN = {"password_is_shared": True}


def signs_in(user: User, password: str) -> bool:
    return Client().post("/login/", {"username": user.username, "password": password}).status_code == 302


@pytest.fixture
def demo(district, monkeypatch):
    """A district `load_demo` takes for its own; its people are made with the password a set-up gave them."""
    code, kind, name, short_name = places.HANDLING_UNITS[-1]
    Unit.objects.create(code=code, kind=kind, name=name, short_name=short_name, parent=district.district)
    clerk = scope_of(district.staff())
    facts = {"title": "食堂", "description": "", "category": Category.objects.all()[0], "township": district.township()}
    issue_register(uuid=uuid4(), received_on=clock.today(), actor=clerk, **facts)
    monkeypatch.setenv("DEMO_PASSWORD", NEW)
    return district


def test_a_new_demo_password_holds_for_who_has_not_chosen_one(demo, capsys):
    staff, leader, chooser = demo.staff(**GIVEN), demo.leader(**GIVEN), demo.person("cadre", **GIVEN)
    session = client_for(chooser)
    changed = {"old_password": PASSWORD, "password": CHOSEN, "password_again": CHOSEN}
    assert session.post("/me/password/", changed).status_code == 302
    for _ in range(settings.AXES_FAILURE_LIMIT):
        signs_in(staff, NEW)
    assert AccessAttempt.objects.exists()

    prepare.load_demo()
    said = capsys.readouterr().out
    assert "密码已换成" in said
    assert f"account\t区总领导  {leader.username}" in said
    assert signs_in(staff, NEW), "five tries with it had locked the account"
    assert signs_in(leader, NEW)
    assert not signs_in(leader, PASSWORD)
    assert signs_in(chooser, CHOSEN)
    prepare.load_demo()
    assert "密码已换成" not in capsys.readouterr().out, "once is enough"
    assert session.get("/me/").status_code == 200


def test_the_last_who_has_not_chosen_one_gets_the_new_one_too(demo):
    last, helped = demo.staff(**GIVEN), demo.leader(**GIVEN)
    password_reset(user=helped, password=CHOSEN, actor=SYSTEM)
    prepare.load_demo()
    assert signs_in(last, NEW)
    assert not signs_in(last, PASSWORD)
    assert signs_in(helped, CHOSEN), "one's own since the administrator gave it"


def test_somebody_chooses_a_password_while_another_is_given_to_all(committed_db, district):
    chooser, other = district.staff(**GIVEN), district.leader(**GIVEN)
    replaced: list[int] = []

    def compete() -> None:
        try:
            replaced.append(shared_password_replace(password=NEW, actor=SYSTEM))
        finally:
            connection.close()

    rival = threading.Thread(target=compete)
    with transaction.atomic():
        password_change(user=chooser, old=PASSWORD, new=CHOSEN, actor=scope_of(chooser))
        rival.start()
        until_somebody_waits_for_a_lock()
    rival.join(timeout=30)
    assert replaced == [1]
    assert signs_in(chooser, CHOSEN)
    assert signs_in(other, NEW)


def test_a_refused_demo_password_changes_nothing(demo, monkeypatch):
    staff = demo.staff(**GIVEN)
    monkeypatch.setenv("DEMO_PASSWORD", "short")
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        prepare.load_demo()
    assert signs_in(staff, PASSWORD)
