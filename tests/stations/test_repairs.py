"""Repairs from the day something is found broken to the day somebody else has seen it mended."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from stations.models import Repair, RepairPhoto, RepairStep
from stations.repair_workflow import RepairState
from stations.services.repairs import repair_move, repair_open
from tests.queries import queries_of
from tests.stations.care_builders import TODAY, filed, picture
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.notify.models import Notification

PERIOD = timedelta(days=15)


@pytest.fixture
def station(cast):
    made = cast.station()
    cast.kept(made)
    return made


@pytest.fixture
def repair(cast, station):
    filed(cast, station, answers={"water": "no"}, remarks={"water": "不出热水"})
    return Repair.objects.get()


def move(cast, repair, action, who, **given):
    given.setdefault("version", None)
    return repair_move(repair_id=repair.pk, action=action, actor=cast.scope(who), now=cast.now, **given)


def test_a_failed_item_is_tracked_to_its_end(cast, repair):
    assert (repair.state, repair.detail, repair.due_on) == ("opened", "不出热水", TODAY + PERIOD)
    due = TODAY + timedelta(days=3)
    move(cast, repair, "assign", "clerk", assignee=cast.users["keeper"], due_on=due)
    move(cast, repair, "mend", "keeper", photos=[picture()], note="换了加热管")
    done = move(cast, repair, "verify", "clerk")
    assert (done.state, done.due_on, done.ended_on) == ("verified", due, TODAY)
    assert [step.action for step in RepairStep.objects.order_by("pk")] == ["open", "assign", "mend", "verify"]
    assert RepairPhoto.objects.get().stage == "mended"
    told = Notification.objects.get()
    assert (told.user, told.url) == (cast.users["keeper"], f"/stations/care/repairs/{repair.pk}/")
    assert "加热管" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_not_mended_after_all_goes_back_to_whoever_said_so(cast, repair):
    move(cast, repair, "mend", "keeper", photos=[picture()])
    back = move(cast, repair, "send_back", "clerk", note="还是凉的")
    assert (back.state, back.assignee, back.mended_on) == ("assigned", cast.users["keeper"], None)


def test_what_a_check_finds_broken_again_is_not_mended(cast, station, repair):
    move(cast, repair, "mend", "keeper", photos=[picture()])
    filed(cast, station, answers={"water": "no"})
    repair.refresh_from_db()
    assert (repair.state, repair.assignee, Repair.objects.count()) == ("assigned", cast.users["keeper"], 1)


def test_a_check_made_before_the_mending_and_sent_after_it_undoes_nothing(cast, station, repair):
    move(cast, repair, "mend", "keeper", photos=[picture()])
    filed(cast, station, answers={"water": "no"}, checked_on=TODAY - timedelta(days=1))
    repair.refresh_from_db()
    assert (repair.state, Repair.objects.count()) == ("mended", 1)


@pytest.mark.parametrize(
    ("action", "who", "given", "fields"),
    [
        ("assign", "clerk", {}, {"assignee", "due_on"}),
        ("assign", "clerk", {"assignee": "other_keeper", "due_on": TODAY}, {"assignee"}),
        ("assign", "clerk", {"assignee": "keeper", "due_on": TODAY - timedelta(days=1)}, {"due_on"}),
        ("mend", "keeper", {}, {"photos"}),
        ("drop", "staff", {}, {"note"}),
        ("drop", "staff", {"note": "长" * 301}, {"note"}),
    ],
)
def test_bad_input_changes_nothing(cast, repair, action, who, given, fields):
    if "assignee" in given:
        given = {**given, "assignee": cast.users[given["assignee"]]}
    with pytest.raises(FieldErrors) as refused:
        move(cast, repair, action, who, **given)
    assert set(refused.value.fields) == fields
    repair.refresh_from_db()
    assert (repair.state, repair.version) == ("opened", 1)


@pytest.mark.parametrize(
    ("action", "who", "error"),
    [
        ("assign", "keeper", Forbidden),
        ("assign", "leader", Forbidden),
        ("drop", "keeper", Forbidden),
        ("mend", "cadre", Forbidden),
        ("mend", "neighbour", NotFound),
        ("mend", "other_keeper", NotFound),
        ("fly", "staff", NotFound),
    ],
)
def test_who_may_not(cast, repair, action, who, error):
    with pytest.raises(error):
        move(cast, repair, action, who, photos=[picture()], note="不修")


def test_whoever_mended_it_does_not_verify_it(cast, repair):
    move(cast, repair, "mend", "clerk", photos=[picture()])
    with pytest.raises(Forbidden, match="由别人验收"):
        move(cast, repair, "verify", "clerk")
    assert move(cast, repair, "verify", "staff").state == RepairState.VERIFIED


def test_stale_and_late_moves(cast, repair):
    move(cast, repair, "drop", "staff", note="拆除")
    with pytest.raises(StaleVersion):
        move(cast, repair, "drop", "staff", note="拆除", version=1)
    with pytest.raises(InvalidTransition):
        move(cast, repair, "mend", "keeper", photos=[picture()])


def test_a_photo_that_is_none_is_refused_at_its_field(cast, repair):
    with pytest.raises(FieldErrors) as refused:
        move(cast, repair, "mend", "keeper", photos=[picture("账单.pdf")])
    assert set(refused.value.fields) == {"photos"}
    assert not RepairPhoto.objects.exists()


def test_somebody_reports_without_a_check_and_a_repeat_is_the_same(cast, station):
    uuid = uuid4()
    wanted = {"uuid": uuid, "station": station.code, "what": "门锁坏了", "photos": [picture()]}
    first = repair_open(**wanted, actor=cast.scope("keeper"), now=cast.now)
    assert repair_open(**wanted, actor=cast.scope("keeper"), now=cast.now) == first
    assert (first.due_on, first.photos.get().stage) == (TODAY + PERIOD, "broken")
    with pytest.raises(NotFound):
        repair_open(**{**wanted, "uuid": uuid4()}, actor=cast.scope("neighbour"))
    with pytest.raises(FieldErrors):
        repair_open(**{**wanted, "uuid": uuid4(), "what": " "}, actor=cast.scope("keeper"))


def test_the_pages_offer_each_person_their_own_moves(cast, repair):
    url = f"/stations/care/repairs/{repair.pk}/"

    def offered(who):
        content = cast.client(who).get(url).content.decode()
        return {name for name in ("assign", "mend", "verify", "drop") if f'data-dialog="{name}"' in content}

    assert offered("clerk") == {"assign", "mend", "drop"}
    assert offered("keeper") == {"mend"}
    assert offered("leader") == set()
    assert cast.client("neighbour").get(url).status_code == 404
    refused = cast.client("keeper").post(f"{url}mend/", {"version": "1", "note": "换了"})
    assert refused.status_code == 422
    assert "请上传修好后的照片。" in refused.content.decode()
    assert "换了" in refused.content.decode()
    sent = cast.client("keeper").post(f"{url}mend/", {"version": "1", "note": "换了", "photos": [picture()]})
    assert sent.status_code == 302
    photo = RepairPhoto.objects.get()
    assert cast.client("clerk").get(f"{url}photos/{photo.pk}/").status_code == 200
    assert cast.client("neighbour").get(f"{url}photos/{photo.pk}/").status_code == 404


def test_late_ones_are_red_and_a_list_costs_the_same_for_many(cast, station, repair):
    client = cast.client("clerk")
    url = "/stations/care/repairs/"
    with clock.at(cast.now + PERIOD + timedelta(days=4)):
        content = client.get(f"{url}?state=late").content.decode()
        assert "待派修，逾期 4 天" in content
        one = queries_of(client, url)
        for number in range(12):
            repair_open(uuid=uuid4(), station=station.code, what=f"第{number}件", actor=cast.scope("clerk"))
        assert queries_of(client, url) == one
    assert "没有符合条件" in client.get(f"{url}?state=late").content.decode()


def test_the_first_page_of_care_costs_the_same_for_many(cast, station, repair):
    client = cast.client("clerk")
    one = queries_of(client, "/stations/care/")
    for _ in range(6):
        filed(cast, station, checked_on=date(2024, 9, 3), answers={"sign": "no"})
        cast.kept(cast.station())
    assert queries_of(client, "/stations/care/") == one


def test_the_page_of_a_station_shows_its_care(cast, station, repair):
    url = f"/stations/{station.code}/"
    content = cast.client("keeper").get(url).content.decode()
    assert "不符合：饮水机能用，有水有杯" in content
    assert "不符合 1 项" in content
    one = queries_of(cast.client("clerk"), url)
    for number in range(6):
        repair_open(uuid=uuid4(), station=station.code, what=f"第{number}件", actor=cast.scope("clerk"), now=cast.now)
    assert queries_of(cast.client("clerk"), url) == one
    assert "全部 7 件没有了结的维修" in cast.client("clerk").get(url).content.decode()
