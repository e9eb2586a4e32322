"""Every page of the ground floor x every role: who gets in, who is refused, who is sent to sign in."""

from datetime import date

import pytest
from django.test import Client

from tests.people import client_for
from unionportal.core.accounts.models import Posting
from unionportal.core.common.scope import Role

ALL = {
    Role.SYSADMIN,
    Role.SECURITY,
    Role.AUDITOR,
    Role.LEADER,
    Role.STAFF,
    Role.CADRE,
    Role.TOWNSHIP,
    Role.HANDLER,
    Role.AID,
    Role.KEEPER,
}
ADMINISTRATORS = {Role.SYSADMIN, Role.SECURITY}
RULE_READERS = {Role.SYSADMIN, Role.STAFF, Role.LEADER}

#: Path -> roles that may open it. {account} and {posting} are filled in by the test.
MAY_OPEN = {
    "/me/": ALL,
    "/me/password/": ALL,
    "/accounts/": ADMINISTRATORS,
    "/accounts/new/": {Role.SYSADMIN},
    "/accounts/{account}/": ADMINISTRATORS,
    "/accounts/{account}/edit/": {Role.SYSADMIN},
    "/accounts/{account}/disable/": {Role.SYSADMIN},
    "/accounts/{account}/enable/": {Role.SYSADMIN},
    "/accounts/{account}/unlock/": {Role.SYSADMIN},
    "/accounts/{account}/reset/": {Role.SYSADMIN},
    "/accounts/{account}/roles/grant/": {Role.SECURITY},
    "/accounts/{account}/roles/revoke/": {Role.SECURITY},
    "/postings/": {Role.SYSADMIN, Role.STAFF, Role.LEADER, Role.CADRE, Role.TOWNSHIP},
    "/postings/new/": {Role.SYSADMIN, Role.STAFF},
    "/postings/enterprises/": {Role.SYSADMIN, Role.STAFF},
    "/postings/{posting}/end/": {Role.SYSADMIN, Role.STAFF},
    "/postings/{posting}/hand-over/": {Role.SYSADMIN, Role.STAFF},
    "/parameters/": RULE_READERS,
    "/parameters/visits.weekly_quota/": RULE_READERS,
    "/parameters/visits.weekly_quota/set/": {Role.SYSADMIN},
    "/parameters/visits.weekly_quota/withdraw/": {Role.SYSADMIN},
    "/calendar/": RULE_READERS,
    "/calendar/2026/": RULE_READERS,
    "/calendar/2026/edit/": {Role.SYSADMIN},
    "/calendar/2026/clear/": {Role.SYSADMIN},
    "/audit/": {Role.AUDITOR},
    "/api/v1/me/": ALL,
}


@pytest.fixture
def filled(district):
    """Everybody, and what the paths name."""
    people = district.everybody()
    posting = Posting.objects.create(
        cadre=people[Role.CADRE], township=district.township("330602007"), start_on=date(2024, 1, 1)
    )
    return people, {"account": people[Role.CADRE].pk, "posting": posting.pk}


def test_who_may_open_which_page(filled):
    people, named = filled
    clients = {role: client_for(user) for role, user in people.items()}
    wrong = []
    for path, roles in MAY_OPEN.items():
        for role, client in clients.items():
            status = client.get(path.format(**named)).status_code
            if (status in (200, 302)) != (role in roles) or status not in (200, 302, 403):
                wrong.append((path, role, status))
    assert wrong == []


def test_nobody_gets_in_without_signing_in(filled):
    _, named = filled
    for path in MAY_OPEN:
        answer = Client().get(path.format(**named))
        if path.startswith("/api/"):
            assert answer.status_code == 401, path
            assert answer.json()["code"] == "not_authenticated"
        else:
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/login/?next=/"), path


def test_the_writes_are_refused_like_the_pages(filled):
    people, named = filled
    writes = [path for path, roles in MAY_OPEN.items() if len(roles) <= 2 and "enterprises" not in path]
    outsider = client_for(people[Role.TOWNSHIP])
    for path in writes:
        assert outsider.post(path.format(**named), {}).status_code in (403, 405), path


def test_the_list_covers_every_path_of_the_ground_floor():
    from django.urls import get_resolver

    from unionportal.core.accounts.urls import urlpatterns as accounts
    from unionportal.core.audit.urls import urlpatterns as audit
    from unionportal.core.params.urls import urlpatterns as params
    from unionportal.core.workcal.urls import urlpatterns as workcal

    assert get_resolver().resolve("/me/").view_name == "me"
    listed = {_shape(path) for path in MAY_OPEN}
    routes = {_shape("/" + str(p.pattern)) for p in [*accounts, *audit, *params, *workcal]}
    assert routes - {"/login/", "/logout/"} == {path for path in listed if not path.startswith("/api/")}


def _shape(path: str) -> str:
    """The path with every variable part as *."""
    variable = ("<", "{", "2", "visits.")
    return "/".join("*" if part.startswith(variable) else part for part in path.split("/"))
