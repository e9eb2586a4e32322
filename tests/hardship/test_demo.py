"""The demo's households: made by the services, marked as invented, and telling every category."""

from collections import Counter

from hardship.models import FileMember, HardshipFile
from hardship.services.papers import consent_gaps
from tests.people import PASSWORD, District, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo.hardship import HOUSEHOLDS, play


def test_the_demo_households_are_whole_and_nobodys(district: District) -> None:
    for digits in {each.township for each in HOUSEHOLDS} - {"006", "007", "108"}:
        Unit.objects.create(
            code=f"330602{digits}",
            kind="township",
            name=f"示例{digits}",
            short_name=f"示{digits}",
            parent=district.district,
        )
    play(PASSWORD, {unit.code: unit for unit in Unit.objects.all()})
    files = HardshipFile.objects.all()
    assert Counter(file.category for file in files) == {"deep": 6, "relative": 3, "sudden": 1, "": 2}
    for member in FileMember.objects.select_related("file"):
        assert "示例" in member.opened("name")
        assert member.opened("name").endswith("（演示）")
        assert member.opened("id").startswith("330699")
    for file in files:
        gaps = consent_gaps(file, file.opened_on, personal=False)
        assert bool(gaps) == (file.category == "")
    assert files.filter(opened_by__username="aid01").count() == 2
    assert HardshipFile.objects.visible_to(scope_of(User.objects.get(username="aid02"))).count() == 2
    assert HardshipFile.objects.visible_to(scope_of(User.objects.get(username="aid"))).count() == 12
