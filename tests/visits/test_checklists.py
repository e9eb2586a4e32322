"""Staff keep the checklists: drafts, versions that stay as they were published, and what the pages say."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from tests.people import client_for, scope_of
from tests.visits.builders import TODAY, logged
from tests.visits.checklist_builders import FINE, item, newest
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, StaleVersion
from visits.models import Checklist, ChecklistItem, ChecklistVersion
from visits.services import ChecklistInput
from visits.services.checklists import (
    checklist_create,
    checklist_discard,
    checklist_draft,
    checklist_publish,
    checklist_switch,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
OCTOBER = date(2024, 10, 1)


@pytest.fixture
def staff(district):
    return district.staff()


def draft(staff, *items, code="safety", version=None):
    return checklist_draft(code=code, version=version, items=items, actor=scope_of(staff))


def publish(staff, on, code="safety", version=None):
    return checklist_publish(code=code, version=version, effective_from=on, actor=scope_of(staff))


def test_what_comes_with_the_portal():
    kinds = {row.code: (row.kind, row.daily) for row in Checklist.objects.all()}
    assert kinds == {
        "safety": ("inspection", False),
        "legal_checkup": ("inspection", False),
        "stay_log": ("stay", True),
        "stay_ten": ("stay", False),
        "condolence": ("condolence", False),
        "station_self": ("self_check", False),
        "station_spot": ("spot_check", False),
        "acceptance_basic": ("acceptance", False),
        "acceptance_benchmark": ("acceptance", False),
        "acceptance_smart": ("acceptance", False),
    }
    assert newest("safety").items.count() == 15
    assert newest("stay_ten").items.count() == 10
    assert newest("safety").items.get(code="exits").category.code == "safety"


def test_a_new_version_takes_effect_on_its_day(staff):
    old = newest("safety")
    new = draft(staff, item("exits", text="通道畅通"), item("doors"))
    assert (new.number, new.is_draft) == (2, True)
    publish(staff, OCTOBER)
    rows = ChecklistVersion.objects.filter(checklist__code="safety")
    assert rows.in_force(date(2024, 9, 30)).get() == old
    assert rows.in_force(OCTOBER).get() == new
    assert AuditEntry.objects.get(action="checklist.publish").data["edition"] == 2


def test_a_draft_is_changed_until_it_is_published_and_never_after(staff):
    first = draft(staff, item("exits"))
    assert draft(staff, item("exits"), item("doors")) == first
    publish(staff, TODAY)
    with pytest.raises(InvalidTransition):
        publish(staff, OCTOBER)
    row = first.items.get(code="doors")
    for write in (
        lambda: ChecklistItem.objects.filter(pk=row.pk).update(text="别的"),
        lambda: ChecklistItem.objects.filter(pk=row.pk).delete(),
        lambda: ChecklistVersion.objects.filter(pk=first.pk).update(effective_from=OCTOBER),
        lambda: ChecklistVersion.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="published checklist"), transaction.atomic():
            write()
    assert draft(staff, item("exits")).number == 3


def test_a_draft_can_be_thrown_away(staff):
    draft(staff, item("exits"))
    checklist_discard(code="safety", version=None, actor=scope_of(staff))
    assert newest("safety").number == 1


def test_two_people_at_once(staff):
    seen = Checklist.objects.get(code="safety").version
    draft(staff, item("exits"), version=seen)
    with pytest.raises(StaleVersion):
        draft(staff, item("doors"), version=seen)


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ((), "items"),
        ((item("Exits"),), "items.0.code"),
        ((item("exits"), item("exits")), "items.1.code"),
        ((item("doors", text=" "),), "items.0.text"),
        ((item("exits", answer="text"),), "items.0.answer"),
        ((item("doors", unit="人"),), "items.0.unit"),
        ((item("doors", category="weather"),), "items.0.category"),
    ],
)
def test_items_that_cannot_be(staff, items, field):
    with pytest.raises(FieldErrors) as refused:
        draft(staff, *items)
    assert set(refused.value.fields) == {field}
    assert newest("safety").number == 1


def test_days_that_cannot_be(staff):
    draft(staff, item("exits"))
    with pytest.raises(FieldErrors, match="标出") as early:
        publish(staff, date(2024, 9, 11))
    assert "不能早于今天" in early.value.fields["effective_from"]
    publish(staff, OCTOBER)
    draft(staff, item("exits"))
    with pytest.raises(FieldErrors) as same:
        publish(staff, OCTOBER)
    assert "要晚于这一天" in same.value.fields["effective_from"]


def test_a_checklist_of_ones_own(staff, district):
    made = checklist_create(code="fire", kind="inspection", name="消防排查", actor=scope_of(staff))
    draft(staff, item("exits"), code="fire")
    publish(staff, TODAY, code="fire")
    assert ChecklistVersion.objects.in_force(TODAY).filter(checklist=made).exists()
    checklist_switch(code="fire", version=None, is_active=False, actor=scope_of(staff))
    assert not ChecklistVersion.objects.in_force(TODAY).filter(checklist=made).exists()
    for facts in ({"code": "fire"}, {"kind": "party"}, {"name": ""}, {"daily": True}):
        with pytest.raises(FieldErrors) as refused:
            checklist_create(
                **{"code": "other", "kind": "inspection", "name": "别的", "actor": scope_of(staff), **facts}
            )
        assert set(refused.value.fields) == set(facts)
    with pytest.raises(Forbidden):
        checklist_create(code="mine", kind="inspection", name="我的", actor=scope_of(district.cadre()))


def test_an_old_visit_keeps_the_version_it_was_answered_by(staff, district):
    cadre, factory, old = district.cadre(), district.enterprise(), newest("safety")
    visit = logged(cadre, factory, kind="inspection", checklist=ChecklistInput(old.pk, {**FINE, "signs": "no"}))
    draft(staff, item("exits", text="新的问法"))
    publish(staff, TODAY)
    page = client_for(cadre).get(f"/visits/{visit.pk}/").content.decode()
    assert "危险部位有警示标志和防护" in page
    assert "第 1 版" in page
    assert "新的问法" not in page
    edit = client_for(cadre).get(f"/visits/{visit.pk}/edit/").content.decode()
    assert "危险部位有警示标志和防护" in edit
    assert "新的问法" in client_for(cadre).get("/visits/checklist/?kind=inspection").content.decode()


def rows_data(*rows, version=1):
    data = {"version": version, "items-TOTAL_FORMS": len(rows), "items-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"items-{number}-{name}": value for name, value in {"answer": "yes_no", **row}.items()}
    return data


def test_the_pages_from_draft_to_published(staff):
    client = client_for(staff)
    assert "安全排查" in client.get("/checklists/").content.decode()
    assert "灭火器、消火栓完好有效" in client.get("/checklists/safety/draft/").content.decode()
    refused = client.post("/checklists/safety/draft/", rows_data({"text": "通道畅通", "code": "EXITS"}))
    assert refused.status_code == 422
    assert "通道畅通" in refused.content.decode()
    assert "小写字母" in refused.content.decode()
    sent = rows_data({"text": "第二项", "code": "b", "ORDER": 2}, {"text": "第一项", "code": "a", "ORDER": 1}, {})
    assert client.post("/checklists/safety/draft/", sent).url == "/checklists/safety/"
    assert [row.text for row in newest("safety").items.all()] == ["第一项", "第二项"]
    page = client.get("/checklists/safety/").content.decode()
    assert page.index("第一项") < page.index("第二项")
    late = client.post("/checklists/safety/publish/", {"version": 2, "effective_from": "2024-09-01"})
    assert (late.status_code, "不能早于今天" in late.content.decode()) == (422, True)
    assert client.post("/checklists/safety/publish/", {"version": 2, "effective_from": "2024-09-12"}).status_code == 302
    assert "2024年9月12日起" in client.get("/checklists/safety/versions/2/").content.decode()
    assert client.post("/checklists/safety/draft/", sent).status_code == 409


def test_a_new_checklist_on_the_page(staff):
    client = client_for(staff)
    form = {"kind": "inspection", "name": "消防排查", "code": "fire"}
    assert client.post("/checklists/new/", form).url == "/checklists/fire/draft/"
    again = client.post("/checklists/new/", form)
    assert (again.status_code, "已经有这个代码" in again.content.decode()) == (422, True)
