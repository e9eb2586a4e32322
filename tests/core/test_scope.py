"""From a person to a scope: roles, units, postings of the day; a disabled account reaches nothing."""

from datetime import timedelta

from tests.people import POSTED_SINCE, client_for, scope_of
from unionportal.core.accounts.models import Posting
from unionportal.core.common import clock
from unionportal.core.common.policy import POLICY, allowed
from unionportal.core.common.scope import Role


def test_only_leaders_and_staff_see_the_district(district):
    for role, user in district.everybody().items():
        assert scope_of(user).district is (role in (Role.LEADER, Role.STAFF)), role


def test_a_clerk_works_for_the_own_township_and_holds_its_issues(district):
    clerk = district.township_clerk(district.township("330602108"))
    township = district.township("330602108").pk
    scope = scope_of(clerk)
    assert (scope.township_ids, scope.unit_ids, scope.district) == ({township}, {township}, False)


def test_a_handler_holds_issues_but_has_no_township(district):
    scope = scope_of(district.handler(district.workroom))
    assert (scope.township_ids, scope.unit_ids) == (frozenset(), {district.workroom.pk})


def test_an_aid_officer_works_on_the_files_of_the_granted_unit(district):
    officer = district.everybody()[Role.AID]
    assert scope_of(officer).aid_unit_ids == {grant.unit_id for grant in officer.grants.all()}
    assert scope_of(district.staff()).aid_unit_ids == frozenset()


def test_postings_count_on_their_days_only(district):
    cadre = district.cadre()
    township = district.township().pk
    assert scope_of(cadre, on=POSTED_SINCE - timedelta(days=1)).posted_township_ids == frozenset()
    assert scope_of(cadre, on=POSTED_SINCE).posted_township_ids == {township}
    Posting.objects.filter(cadre=cadre).update(end_on=clock.today())
    assert scope_of(cadre).posted_township_ids == {township}
    assert scope_of(cadre, on=clock.today() + timedelta(days=1)).posted_township_ids == frozenset()


def test_a_disabled_account_reaches_nothing(district):
    for user in district.everybody().values():
        user.is_active = False
        user.save()
        scope = scope_of(user)
        assert scope.roles == frozenset()
        assert not scope.district
        assert not any(allowed(scope, action) for action in POLICY)


def test_the_scope_follows_the_business_clock(district):
    cadre = district.cadre()
    Posting.objects.filter(cadre=cadre).update(end_on=POSTED_SINCE + timedelta(days=30))
    assert scope_of(cadre).posted_township_ids == frozenset()
    with clock.at(clock.now().replace(year=2023, month=4, day=10)):
        assert scope_of(cadre).posted_township_ids == {district.township().pk}


def test_an_action_nobody_wrote_down_is_refused_to_everybody(district):
    for user in district.everybody().values():
        assert not allowed(scope_of(user), "no.such.action")


def test_administrators_have_no_access_to_casework(district):
    for user in (district.sysadmin(), district.security(), district.auditor()):
        client = client_for(user)
        for path in ("/issues/", "/visits/", "/enterprises/", "/dashboard/"):
            assert client.get(path).status_code in (403, 404), path
