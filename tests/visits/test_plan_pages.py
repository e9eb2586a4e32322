"""The pages of the week plan: what a cadre does there, what others may read, what is asked and refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.people import District, client_for
from tests.queries import queries_of
from tests.visits.builders import TODAY, logged
from tests.visits.test_plans import FESTIVAL, FRIDAY, MONDAY, NEXT_MONDAY, planned, planned_then
from unionportal.core.accounts.models import Substitution, User
from unionportal.core.orgs.models import Enterprise
from visits.models import PlannedVisit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


def sent(enterprise: Enterprise, **facts: object) -> dict[str, object]:
    """What a suggestion's form sends."""
    form = {"id": str(uuid4()), "enterprise": enterprise.credit_code, "planned_on": str(FRIDAY), "kind": "routine"}
    return form | facts


def changed(row: PlannedVisit, **facts: object) -> dict[str, object]:
    return {"version": row.version, "planned_on": str(row.planned_on), "kind": row.kind, "note": row.note, **facts}


def page_of(user: User, query: str = "") -> str:
    answer = client_for(user).get(f"/plan/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_suggestion_says_why_and_is_put_on_a_day_in_one_tap(district: District) -> None:
    cadre, enterprise = district.cadre(), district.enterprise(is_key=True)
    client = client_for(cadre)
    answer = client.get("/plan/")
    page = answer.content.decode()
    assert "还没有走访过 · 重点企业 · 高温季，送清凉" in page
    assert answer.context["proposed"] == TODAY
    assert "周六 9月14日（调休，班）" in page
    assert "周日 9月15日（中秋节，休）" in page
    assert "周一 9月9日" not in page.split("plan-days")[0]  # days that are over are no choice
    answer = client.post("/plan/new/", sent(enterprise, kind="condolence"), follow=True)
    assert "已把“越城第1机械有限公司（演示）”排入9月13日。" in answer.content.decode()
    row = PlannedVisit.objects.get()
    assert (row.cadre, row.planned_on, row.kind) == (cadre, FRIDAY, "condolence")
    assert answer.context["first"] == []


def test_a_double_tap_is_one_row(district: District) -> None:
    client, form = client_for(district.cadre()), sent(district.enterprise())
    client.post("/plan/new/", form)
    answer = client.post("/plan/new/", form, follow=True)
    assert "没有重复" in answer.content.decode()
    assert PlannedVisit.objects.count() == 1


def test_a_holiday_is_asked_about_with_everything_typed_still_there(district: District) -> None:
    client, form = client_for(district.cadre()), sent(district.enterprise(), planned_on=str(FESTIVAL), note="带月饼券")
    answer = client.post("/plan/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "9月17日是中秋节放假，确定排在这一天？" in page
    assert "带月饼券" in page
    assert form["id"] in page
    assert not PlannedVisit.objects.exists()
    answer = client.post("/plan/new/", {**form, "agreed": f"off:{FESTIVAL}"})
    assert answer.status_code == 302
    assert PlannedVisit.objects.get().planned_on == FESTIVAL


def test_the_same_enterprise_twice_is_asked_about(district: District) -> None:
    cadre = district.cadre()
    planned(cadre, district.enterprise(), TODAY)
    client, form = client_for(cadre), sent(district.enterprise())
    page = client.post("/plan/new/", form).content.decode()
    assert "这一周已经排在周四（9月12日），确定再排一次？" in page
    assert client.post("/plan/new/", {**form, "agreed": f"twice:{MONDAY}"}).status_code == 302


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"planned_on": "2024-09-03"}, "planned_on"),
        ({"planned_on": "someday"}, "planned_on"),
        ({"enterprise": ""}, "enterprise"),
        ({"enterprise": "nonsense"}, "enterprise"),
        ({"kind": "tea"}, "kind"),
        ({"note": "长" * 61}, "note"),
        ({"id": "x"}, "id"),
    ],
)
def test_what_is_wrong_stands_at_its_field(district: District, facts: dict[str, str], field: str) -> None:
    answer = client_for(district.cadre()).post("/plan/new/", sent(district.enterprise()) | facts)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not PlannedVisit.objects.exists()


def test_two_tabs_that_move_the_same_visit(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise())
    client = client_for(cadre)
    assert client.post(f"/plan/{row.pk}/", changed(row, planned_on=str(TODAY))).status_code == 302
    answer = client.post(f"/plan/{row.pk}/", changed(row, planned_on="2024-09-14", note="上午"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "刚被别人修改过" in page
    assert "2024年9月12日 周四" in page
    row.refresh_from_db()
    assert (row.planned_on, row.note) == (TODAY, "")
    again = changed(row, planned_on="2024-09-14", note="上午")  # as the page offers: upon the newest version
    assert client.post(f"/plan/{row.pk}/", again).status_code == 302


def test_it_is_taken_off_and_stale_taking_off_is_refused(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise())
    client = client_for(cadre)
    assert client.post(f"/plan/{row.pk}/remove/", {"version": "7"}).status_code == 409
    assert client.post(f"/plan/{row.pk}/remove/", {"version": "1"}).status_code == 302
    assert client.post(f"/plan/{row.pk}/remove/", {"version": "1"}).status_code == 404


def test_a_logged_visit_shows_as_done(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise())
    page = page_of(cadre)
    assert f"/visits/new/?enterprise={row.enterprise.credit_code}&amp;kind=routine&amp;visited_on=2024-09-13" in page
    visit = logged(cadre, district.enterprise())
    page = page_of(cadre)
    assert f'href="/visits/{visit.pk}/"' in page
    assert "9月12日已走访" in page
    assert "计划 1 家，已走访 1 家" in page


def test_the_visit_form_starts_from_the_plan(district: District) -> None:
    client, code = client_for(district.cadre()), district.enterprise().credit_code
    form = client.get(f"/visits/new/?enterprise={code}&kind=condolence&visited_on=2024-09-11").context["form"]
    assert [form[name].value() for name in ("enterprise", "kind")] == [code, "condolence"]
    assert str(form["visited_on"].value()) == "2024-09-11"
    ahead = client.get("/visits/new/?kind=nonsense&visited_on=2024-09-13").context["form"]  # nobody was there tomorrow
    assert [str(ahead[name].value()) for name in ("kind", "visited_on")] == ["routine", str(TODAY)]


def test_what_was_left_undone_is_offered_and_carried_over_in_one_tap(district: District) -> None:
    cadre = district.cadre()
    planned_then(cadre, district.enterprise(), FRIDAY - timedelta(days=7))
    client = client_for(cadre)
    assert "上一周有 1 家计划走访还没有做到" in client.get("/plan/").content.decode()
    for words in ("已顺延 1 家。", "没有要顺延的"):
        answer = client.post("/plan/carry/", {"week": "2024-W37"}, follow=True)
        assert words in answer.content.decode()
    assert "上一周有" not in client.get("/plan/").content.decode()
    assert "已顺延" in client.get("/plan/?week=2024-W36").content.decode()
    assert client.post("/plan/carry/", {"week": "2024-W36"}).status_code == 409


def test_a_week_that_is_over_is_read_only(district: District) -> None:
    cadre = district.cadre()
    row = planned_then(cadre, district.enterprise(), FRIDAY - timedelta(days=7))
    page = page_of(cadre, "week=2024-W36")
    assert "没有做到" in page
    assert str(row.pk) not in page
    assert "建议走访" not in page
    assert client_for(cadre).post(f"/plan/{row.pk}/", changed(row)).status_code == 409


def test_weeks_are_walked_and_nonsense_is_this_week(district: District) -> None:
    client = client_for(district.cadre())
    page = client.get("/plan/?week=2024-W52")
    assert page.context["monday"].isoformat() == "2024-12-23"
    assert (page.context["previous"], page.context["following"]) == ("2024-W51", "2025-W01")
    for nonsense in ("2024-W60", "x", "1999-W01", "99999-W01"):
        assert client.get(f"/plan/?week={nonsense}").context["monday"] == MONDAY


def test_who_reads_whose_plan(district: District) -> None:
    cadre, colleague = district.cadre(username="cadre.a"), district.cadre(username="cadre.b")
    row = planned(cadre, district.enterprise())
    elsewhere = district.township_clerk(district.township("330602108"))
    for reader in (district.staff(), district.leader(), district.township_clerk()):
        page = page_of(reader, "cadre=cadre.a")
        assert row.enterprise.name in page
        assert f"/plan/{row.pk}/" not in page
        assert "建议走访" not in page
        assert "cadre.a" in page_of(reader)
        assert client_for(reader).get(f"/plan/{row.pk}/").status_code == 403
    for outsider in (colleague, elsewhere):
        assert client_for(outsider).get("/plan/?cadre=cadre.a").status_code == 404
    assert client_for(colleague).get(f"/plan/{row.pk}/").status_code == 404
    assert client_for(district.staff()).get("/plan/?cadre=nobody").status_code == 404
    assert client_for(district.handler()).get("/plan/").status_code == 403


def test_a_substitute_reads_the_plan_of_whom_they_stand_in_for(district: District) -> None:
    cadre, substitute = district.cadre(username="cadre.a"), district.cadre([])
    row = planned(cadre, district.enterprise())
    assert client_for(substitute).get("/plan/?cadre=cadre.a").status_code == 404
    Substitution.objects.create(
        cadre=cadre, substitute=substitute, start_on=TODAY, end_on=FRIDAY, reason=Substitution.Reason.LEAVE
    )
    page = page_of(substitute, "cadre=cadre.a")
    assert row.enterprise.name in page
    assert f"/plan/{row.pk}/" not in page
    own = page_of(substitute)
    assert "?week=2024-W37&amp;cadre=cadre.a" in own
    assert row.enterprise.name in own  # suggested to them: theirs to visit meanwhile
    assert client_for(substitute).post(f"/plan/{row.pk}/remove/", {"version": "1"}).status_code == 403


def test_a_township_reads_only_what_lies_in_it(district: District) -> None:
    away = district.township("330602108")
    cadre = district.cadre([district.township(), away], username="cadre.a")
    planned(cadre, district.enterprise(1))
    planned(cadre, district.enterprise(2, township=away))
    page = page_of(district.township_clerk(away), "cadre=cadre.a")
    assert district.enterprise(2).name in page
    assert district.enterprise(1).name not in page


def test_everybodys_week_in_figures(district: District) -> None:
    cadre, idle = district.cadre(name="陈示例"), district.cadre(name="王示例")
    planned(cadre, district.enterprise(1), TODAY)
    planned(cadre, district.enterprise(2))
    logged(cadre, district.enterprise(2), TODAY)
    rows = client_for(district.staff()).get("/plan/").context["rows"]
    assert [(row.cadre, row.planned, row.done) for row in rows] == [(cadre, 2, 1), (idle, 0, 0)]


def test_the_journal_takes_next_weeks_plan_over_as_text(district: District) -> None:
    cadre = district.cadre()
    planned(cadre, district.enterprise(), NEXT_MONDAY + timedelta(days=2))
    page = client_for(cadre).get("/journals/2024-W37/").content.decode()
    assert "带入下周计划" in page
    assert 'data-text="周三（9月18日）越城第1机械有限公司（演示）（日常走访）"' in page
    assert "带入下周计划" not in client_for(cadre).get("/journals/2024-W36/").content.decode()


def test_the_workbench_shows_what_is_planned_for_today(district: District) -> None:
    cadre = district.cadre()
    planned(cadre, district.enterprise(1), TODAY)
    planned(cadre, district.enterprise(2), FRIDAY)
    page = client_for(cadre).get("/").content.decode()
    plan = page.split('aria-labelledby="plan-h"')[1].split("</section>")[0]
    assert "今天计划走访 1 家" in plan
    assert district.enterprise(1).name in plan
    assert district.enterprise(2).name not in plan
    assert "plan-h" not in client_for(district.staff()).get("/").content.decode()


def test_the_pages_cost_the_same_for_one_and_for_twenty(district: District) -> None:
    cadre, staff = district.cadre(username="cadre.a"), district.staff()
    client, reader = client_for(cadre), client_for(staff)
    addresses = (
        (client, "/plan/"),
        (client, "/plan/?week=2024-W38"),
        (reader, "/plan/"),
        (reader, "/plan/?cadre=cadre.a"),
        (client, "/"),
    )
    planned_then(cadre, district.enterprise(30), FRIDAY - timedelta(days=7))
    planned(cadre, district.enterprise(1))
    district.enterprise(40)
    few = [queries_of(each, address) for each, address in addresses]
    for number in range(2, 21):
        planned(cadre, district.enterprise(number), TODAY if number % 2 else FRIDAY)
        planned_then(cadre, district.enterprise(number), FRIDAY - timedelta(days=7))
        district.enterprise(40 + number)
        planned(district.cadre(), district.enterprise(number))
    assert [queries_of(each, address) for each, address in addresses] == few
