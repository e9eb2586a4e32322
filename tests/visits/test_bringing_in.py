"""A policy briefing for several enterprises: one event, one visit for each enterprise that came."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from casework.models import ServiceActivity
from casework.services.activities import activity_create, activity_move
from casework.services.activity_sessions import guests_mark, session_add
from tests.people import client_for, scope_of
from tests.visits.builders import form_data, logged
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.reporting.visiting import visit_figures
from visits.models import ActivityVisit, Visit
from visits.services.bringing_in import visits_bring_in
from visits.services.journals import journal_submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
WEDNESDAY = date(2024, 9, 11)


class Briefing:
    """A briefing on Wednesday for three enterprises: the first two of 稽山, the third of 富盛; the second did not come."""

    def __init__(self, district: Any) -> None:
        self.staff, self.cadre = district.staff(), district.cadre(name="陈示例")
        fusheng = district.township("330602108")
        self.colleague = district.cadre([fusheng], name="赵富盛")
        self.clerk = district.township_clerk()
        self.firms = [
            district.enterprise(1, name="第一示例机械厂"),
            district.enterprise(2, name="第二示例机械厂"),
            district.enterprise(3, name="第三示例机械厂", township=fusheng),
        ]
        actor = scope_of(self.staff)
        self.activity: ServiceActivity = activity_create(
            uuid=uuid4(),
            kind="policy_briefing",
            title="经费返还政策解读会",
            organiser=district.district,
            township=None,
            planned_on=WEDNESDAY,
            enterprises=self.firms,
            actor=actor,
        )
        code = self.activity.code
        self.session = session_add(
            code=code, uuid=uuid4(), held_on=WEDNESDAY, place="区总三楼", attendance=60, actor=actor
        )
        activity_move(code=code, action="hold", version=None, actor=actor)
        self.guests = {row.enterprise: row.pk for row in self.activity.invited.select_related("enterprise")}
        came = [self.guests[self.firms[0]], self.guests[self.firms[2]]]
        guests_mark(code=code, invited_ids=came, version=None, actor=actor)

    def bring(self, who: Any, *people: tuple[int, int]) -> list[ActivityVisit]:
        return visits_bring_in(
            code=self.activity.code,
            session_id=self.session.pk,
            attendance={self.guests[self.firms[number]]: count for number, count in people},
            actor=scope_of(who),
        )


@pytest.fixture
def briefing(district) -> Briefing:
    return Briefing(district)


def test_each_enterprise_becomes_the_visit_of_its_cadre_and_twice_is_once(briefing):
    first = briefing.bring(briefing.staff, (0, 5), (2, 3))
    visits = [link.visit for link in first]
    assert [(v.kind, v.mode, v.visited_on, v.headcount) for v in visits] == [("briefing", "meeting", WEDNESDAY, 1)] * 2
    assert [v.cadre for v in visits] == [briefing.cadre, briefing.colleague]
    assert [link.attendance for link in first] == [5, 3]
    assert briefing.bring(briefing.staff, (0, 5), (2, 3)) == first
    assert (Visit.objects.count(), briefing.activity.steps.filter(action="visits").count()) == (2, 1)
    figures = visit_figures(start=None, end=date(2024, 9, 12))
    assert (figures.enterprise_visits, figures.enterprises, figures.headcount) == (2, 2, 2)


def test_a_cadre_brings_in_the_own_and_links_what_was_logged_by_hand(briefing):
    by_hand = logged(briefing.cadre, briefing.firms[0], on=WEDNESDAY, kind="briefing")
    (link,) = briefing.bring(briefing.cadre, (0, 4))
    assert link.visit == by_hand
    assert Visit.objects.count() == 1
    with pytest.raises(FieldErrors) as refused:
        briefing.bring(briefing.cadre, (2, 4))
    assert refused.value.fields == {f"rows.{briefing.guests[briefing.firms[2]]}": "这家企业当天不在您的驻联分工内。"}


def test_all_or_none(briefing):
    row = briefing.guests[briefing.firms[2]]
    early = logged(briefing.colleague, briefing.firms[2], on=date(2024, 9, 10))
    journal_submit(journal_id=early.journal_id, version=1, actor=scope_of(briefing.colleague), reflections="好")
    with pytest.raises(FieldErrors) as closed:
        briefing.bring(briefing.staff, (0, 5), (2, 3))
    assert "周记已于" in closed.value.fields[f"rows.{row}"]
    assert not ActivityVisit.objects.exists()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(("number", "people", "words"), [(1, 3, "没有登记到场"), (0, 0, "到会人次应在")])
def test_rows_that_cannot_be(briefing, number, people, words):
    with pytest.raises(FieldErrors) as refused:
        briefing.bring(briefing.staff, (number, people))
    assert words in "".join(refused.value.fields.values())


def test_who_and_what_is_refused(briefing, district):
    with pytest.raises(Forbidden):
        briefing.bring(briefing.clerk, (0, 5))
    with pytest.raises(FieldErrors):
        briefing.bring(briefing.staff)
    other = activity_create(
        uuid=uuid4(),
        kind="job_fair",
        title="招聘会",
        organiser=district.district,
        township=district.township("330602108"),
        planned_on=WEDNESDAY,
        actor=scope_of(briefing.staff),
    )
    facts = {"code": other.code, "session_id": briefing.session.pk, "attendance": {1: 1}}
    with pytest.raises(InvalidTransition):
        visits_bring_in(**facts, actor=scope_of(briefing.staff))
    with pytest.raises(NotFound):
        visits_bring_in(**facts, actor=scope_of(briefing.cadre))


def test_the_pages_from_the_activity_to_the_visit_and_back(briefing):
    staff = client_for(briefing.staff)
    activity, address = f"/activities/{briefing.activity.code}/", f"/visits/activities/{briefing.activity.code}/"
    assert address in staff.get(activity).content.decode()
    page = staff.get(address).content.decode()
    assert "第一示例机械厂" in page
    assert "第二示例机械厂" not in page
    rows = [briefing.guests[briefing.firms[number]] for number in (0, 2)]
    form = {"session": briefing.session.pk, **{f"take-{row}": "on" for row in rows}, f"people-{rows[0]}": "5"}
    refused = staff.post(address, form)
    assert (refused.status_code, "到会人次应在 1" in refused.content.decode()) == (422, True)
    assert not Visit.objects.exists()
    assert staff.post(address, form | {f"people-{rows[1]}": "3"}).url == f"{activity}#visits"
    shown = staff.get(activity).content.decode()
    assert "到会人次" in shown
    assert "<b>8</b>" in shown
    visit = Visit.objects.get(enterprise=briefing.firms[0])
    seen = client_for(briefing.cadre).get(f"/visits/{visit.pk}/").content.decode()
    assert briefing.activity.code in seen
    assert "本企业到会 5 人次" in seen
    assert "另有 1 次不在您的查看范围内" in client_for(briefing.cadre).get(activity).content.decode()
    assert client_for(briefing.clerk).get(address).status_code == 403


def test_the_visit_stays_what_it_stands_for(briefing):
    (link,) = briefing.bring(briefing.cadre, (0, 4))
    client = client_for(briefing.cadre)
    same = {"id": str(link.visit_id), "version": "1", "kind": "briefing", "visited_on": "2024-09-11", "mode": "meeting"}
    moved = form_data(briefing.firms[0], **{**same, "kind": "routine"})
    assert "由服务活动带入" in client.post(f"/visits/{link.visit_id}/edit/", moved).content.decode()
    kept = form_data(briefing.firms[0], **same, met="工会主席")
    assert client.post(f"/visits/{link.visit_id}/edit/", kept).status_code == 302
