"""The demo's households: made by the services, marked as invented, and telling every category."""

from collections import Counter

from casework.models import Issue
from hardship.models import FileMember, Fund, Grant, GrantBatch, HardshipFile, Lead, ServiceOrder
from hardship.services.papers import consent_gaps
from tests.hardship.money import balances, prove_ledger
from tests.people import PASSWORD, District, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo import hardship_leads, hardship_money, hardship_process
from unionportal.reporting.demo.hardship import HOUSEHOLDS, play
from unionportal.reporting.demo.loader import DEMO_STARTS_AT


def _townships(district: District) -> None:
    """Those of the households that the small district lacks."""
    for digits in {each.township for each in HOUSEHOLDS} - {"006", "007", "108"}:
        Unit.objects.create(
            code=f"330602{digits}",
            kind="township",
            name=f"示例{digits}",
            short_name=f"示{digits}",
            parent=district.district,
        )


def test_the_demo_households_are_whole_and_nobodys(district: District) -> None:
    _townships(district)
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


def test_the_demo_money_and_leads_stand_in_their_states(district: District) -> None:
    _townships(district)
    for name in ("leader", "staff"):
        getattr(district, name)(username=name)
    units = {unit.code: unit for unit in Unit.objects.all()}
    play(PASSWORD, units)
    hardship_process.play()
    hardship_money.play()
    hardship_leads.play(units)
    assert sorted(GrantBatch.objects.values_list("state", "kind")) == [("draft", "schooling"), ("settled", "warmth")]
    assert Counter(Grant.objects.values_list("state", flat=True)) == {"paid": 2, "planned": 2}
    assert Counter(ServiceOrder.objects.values_list("state", flat=True)) == {"settled": 1, "ordered": 1}
    prove_ledger()
    for fund in Fund.objects.all():
        allotted, _, reserved, spent = balances(fund)
        assert (allotted, reserved > 0, spent > 0) == (fund.budget * 3 / 4, fund.purpose == "services", True)
    assert Counter(Lead.objects.values_list("state", flat=True)) == {"open": 1, "verified": 1, "dismissed": 1}
    for lead in Lead.objects.all():
        assert lead.opened("name").endswith("（演示）")
        assert lead.opened("id").startswith("330699")
        assert lead.opened("phone").startswith("05750000")
    assert not Issue.objects.exists()
    for name, path, words in (
        ("aid", "/hardship/money/", "困难职工帮扶资金（演示）"),
        ("aid", "/hardship/services/", "水电维修"),
        ("aid", "/hardship/leads/", "XS-2025-0001"),
    ):
        with clock.at(DEMO_STARTS_AT):
            page = client_for(User.objects.get(username=name)).get(path)
            assert words in page.content.decode()
