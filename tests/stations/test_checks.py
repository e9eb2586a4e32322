"""Self-checks and spot checks: who may file which, what a repeat is, what a failed item opens, which version a result keeps."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from stations.models import Repair, SpotTask, StationCheck
from stations.services.check_inputs import CheckPhotoInput
from stations.services.check_photos import check_photo_add
from stations.services.checks import check_file, check_review
from stations.services.spot_checks import repeated, spot_draw
from tests.people import client_for, scope_of
from tests.stations.care_builders import TODAY, check_input, drawn, filed, payload, picture, version_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.notify.models import Notification
from visits.models import ChecklistVersion
from visits.quarters import quarter_of
from visits.services.checklists import ItemInput, checklist_draft, checklist_publish

API = "/api/v1/station-checks/"


@pytest.fixture
def station(cast):
    made = cast.station()
    cast.kept(made)
    return made


def post(cast, who, check):
    return cast.client(who).post(API, payload(check), content_type="application/json")


def test_the_keeper_files_and_a_repeat_is_the_same_row(cast, station):
    check = check_input(station, answers={"water": "no"}, remarks={"water": "不出热水"}, note="已报镇街")
    first = post(cast, "keeper", check)
    again = post(cast, "keeper", check)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["findings"] == 1
    assert StationCheck.objects.count() == Repair.objects.count() == 1
    other = post(cast, "keeper", check_input(station, id=check.id))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    entry = AuditEntry.objects.get(action="check.file")
    assert entry.data | {"findings": 1, "repairs": 1} == entry.data
    assert "热水" not in str(entry.data)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"checked_on": TODAY + timedelta(days=1)}, "checked_on"),
        ({"checked_on": date(2024, 2, 29)}, "station"),  # not its keeper yet
        ({"answers": {"water": ""}}, "answers.water"),
        ({"answers": {"water": "maybe"}}, "answers.water"),
        ({"answers": {"pool": "yes"}}, "answers.pool"),
        ({"checklist": 999_999}, "checklist"),
        ({"note": "长" * 501}, "note"),
        ({"remarks": {"water": "长" * 201}}, "remarks.water"),
        ({"use": "acceptance"}, "use"),
        ({"station": "YZ-99999"}, "station"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_stored(cast, station, facts, field):
    answer = post(cast, "keeper", check_input(station, **facts))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not StationCheck.objects.exists()
    assert not Repair.objects.exists()


def test_a_list_of_the_other_use_is_not_taken(cast, station):
    with pytest.raises(FieldErrors) as refused:
        filed(cast, station, checklist=version_of("station_spot").pk)
    assert list(refused.value.fields) == ["checklist"]


@pytest.mark.parametrize(("who", "status"), [("other_keeper", 400), ("cadre", 400), ("clerk", 403), ("leader", 403)])
def test_nobody_else_files_a_self_check(cast, station, who, status):
    assert post(cast, who, check_input(station)).status_code == status
    assert not StationCheck.objects.exists()


def test_a_former_keeper_may_send_what_was_checked_while_keeping(cast, station):
    cast.kept(cast.station(), who="other_keeper")
    station.keeperships.update(end_on=date(2024, 8, 31))
    assert post(cast, "keeper", check_input(station, checked_on=date(2024, 8, 30))).status_code == 201
    refused = post(cast, "keeper", check_input(station))
    assert "9月4日您不是" in refused.json()["fields"]["station"]


def test_the_same_failed_item_opens_one_repair_until_it_ends(cast, station):
    filed(cast, station, answers={"water": "no", "sign": "no"})
    filed(cast, station, answers={"water": "no"}, remarks={"water": "还是不出水"})
    assert sorted(Repair.objects.values_list("item_code", flat=True)) == ["sign", "water"]
    water = Repair.objects.get(item_code="water")
    assert [step.action for step in water.steps.all()] == ["open", "seen"]
    assert water.due_on == TODAY + timedelta(days=15)
    Repair.objects.filter(pk=water.pk).update(state="dropped", ended_on=TODAY)
    filed(cast, station, answers={"water": "no"})
    assert Repair.objects.filter(item_code="water").count() == 2


def test_a_result_keeps_the_version_it_was_judged_by(cast, station):
    check = filed(cast, station, answers={"water": "no"})
    old = version_of("station_self")
    items = [
        ItemInput(code="water", text="饮水机有热水", answer="yes_no"),
        ItemInput(code="toilet", text="厕所可用", answer="yes_no"),
    ]
    staff = cast.scope("staff")
    checklist_draft(code="station_self", version=None, items=items, actor=staff)
    checklist_publish(code="station_self", version=None, effective_from=TODAY, actor=staff)
    # A phone that kept the old list goes on with it.
    late = filed(cast, station, checklist=old.pk)
    assert check.checklist_version == late.checklist_version == old
    page = cast.client("clerk").get(f"/stations/care/checks/{check.pk}/").content.decode()
    assert "按第 1 版检查" in page
    assert "现行是第 2 版" in page
    assert "饮水机能用，有水有杯" in page
    assert "饮水机有热水" not in page
    reviewed = check_review(check_id=check.pk, version=1, remark="请尽快修", actor=cast.scope("clerk"), now=cast.now)
    assert (reviewed.checklist_version, reviewed.findings) == (old, 1)


def test_only_those_who_answer_for_the_station_review_and_once(cast, station):
    check = filed(cast, station)
    for who, error in (("keeper", Forbidden), ("neighbour", NotFound), ("leader", Forbidden)):
        with pytest.raises(error):
            check_review(check_id=check.pk, version=1, actor=cast.scope(who))
    check_review(check_id=check.pk, version=1, actor=cast.scope("clerk"), now=cast.now)
    with pytest.raises(InvalidTransition):
        check_review(check_id=check.pk, version=2, actor=cast.scope("staff"))


def test_photos_follow_one_by_one_and_hang_once(cast, station):
    check = filed(cast, station)
    photo = CheckPhotoInput(uuid4(), picture())
    row, created = check_photo_add(check_id=check.pk, photo=photo, actor=cast.scope("keeper"))
    assert (created, check_photo_add(check_id=check.pk, photo=photo, actor=cast.scope("keeper"))) == (
        True,
        (row, False),
    )
    same_picture = CheckPhotoInput(uuid4(), picture("另名.jpg"))
    assert check_photo_add(check_id=check.pk, photo=same_picture, actor=cast.scope("keeper")) == (row, False)
    with pytest.raises(Conflict):
        check_photo_add(
            check_id=check.pk, photo=CheckPhotoInput(photo.id, picture(size=90)), actor=cast.scope("keeper")
        )
    with pytest.raises(Forbidden):
        check_photo_add(check_id=check.pk, photo=CheckPhotoInput(uuid4(), picture()), actor=cast.scope("staff"))
    url = f"/stations/care/checks/{check.pk}/photos/{row.pk}/"
    assert cast.client("clerk").get(url).status_code == 200
    assert cast.client("neighbour").get(url).status_code == 404


def test_the_draw_can_be_repeated_and_is_made_once(cast, station):
    for _ in range(5):
        cast.station()
    draw = drawn(cast, "cadre", "staff")
    tasks = {
        (task.station.code, task.inspector.username) for task in SpotTask.objects.select_related("station", "inspector")
    }
    assert len(tasks) == 2  # a fifth of six, rounded up
    assert {(each.code, each.inspector) for each in repeated(draw)} == tasks
    with pytest.raises(FieldErrors) as refused:
        drawn(cast, "cadre", seed="另一个")
    assert list(refused.value.fields) == ["quarter"]
    told = set(Notification.objects.filter(url="/stations/care/spot-checks/").values_list("user__username", flat=True))
    assert told == {username for _, username in tasks}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"quarter": date(2024, 4, 1)}, "quarter"),
        ({"seed": " "}, "seed"),
        ({"inspectors": []}, "inspectors"),
        ({"inspectors": ["keeper"]}, "inspectors"),
    ],
)
def test_a_draw_with_a_bad_field_is_refused(cast, station, facts, field):
    wanted = {"quarter": quarter_of(TODAY), "seed": "1", "inspectors": ["cadre"], **facts}
    wanted["inspectors"] = [cast.users[name] for name in wanted["inspectors"]]
    with pytest.raises(FieldErrors) as refused:
        spot_draw(**wanted, actor=cast.scope("staff"), now=cast.now)
    assert list(refused.value.fields) == [field]


def test_only_staff_draw(cast, station):
    with pytest.raises(Forbidden):
        spot_draw(quarter=quarter_of(TODAY), seed="1", inspectors=[], actor=cast.scope("leader"))


def test_the_drawn_inspector_checks_without_the_station_knowing(cast, station):
    drawn(cast, "cadre")
    for who in ("keeper", "clerk"):
        assert not SpotTask.objects.visible_to(cast.scope(who)).exists()
    with pytest.raises(FieldErrors):  # not drawn for it
        check_file(check=check_input(station, use="spot"), actor=cast.scope("staff"), now=cast.now)
    check = filed(cast, station, who="cadre", use="spot", answers={"fire": "no"})
    task = SpotTask.objects.get()
    assert (task.done_by, check.findings, Repair.objects.get().item_code) == (check, 1, "fire")
    assert StationCheck.objects.visible_to(cast.scope("keeper")).get() == check
    with pytest.raises(FieldErrors):  # done already
        filed(cast, station, who="cadre", use="spot")


def test_a_phone_keeps_the_stations_one_checks_and_no_others(cast, station):
    cast.station(name="没有人管的驿站")
    drawn(cast, "cadre", "staff")

    def kept(who):
        return client_for(cast.users[who]).get("/visits/offline/data/").json()

    assert [(row["id"], row["use"]) for row in kept("keeper")["stations"]] == [(station.code, "self")]
    assert kept("other_keeper")["stations"] == []
    assert "enterprises" not in kept("keeper")
    assert {row["use"] for who in ("cadre", "staff") for row in kept(who)["stations"]} == {"spot"}
    sheet = kept("keeper")["checklists"]["self"]
    assert sheet["version"] == version_of("station_self").pk
    assert [item["code"] for item in sheet["items"]][:3] == ["open_hours", "sign", "clean"]
    assert client_for(cast.users["clerk"]).get("/visits/offline/data/").status_code == 403


def test_what_comes_with_the_portal_has_the_eight_of_acceptance(db):
    counted = {
        row.checklist.code: row.items.count()
        for row in ChecklistVersion.objects.in_force(TODAY).filter(checklist__kind="acceptance")
    }
    assert counted == {"acceptance_basic": 8, "acceptance_benchmark": 10, "acceptance_smart": 12}


def test_scope_of_others(cast, station):
    filed(cast, station)
    seen = {who: StationCheck.objects.visible_to(scope_of(cast.users[who], on=TODAY)).count() for who in cast.users}
    assert seen == {
        "staff": 1,
        "leader": 1,
        "clerk": 1,
        "neighbour": 0,
        "cadre": 1,
        "keeper": 1,
        "other_keeper": 0,
        "handler": 0,
    }
