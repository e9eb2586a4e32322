"""The people of the tests themselves: if these are wrong, every refusal tested with them means nothing."""

from stdnum.cn import uscc

from tests.people import credit_code, scope_of
from unionportal.core.common.scope import Role


def test_everybody_has_exactly_their_own_role(district):
    for role, user in district.everybody().items():
        assert scope_of(user).roles == {role}


def test_credit_codes_are_well_formed():
    assert all(uscc.is_valid(credit_code(number)) for number in range(1, 60))


def test_cadre_reaches_the_township_posted_to(district):
    township = district.township("330602108")
    assert scope_of(district.cadre([township])).posted_township_ids == {township.pk}
    assert scope_of(district.staff()).has(Role.STAFF)
