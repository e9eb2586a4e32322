"""An enterprise that moves township, and a township that is split: history stays where it was."""

import re
from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from casework.models import Issue
from tests.people import client_for, scope_of
from tests.visits.builders import api_data, form_data, issue_input, logged
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import FieldErrors, Forbidden
from unionportal.core.orgs.models import EnterpriseMove, Unit
from unionportal.core.orgs.selectors import township_on
from unionportal.core.orgs.services import enterprise_update, enterprises_move, unit_create, unit_update
from unionportal.reporting.reports.book import report_book
from unionportal.reporting.rollups import refresh
from unionportal.reporting.visiting import coverage_by_township, visit_figures, visit_figures_by_cadre
from visits.models import Visit

pytestmark = pytest.mark.django_db
MOVED_ON, TODAY = date(2024, 9, 9), date(2024, 9, 12)


@pytest.fixture(autouse=True)
def thursday():
    with clock.at(datetime(2024, 9, 12, 15, 30, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def staff(district):
    return district.staff()


@pytest.fixture
def places(district):
    return district.township(), district.township("330602007")


def move(staff, *enterprises, to, on=MOVED_ON):
    return enterprises_move(enterprises=enterprises, township=to, moved_on=on, actor=scope_of(staff))


def test_visits_and_issues_of_before_stay_in_the_old_township(district, staff, places):
    old, new = places
    cadre, factory = district.cadre(), district.enterprise(1)
    district.cadre([new], name="王迪荡")
    logged(cadre, factory, on=date(2024, 9, 5), issues=(issue_input(),))
    move(staff, factory, to=new)
    factory.refresh_from_db()
    assert (factory.township, township_on(factory, date(2024, 9, 8)), township_on(factory, MOVED_ON)) == (new, old, new)
    assert Issue.objects.get().township == old
    whole = {"start": None, "end": TODAY}
    assert [visit_figures(**whole, unit=place).visits for place in places] == [1, 0]
    page = client_for(staff).get(f"/enterprises/{factory.credit_code}/").content.decode()
    assert "2024年9月9日由稽山街道迁入" in page


def test_a_key_enterprise_called_on_before_it_moved_is_covered_everywhere(district, staff, places):
    """The dashboard, its rows, the report, the year's evaluation and the page of cadres."""
    cadre, factory = district.cadre(), district.enterprise(1, is_key=True)
    successor = district.cadre([places[1]], name="王迪荡")
    logged(cadre, factory, on=date(2024, 9, 5))
    move(staff, factory, to=places[1])
    refresh.refresh()
    year = {"start": date(2024, 1, 1), "end": TODAY}
    client, new = client_for(staff), places[1]
    page = client.get(f"/dashboard/visits/?year=2024&unit={new.code}").content.decode()
    assert re.search(r'measure=key_covered[^>]*aria-label="覆盖重点企业 1/1', page)
    (line,) = re.findall(rf"<tr><td class=\"name-cell\">{new.short_name}.*?</tr>", page)
    assert ">1/1</a>" in line
    assert (
        'data-count="1"'
        in client.get(f"/dashboard/rows/?measure=key_covered&year=2024&unit={new.code}").content.decode()
    )
    assert coverage_by_township(**year)[new.pk].text == visit_figures(**year, unit=new).coverage.text == "100.00%"
    assert (visit_figures(**year, unit=places[0]).key_total, visit_figures(**year).key_covered) == (0, 1)
    (reported,) = [one for one in report_book("annual", year["start"]).townships if one.figures.unit == new]
    assert (reported.visits.key_covered, reported.visits.key_total) == (1, 1)
    mine = visit_figures_by_cadre(**year, cadre_ids=[successor.pk])[successor.pk]
    assert (mine.key_covered, mine.key_total) == (1, 1)


def test_a_visit_belongs_to_where_the_enterprise_lay_that_day(district, staff, places):
    old, new = places
    before, after = district.cadre(), district.cadre([new], name="王迪荡")
    factory = district.enterprise(1)
    move(staff, factory, to=new, on=date(2024, 9, 11))
    late = client_for(before).post(
        "/visits/new/", form_data(factory, visited_on="2024-09-10", issues=({"title": "补记的问题"},))
    )
    assert late.status_code == 302
    assert Visit.objects.get().township == old
    assert Issue.objects.get().township == old
    refused = client_for(before).post("/api/v1/visits/", api_data(factory), content_type="application/json")
    assert "王迪荡" in refused.json()["fields"]["enterprise"]
    assert logged(after, factory, on=TODAY).township == new
    edit = form_data(factory, id=str(late.url.split("/")[2]), version="1", visited_on="2024-09-10", met="主席")
    assert client_for(before).post(f"{late.url}edit/", edit).status_code == 302


def test_the_form_of_an_enterprise_keeps_the_move_too(district, staff, places):
    factory = district.enterprise(1)
    facts = {"enterprise": factory, "version": 1, "actor": scope_of(staff), "township": places[1]}
    with pytest.raises(FieldErrors) as ahead:
        enterprise_update(**facts, facts_since=date(2024, 9, 13))
    assert set(ahead.value.fields) == {"facts_since"}
    enterprise_update(**facts, facts_since=MOVED_ON)
    moved = EnterpriseMove.objects.get()
    assert (moved.from_township, moved.to_township, moved.moved_on) == (*places, MOVED_ON)
    with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
        EnterpriseMove.objects.update(moved_on=TODAY)


def test_days_and_people_that_cannot_be(district, staff, places):
    old, new = places
    factory = district.enterprise(1)
    move(staff, factory, to=new)
    for day, words in ((MOVED_ON, "要晚于这一天"), (date(2024, 9, 13), "不能晚于今天")):
        with pytest.raises(FieldErrors) as refused:
            move(staff, factory, to=old, on=day)
        assert words in refused.value.fields["moved_on"]
    with pytest.raises(FieldErrors):
        move(staff, factory, to=new, on=TODAY)
    with pytest.raises(FieldErrors):
        move(staff, factory, to=district.department)
    with pytest.raises(Forbidden):
        move(district.cadre(), factory, to=old, on=TODAY)
    assert EnterpriseMove.objects.count() == 1


def test_a_township_is_split(district, staff, places):
    """The new unit, half of the enterprises, and the old one closed: its earlier visits still count as its own."""
    old, _ = places
    cadre, admin = district.cadre(), district.person("sysadmin")
    first, second = district.enterprise(1), district.enterprise(2)
    logged(cadre, first, on=date(2024, 9, 5))
    client = client_for(admin)
    unit = {
        "code": "330602021",
        "kind": "township",
        "name": "镜湖街道总工会",
        "short_name": "镜湖街道",
        "parent": district.district.pk,
        "replaces": old.pk,
        "since": "2024-09-09",
    }
    assert client.post("/units/new/", unit).status_code == 302
    assert "2024年9月9日由稽山街道析出" in client.get("/units/").content.decode()
    new = Unit.objects.get(code="330602021")
    page = client_for(staff)
    sent = {"township": new.code, "moved_on": "2024-09-09", "enterprises": f"{first.name}\n不存在的厂"}
    refused = page.post("/enterprises/move/", sent)
    assert (refused.status_code, "没有找到“不存在的厂”" in refused.content.decode()) == (422, True)
    assert not EnterpriseMove.objects.exists()
    sent["enterprises"] = f"{first.name}\n{second.credit_code.lower()}\n"
    assert page.post("/enterprises/move/", sent).url == f"/enterprises/?township={new.code}"
    unit_update(unit=old, name=old.name, short_name=old.short_name, is_active=False, actor=scope_of(admin))
    logged(district.cadre([new]), first, on=date(2024, 9, 10))
    logged(cadre, second, on=date(2024, 9, 6), issues=(issue_input(),))
    figures = [visit_figures(start=None, end=TODAY, unit=place).visits for place in (old, new)]
    assert figures == [2, 1]
    assert Issue.objects.get().township == old


def test_only_a_township_is_split_off_a_township(district):
    admin = scope_of(district.person("sysadmin"))
    facts = {"code": "330602021", "kind": "township", "name": "镜湖", "short_name": "镜湖", "parent": district.district}
    with pytest.raises(FieldErrors) as refused:
        unit_create(**facts, replaces=district.department, actor=admin)
    assert set(refused.value.fields) == {"replaces"}
    assert unit_create(**facts, replaces=district.township(), actor=admin).since == TODAY
