"""Changing a visit until its week's journal is submitted."""

from datetime import date

import pytest
from django.urls import reverse

from casework.models import Issue
from tests.people import client_for, scope_of
from tests.visits.builders import TODAY, form_data, issue_input, jpeg, logged
from unionportal.core.audit.models import AuditEntry
from unionportal.core.files.models import Attachment
from visits.models import Visit
from visits.services import journal_submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def cadre(district):
    return district.cadre()


@pytest.fixture
def factory(district):
    return district.enterprise(1)


@pytest.fixture
def visit(cadre, factory):
    return logged(cadre, factory, narrative="第一稿", issues=(issue_input(title="高温补贴没有发"),), photos=(jpeg(),))


def url(visit: Visit) -> str:
    return reverse("visit-edit", args=[visit.pk])


def changed(visit: Visit, enterprise=None, **facts):
    """The edit form of the visit as it was read, with changes."""
    facts.setdefault("version", str(visit.version))
    facts.setdefault("narrative", visit.narrative)
    return form_data(enterprise or visit.enterprise, id=str(visit.pk), **facts)


def test_owner_changes_texts_checks_and_adds_an_issue(cadre, visit):
    client = client_for(cadre)
    answer = client.post(
        url(visit), changed(visit, narrative="第二稿", rights="problem", issues=({"title": "食堂太挤"},))
    )
    assert answer.url == reverse("visit-detail", args=[visit.pk])
    visit.refresh_from_db()
    assert (visit.narrative, visit.rights, visit.version) == ("第二稿", "problem", 2)
    assert [issue.title for issue in Issue.objects.order_by("id")] == ["高温补贴没有发", "食堂太挤"]
    assert AuditEntry.objects.filter(action="visit.edit", object_id=str(visit.pk)).count() == 1


def test_issues_already_raised_stay_whatever_the_form_sends(cadre, visit):
    client_for(cadre).post(url(visit), changed(visit))
    assert Issue.objects.get().title == "高温补贴没有发"


def test_page_shows_what_is_stored_and_the_raised_issue(cadre, visit):
    page = client_for(cadre).get(url(visit)).content.decode()
    assert "第一稿" in page
    assert "高温补贴没有发" in page
    assert visit.enterprise.name in page


def test_found_by_its_new_words(cadre, visit):
    client = client_for(cadre)
    client.post(url(visit), changed(visit, narrative="班前十分钟宣讲"))
    assert f"/visits/{visit.pk}/" in client.get("/visits/?q=宣讲").content.decode()
    assert f"/visits/{visit.pk}/" not in client.get("/visits/?q=第一稿").content.decode()


def test_photos_are_added_and_taken_off(cadre, visit):
    old = visit.photos.get()
    client = client_for(cadre)
    client.post(url(visit), changed(visit, photos=[jpeg("新.jpg", "blue")], remove_photos=[str(old.pk)]))
    photo = visit.photos.get()
    assert photo.attachment.name == "新.jpg"
    assert Attachment.objects.count() == 1


def test_photos_of_another_visit_are_not_touched(cadre, factory, visit):
    other = logged(cadre, factory, photos=(jpeg(),))
    client_for(cadre).post(url(visit), changed(visit, remove_photos=[str(other.photos.get().pk)]))
    assert other.photos.count() == 1


def test_moving_the_day_moves_it_to_the_other_weeks_journal(cadre, visit):
    client_for(cadre).post(url(visit), changed(visit, visited_on="2024-09-06"))
    visit.refresh_from_db()
    assert (visit.journal.iso_week, visit.visited_on) == (36, date(2024, 9, 6))


def test_not_into_a_week_already_submitted(cadre, factory, visit):
    early = logged(cadre, factory, on=date(2024, 9, 6))
    journal_submit(journal_id=early.journal_id, version=1, actor=scope_of(cadre))
    answer = client_for(cadre).post(url(visit), changed(visit, visited_on="2024-09-06"))
    assert answer.status_code == 422
    assert "2024年第36周的周记已于9月12日提交" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.visited_on == TODAY


def test_target_stays_once_issues_stand(cadre, district, visit):
    answer = client_for(cadre).post(url(visit), changed(visit, enterprise=district.enterprise(2)))
    assert answer.status_code == 422
    assert "不能再换对象" in answer.content.decode()


def test_target_may_change_while_nothing_hangs_on_it(cadre, district, factory):
    bare = logged(cadre, factory)
    client_for(cadre).post(url(bare), changed(bare, enterprise=district.enterprise(2)))
    bare.refresh_from_db()
    assert bare.enterprise == district.enterprise(2)


def test_closed_by_the_submitted_journal(cadre, visit):
    journal_submit(journal_id=visit.journal_id, version=1, actor=scope_of(cadre))
    client = client_for(cadre)
    assert client.get(url(visit)).status_code == 409
    answer = client.post(url(visit), changed(visit, narrative="太晚了"))
    assert answer.status_code == 409
    assert "已经提交" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.narrative == "第一稿"
    assert url(visit) not in client.get(reverse("visit-detail", args=[visit.pk])).content.decode()


def test_stale_version_shows_both_and_the_next_save_wins(cadre, visit):
    client = client_for(cadre)
    mine = changed(visit, narrative="手机上写的")
    client.post(url(visit), changed(visit, narrative="电脑上写的"))
    answer = client.post(url(visit), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "电脑上写的" in page
    assert "手机上写的" in page
    assert 'name="version" value="2"' in page
    client.post(url(visit), mine | {"version": "2"})
    visit.refresh_from_db()
    assert (visit.narrative, visit.version) == ("手机上写的", 3)


def test_bad_input_keeps_what_was_typed_and_changes_nothing(cadre, visit):
    answer = client_for(cadre).post(url(visit), changed(visit, narrative="新写的", visited_on="2030-01-01"))
    assert answer.status_code == 422
    assert "新写的" in answer.content.decode()
    visit.refresh_from_db()
    assert (visit.narrative, visit.version) == ("第一稿", 1)


def test_nobody_else_changes_it(district, visit):
    for outsider, status in (
        (district.cadre(), 404),
        (district.township_clerk(), 403),
        (district.staff(), 403),
        (district.handler(), 403),
    ):
        client = client_for(outsider)
        assert client.get(url(visit)).status_code == status
        assert client.post(url(visit), changed(visit, narrative="别人写的")).status_code == status
    visit.refresh_from_db()
    assert visit.narrative == "第一稿"
