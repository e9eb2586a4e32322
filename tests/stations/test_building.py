"""Building stations: plans, projects through their steps, money, photos, and acceptance by the checklist of the level."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from stations.models import BuildProject, ProjectMoney, StationCheck
from stations.services import station_level_set
from stations.services.accepting import project_accept
from stations.services.building import ProjectFacts, build_plan_save, project_edit, project_move, project_propose
from stations.services.building_records import project_money_add, project_photos_add
from tests.queries import queries_of
from tests.stations.care_builders import TODAY, picture, version_of
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from visits.services.checklists import ItemInput, checklist_draft, checklist_publish

EIGHT = ("sign", "place", "facilities", "functions", "rules", "map", "publicity", "activities")
PLAN = {"new": 1, "renovated": 2, "benchmark": 1, "open_all_day": 0}


@pytest.fixture
def station(cast):
    return cast.station()


def facts(cast, station=None, **changes):
    given = {
        "year": 2024,
        "township": cast.jishan,
        "kind": "renovation" if station else "new",
        "name": "稽山驿站改造",
        "budget": Decimal("30000.00"),
        "planned_on": date(2024, 10, 31),
        "station": station,
    }
    return ProjectFacts(**{**given, **changes})


def propose(cast, station=None, who="clerk", **changes):
    return project_propose(uuid=uuid4(), facts=facts(cast, station, **changes), actor=cast.scope(who), now=cast.now)


def move(cast, project, *actions, who="staff", **given):
    for action in actions:
        project = project_move(
            project_id=project.pk, action=action, version=None, actor=cast.scope(who), now=cast.now, **given
        )
    return project


def finished(cast, station, **changes):
    project = move(cast, propose(cast, station, **changes), "approve", "start", "finish")
    project_photos_add(project_id=project.pk, stage="after", photos=[picture()], actor=cast.scope("clerk"))
    return project


def accept(cast, project, who="staff", **given):
    level = given.pop("level", "basic")
    wanted = {
        "uuid": uuid4(),
        "version": None,
        "checklist": version_of(f"acceptance_{level}").pk,
        "accepted_on": TODAY,
        "answers": dict.fromkeys(EIGHT, "yes"),
    }
    return project_accept(project_id=project.pk, actor=cast.scope(who), now=cast.now, **{**wanted, **given})


def money(cast, project, amount, who="clerk", **given):
    wanted = {"uuid": uuid4(), "kind": "granted", "source": "district", "on": TODAY, **given}
    return project_money_add(
        project_id=project.pk, amount=Decimal(amount), actor=cast.scope(who), now=cast.now, **wanted
    )


def test_from_proposal_to_acceptance(cast, station):
    project = finished(cast, station)
    check = accept(cast, project)
    project.refresh_from_db()
    assert (project.state, project.accepted_on, check.findings) == ("accepted", TODAY, 0)
    assert [step.action for step in project.steps.all()] == ["propose", "approve", "start", "finish", "photos", "pass"]
    with pytest.raises(InvalidTransition):
        move(cast, project, "cancel", note="不要了")


def test_what_is_missing_sends_it_back_and_is_named(cast, station):
    project = finished(cast, station)
    accept(cast, project, answers=dict.fromkeys(EIGHT, "yes") | {"map": "no", "rules": "no"})
    project.refresh_from_db()
    assert (project.state, project.accepted_on) == ("building", None)
    assert project.steps.last().note == "缺：有管理制度并上墙、线上地图可以查到"
    accept(cast, move(cast, project, "finish", who="clerk"))
    assert [check.findings for check in StationCheck.objects.order_by("-findings")] == [2, 0]


def test_a_higher_level_needs_more_and_is_given_to_the_station(cast, station):
    project = finished(cast, station, level="benchmark")
    with pytest.raises(FieldErrors) as refused:
        accept(cast, project, level="benchmark")
    assert set(refused.value.fields) == {"answers.brand", "answers.four_services"}
    with pytest.raises(FieldErrors) as lower:
        accept(cast, project, level="basic")  # everything there that a lesser level asks for
    assert set(lower.value.fields) == {"checklist"}
    answers = dict.fromkeys((*EIGHT, "brand", "four_services"), "yes")
    accept(cast, project, level="benchmark", answers=answers)
    station.refresh_from_db()
    assert station.level == "benchmark"


def test_a_plain_renovation_takes_no_level_away(cast, station):
    station_level_set(
        code=station.code, version=None, level="smart", reason="达标", actor=cast.scope("staff"), now=cast.now
    )
    accept(cast, finished(cast, station))
    station.refresh_from_db()
    assert station.level == "smart"


def test_an_acceptance_keeps_the_version_it_was_judged_by(cast, station):
    old = version_of("acceptance_basic")
    project = finished(cast, station)
    items = [ItemInput(code="sign", text="有标识", answer="yes_no", required=True)]
    checklist_draft(code="acceptance_basic", version=None, items=items, actor=cast.scope("staff"))
    checklist_publish(code="acceptance_basic", version=None, effective_from=TODAY, actor=cast.scope("staff"))
    check = accept(cast, project, checklist=old.pk)
    assert check.checklist_version == old
    page = cast.client("staff").get(f"/stations/care/checks/{check.pk}/").content.decode()
    assert "按第 1 版检查" in page
    assert "现行是第 2 版" in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"accepted_on": TODAY + timedelta(days=1)}, "accepted_on"),
        ({"answers": {}}, "answers.sign"),
        ({"answers": dict.fromkeys(EIGHT, "yes") | {"rules": "na"}}, "answers.rules"),
        ({"checklist": 999_999}, "checklist"),
        ({"note": "长" * 501}, "note"),
    ],
)
def test_an_acceptance_with_a_bad_field_changes_nothing(cast, station, given, field):
    project = finished(cast, station)
    with pytest.raises(FieldErrors) as refused:
        accept(cast, project, **given)
    assert field in refused.value.fields
    project.refresh_from_db()
    assert (project.state, StationCheck.objects.count()) == ("finished", 0)


def test_nothing_is_accepted_without_its_station_and_a_photo(cast):
    project = move(cast, propose(cast), "approve", "start", "finish")
    with pytest.raises(FieldErrors) as refused:
        accept(cast, project)
    assert set(refused.value.fields) == {"station", "photos"}


def test_a_repeat_of_proposal_and_acceptance_is_the_same_row(cast, station):
    uuid = uuid4()
    first = project_propose(uuid=uuid, facts=facts(cast, station), actor=cast.scope("clerk"))
    assert project_propose(uuid=uuid, facts=facts(cast, station), actor=cast.scope("clerk")) == first
    with pytest.raises(Conflict):
        project_propose(uuid=uuid, facts=facts(cast, station, name="另一个"), actor=cast.scope("clerk"))
    assert BuildProject.objects.count() == 1
    project = move(cast, first, "approve", "start", "finish")
    project_photos_add(project_id=project.pk, stage="after", photos=[picture()], actor=cast.scope("clerk"))
    again = uuid4()
    assert accept(cast, project, uuid=again) == accept(cast, project, uuid=again)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"budget": Decimal("-1")}, "budget"),
        ({"year": 1999}, "year"),
        ({"level": "gold"}, "level"),
        ({"kind": "renovation"}, "station"),
        ({"address": "长" * 121}, "address"),
    ],
)
def test_a_proposal_with_a_bad_field_is_refused(cast, changes, field):
    with pytest.raises(FieldErrors) as refused:
        propose(cast, **changes)
    assert set(refused.value.fields) == {field}
    assert not BuildProject.objects.exists()


def test_a_station_is_renovated_once_a_year_and_in_its_township(cast, station):
    first = propose(cast, station)
    with pytest.raises(FieldErrors, match="标出"):
        propose(cast, station)
    move(cast, first, "cancel", note="资金不到位")
    propose(cast, station)
    with pytest.raises(FieldErrors) as refused:
        propose(cast, station, who="staff", township=cast.fusheng, year=2025)
    assert set(refused.value.fields) == {"station"}


@pytest.mark.parametrize(
    ("who", "action", "error"),
    [
        ("clerk", "approve", Forbidden),
        ("clerk", "cancel", Forbidden),
        ("neighbour", "approve", NotFound),
        ("leader", "approve", Forbidden),
    ],
)
def test_who_may_not_decide(cast, station, who, action, error):
    project = propose(cast, station)
    with pytest.raises(error):
        move(cast, project, action, who=who, note="不行")


def test_the_township_builds_and_staff_accept(cast, station):
    project = move(cast, propose(cast, station), "approve")
    project = move(cast, project, "start", "finish", who="clerk")
    with pytest.raises(Forbidden):
        accept(cast, project, who="clerk")
    with pytest.raises(Forbidden):
        propose(cast, who="keeper")
    with pytest.raises(FieldErrors):  # not the clerk's township
        propose(cast, township=cast.fusheng)


def test_after_approval_year_and_township_stay(cast, station):
    project = move(cast, propose(cast, station), "approve")
    with pytest.raises(FieldErrors) as refused:
        project_edit(
            project_id=project.pk, facts=facts(cast, station, year=2025), version=None, actor=cast.scope("clerk")
        )
    assert set(refused.value.fields) == {"year"}
    with pytest.raises(StaleVersion):
        project_edit(project_id=project.pk, facts=facts(cast, station), version=1, actor=cast.scope("clerk"))
    changed = replace(facts(cast, station), budget=Decimal("45000.50"))
    edited = project_edit(project_id=project.pk, facts=changed, version=2, actor=cast.scope("clerk"))
    assert edited.budget == Decimal("45000.50")


def test_money_by_source_never_below_zero(cast, station):
    project = propose(cast, station)
    uuid = uuid4()
    assert money(cast, project, "20000.10", uuid=uuid) == money(cast, project, "20000.10", uuid=uuid)
    money(cast, project, "-0.10")
    with pytest.raises(FieldErrors) as refused:
        money(cast, project, "-20000.01")
    assert "20,000.00" in refused.value.fields["amount"]
    for given, field in (
        ({"source": "lottery"}, "source"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"kind": "lent"}, "kind"),
    ):
        with pytest.raises(FieldErrors) as refused:
            money(cast, project, "1", **given)
        assert set(refused.value.fields) == {field}
    assert sum(ProjectMoney.objects.values_list("amount", flat=True)) == Decimal("20000.00")
    page = cast.client("clerk").get(f"/stations/building/projects/{project.pk}/").content.decode()
    assert "20,000.00" in page
    with pytest.raises(NotFound):
        money(cast, project, "1", who="neighbour")


def test_plans_are_staffs_and_two_at_once_see_it(cast):
    staff = cast.scope("staff")
    plan = build_plan_save(year=2024, unit=cast.jishan, numbers=PLAN, note="区总2024年3号文", actor=staff)
    with pytest.raises(StaleVersion):
        build_plan_save(year=2024, unit=cast.jishan, numbers=PLAN, actor=staff)
    build_plan_save(year=2024, unit=cast.jishan, numbers=PLAN | {"new": 2}, version=plan.version, actor=staff)
    for who in ("clerk", "leader"):
        with pytest.raises(Forbidden):
            build_plan_save(year=2024, unit=cast.jishan, numbers=PLAN, actor=cast.scope(who))
    for given, field in (
        ({"year": 1999}, "year"),
        ({"numbers": {"new": 1000}}, "new"),
        ({"unit": cast.district.department}, "unit"),
    ):
        with pytest.raises(FieldErrors) as refused:
            build_plan_save(**{"year": 2024, "unit": cast.fusheng, "numbers": PLAN, **given}, actor=staff)
        assert set(refused.value.fields) == {field}


def test_the_page_names_what_is_missing(cast, station):
    staff = cast.scope("staff")
    build_plan_save(year=2024, unit=cast.district.district, numbers=PLAN, actor=staff)
    build_plan_save(year=2024, unit=cast.jishan, numbers={"renovated": 1}, actor=staff)
    move(cast, propose(cast, station), "approve", "start")
    content = cast.client("staff").get("/stations/building/?year=2024").content.decode()
    assert "没有的：迪荡街道、富盛镇" in content  # townships without any station
    assert "稽山驿站改造（施工中）；还有 1 个没有申报" in content
    assert "不少于镇街数的 1.3 倍" in content
    accept(cast, _ready(cast, BuildProject.objects.get()))
    assert "1/1" in cast.client("staff").get("/stations/building/?year=2024").content.decode()
    content = cast.client("clerk").get("/stations/building/?year=2024").content.decode()
    assert "1/1" not in content  # a township sees its plan, not the table of townships
    assert "验收合格" in content
    assert "富盛镇" not in content
    assert cast.client("keeper").get("/stations/building/").status_code == 403


def _ready(cast, project):
    project_photos_add(project_id=project.pk, stage="after", photos=[picture()], actor=cast.scope("staff"))
    return move(cast, project, "finish")


def test_the_pages_take_a_project_to_its_acceptance(cast, station):
    clerk, staff = cast.client("clerk"), cast.client("staff")
    sent = {
        "uuid": str(uuid4()),
        "kind": "renovation",
        "name": "延安路驿站改造",
        "year": "2024",
        "township": cast.jishan.code,
        "station": station.code,
        "level": "basic",
        "budget": "30000",
        "planned_on": "2024-10-31",
    }
    refused = clerk.post("/stations/building/projects/new/", sent | {"budget": "三万"})
    assert (refused.status_code, "延安路驿站改造" in refused.content.decode()) == (422, True)
    for _ in range(2):  # a double tap
        assert clerk.post("/stations/building/projects/new/", sent).status_code == 302
    other = clerk.post("/stations/building/projects/new/", sent | {"name": "另一个"})
    assert (other.status_code, "这个项目刚才已经申报过" in other.content.decode()) == (409, True)
    project = BuildProject.objects.get()
    url = f"/stations/building/projects/{project.pk}/"
    assert 'data-dialog="approve"' in staff.get(url).content.decode()
    assert 'data-dialog="approve"' not in clerk.get(url).content.decode()
    assert staff.post(f"{url}approve/", {"version": "1"}).status_code == 302
    assert clerk.post(f"{url}start/", {"version": "2"}).status_code == 302
    assert clerk.post(f"{url}finish/", {"version": "3"}).status_code == 302
    assert clerk.post(f"{url}photos/", {"stage": "after", "photos": [picture()]}).status_code == 302
    assert (
        clerk.post(
            f"{url}money/",
            {"uuid": uuid4(), "kind": "spent", "source": "township", "amount": "99.5", "on": "2024-09-01"},
        ).status_code
        == 302
    )
    form = staff.get(f"{url}acceptance/").content.decode()
    assert "基本型验收（八有）" in form
    assert "不涉及" not in form
    answers = {f"check-{code}": "yes" for code in EIGHT}
    judged = {
        "uuid": str(uuid4()),
        "version": "4",
        "checklist": version_of("acceptance_basic").pk,
        "accepted_on": "2024-09-04",
    }
    missing = staff.post(f"{url}acceptance/", judged)
    assert missing.status_code == 422
    assert "请填写这一项。" in missing.content.decode()
    assert staff.post(f"{url}acceptance/", judged | answers).status_code == 302
    assert "验收合格" in staff.get(url).content.decode()
    assert cast.client("neighbour").get(url).status_code == 404


def test_many_projects_cost_no_more_queries_than_one(cast, station):
    propose(cast, station)
    client = cast.client("staff")
    one = queries_of(client, "/stations/building/?year=2024")
    for _ in range(6):
        propose(cast)
    assert queries_of(client, "/stations/building/?year=2024") == one
