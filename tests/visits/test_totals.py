"""The kept totals of visits: right whatever becomes of a visit, and never in anybody's way."""

from datetime import date

import pytest
from django.db import connections, transaction
from django.urls import reverse

from tests.people import client_for
from tests.visits.builders import form_data, logged
from unionportal.core.orgs.models import Unit
from unionportal.reporting.integrity import disagreements
from visits.models import Visit, VisitTotal
from visits.services.totals import totals_fold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


def counted() -> dict[tuple[str, int], int]:
    """Month and township -> visits, as the kept rows add up; without those that cancel out."""
    found: dict[tuple[str, int], int] = {}
    for month, township, number in VisitTotal.objects.values_list("month", "township_id", "number"):
        key = f"{month:%Y-%m}", township
        found[key] = found.get(key, 0) + number
    return {key: number for key, number in found.items() if number}


@pytest.fixture
def cadre(district):
    return district.cadre()


@pytest.fixture
def factory(district):
    return district.enterprise(1)


def test_a_visit_counts_where_and_when_it_was_made(cadre, factory):
    logged(cadre, factory, on=date(2024, 8, 30))
    logged(cadre, factory, on=date(2024, 9, 10))
    visit = logged(cadre, factory, on=date(2024, 9, 2), narrative="车间")
    home = factory.township_id
    assert counted() == {("2024-08", home): 1, ("2024-09", home): 2}
    visit.visited_on = date(2024, 8, 1)
    visit.save(update_fields=["visited_on"])
    assert counted() == {("2024-08", home): 2, ("2024-09", home): 1}
    elsewhere = Unit.objects.filter(kind="township").exclude(pk=home).first()
    Visit.objects.filter(pk=visit.pk).update(township=elsewhere)
    assert counted() == {("2024-08", home): 1, ("2024-08", elsewhere.pk): 1, ("2024-09", home): 1}
    visit.delete()
    assert counted() == {("2024-08", home): 1, ("2024-09", home): 1}


def test_an_edit_on_the_page_moves_it(cadre, factory):
    visit = logged(cadre, factory, on=date(2024, 9, 10))
    facts = form_data(factory, id=str(visit.pk), visited_on="2024-09-09", version=str(visit.version))
    assert client_for(cadre).post(reverse("visit-edit", args=[visit.pk]), facts).status_code == 302
    assert VisitTotal.objects.count() == 1  # in the same month nothing is to be moved
    assert counted() == {("2024-09", factory.township_id): 1}


def test_folding_changes_no_number_and_once_is_enough(cadre, factory):
    for day in (2, 3, 4):
        logged(cadre, factory, on=date(2024, 9, day))
    before = counted()
    assert VisitTotal.objects.count() == 3
    assert totals_fold() == 1
    assert (counted(), VisitTotal.objects.count()) == (before, 1)
    assert totals_fold() == 0
    Visit.objects.all().delete()
    totals_fold()
    assert not VisitTotal.objects.exists()


def test_a_count_that_went_wrong_is_found(cadre, factory):
    logged(cadre, factory, on=date(2024, 9, 2))
    assert not [line for line in disagreements() if line.startswith("走访累计")]
    VisitTotal.objects.update(number=2)
    assert f"走访累计与走访记录不符：{factory.township.short_name} 2024-09" in disagreements()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_wait_for_nobody(cadre, factory):
    logged(cadre, factory, on=date(2024, 9, 2))
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            logged(cadre, factory, on=date(2024, 9, 3))  # not committed yet
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute(
                    "INSERT INTO visits_visittotal (month, township_id, number) VALUES ('2024-09-01', %s, 1)",
                    [factory.township_id],
                )
                cursor.execute("SELECT sum(number) FROM visits_visittotal")
                assert cursor.fetchone() == (2,)
            totals_fold()
        assert counted() == {("2024-09", factory.township_id): 3}
    finally:
        other.close()
