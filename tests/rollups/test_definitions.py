"""`/figures/`: what every figure means, since when, and what it meant before."""

from tests.people import District, client_for
from unionportal.reporting.definitions import Kind
from unionportal.reporting.measures import MEASURES, RATES_BY_ID, all_definitions


def test_every_definition_is_on_the_page_with_its_version(district: District) -> None:
    page = client_for(district.handler()).get("/figures/").content.decode()
    for one in all_definitions():
        assert f'id="{one.id}"' in page, one.id
        assert one.formula in page, one.id
    # Until wrong entries could be voided, the definition did not speak of them.
    assert "不予受理、已并案和已作废的不计。" in page
    assert "不予受理和已并案的不计。" in page


def test_scripts_list_them(district: District) -> None:
    rows = client_for(district.township_clerk()).get("/api/v1/figures/").json()
    by_id = {row["id"]: row for row in rows}
    assert by_id.keys() == {one.id for one in all_definitions()}
    received = by_id["received"]
    assert (received["kind"], received["version"], received["effective_on"]) == ("cohort", 2, "2024-01-01")
    assert [(one["version"], one["effective_on"]) for one in received["earlier"]] == [(1, "2023-04-01")]
    assert by_id["closed_in_period"]["kind"] == "flow"
    assert (by_id["resolution"]["numerator"], by_id["resolution"]["denominator"]) == ("resolved", "received")


def test_ids_are_given_once_and_versions_follow_one_another() -> None:
    definitions = all_definitions()
    assert len({one.id for one in definitions}) == len(definitions)
    for one in definitions:
        versions = [*one.earlier, one]
        assert [edition.version for edition in versions] == list(range(1, len(versions) + 1))
        assert sorted(edition.effective_on for edition in versions) == [edition.effective_on for edition in versions]


def test_a_rate_never_mixes_kinds() -> None:
    for rate in RATES_BY_ID.values():
        assert {MEASURES[rate.numerator].kind, MEASURES[rate.denominator].kind} == {rate.kind} == {Kind.COHORT}


def test_a_drill_down_says_by_which_version(district: District) -> None:
    page = client_for(district.leader()).get("/dashboard/rows/?measure=received&year=2024").content.decode()
    assert "口径第 2 版" in page
    assert 'href="/figures/#received"' in page
