"""Every address x every role. A new address fails here until the table says who may open it."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.matrix import MATRIX
from tests.access.sample import Sample, sample
from tests.people import District, client_for

pytestmark = pytest.mark.django_db
ROLES = ("sysadmin", "security", "auditor", "leader", "staff", "cadre", "township", "handler", "aid", "keeper")
#: Answers that let a person in; what the page then makes of missing input is another test's business.
LET_IN = {200, 201, 202, 204, 302, 400, 405, 409, 422}


def addresses(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name
        else:
            yield str(pattern.pattern)


def test_the_table_lists_every_address_and_nothing_else() -> None:
    found = set(addresses(get_resolver().url_patterns))
    assert found - set(MATRIX) == set(), "addresses without a line in tests/access/matrix.py"
    assert set(MATRIX) - found == set(), "lines for addresses that are gone"


@pytest.fixture
def things(district: District) -> Sample:
    return sample(district)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_says(district: District, things: Sample, role: str) -> None:
    client = client_for(things.people[role])
    wrong = []
    for name, line in MATRIX.items():
        url = reverse(name, kwargs=line.kwargs(things))
        status = getattr(client, line.method)(url, **line.options).status_code
        expected = role in line.roles
        let_in = status in LET_IN or (line.empty and status == 404)
        if let_in != expected or status >= 500:
            wrong.append(f"{line.method.upper()} {url} answered {status} to {role}")
    assert wrong == []


def test_a_stranger_is_sent_to_sign_in(things: Sample, client) -> None:
    wrong = []
    for name, line in MATRIX.items():
        url = reverse(name, kwargs=line.kwargs(things))
        answer = getattr(client, line.method)(url, **line.options)
        sent_to_sign_in = answer.status_code == 302 and "/login/" in answer.url
        if "stranger" in line.roles:
            if sent_to_sign_in and name != "logout":
                wrong.append(f"{url} is public, yet asked for a sign-in")
        elif not (sent_to_sign_in or answer.status_code == 401):
            wrong.append(f"{line.method.upper()} {url} answered {answer.status_code} to a stranger")
    assert wrong == []
