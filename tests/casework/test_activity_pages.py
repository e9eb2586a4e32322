"""Service activities on pages: what was typed stays, the preview says what becomes of each issue, lists cost the same however long."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.models import ActivityPhoto, Issue, IssueEvent, ServiceActivity
from tests.casework.cast import Cast
from tests.casework.test_activities import held, plan, session
from tests.casework.test_activity_issues import NOTE, link
from tests.queries import queries_of


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile("现场.jpg", content.getvalue(), "image/jpeg")


def test_planning_changing_and_a_conflict(cast: Cast) -> None:
    staff, clerk = cast.client("staff"), cast.client("clerk")
    form = {
        "uuid": str(uuid4()),
        "kind": "job_fair",
        "title": "秋季招聘会",
        "planned_on": "2024-09-04",
        "township": cast.jishan.code,
        "organiser": cast.jishan.code,
        "budget": "3000",
        "plan": "设 20 个摊位。",
        "enterprises": f"{cast.plant.name}\n没有这家公司",
    }
    refused = staff.post("/activities/new/", form)
    assert refused.status_code == 422
    for words in ("没有找到“没有这家公司”", "设 20 个摊位。", "秋季招聘会"):
        assert words in refused.content.decode()
    form["enterprises"] = cast.plant.name
    made = staff.post("/activities/new/", form)
    assert staff.post("/activities/new/", form).url == made.url == "/activities/FW-2024-0001/"
    changed = staff.post("/activities/new/", {**form, "title": "另一场"})
    assert changed.status_code == 409
    assert form["uuid"] not in changed.content.decode()

    edit = f"{made.url}edit/"
    assert clerk.post(edit, {**form, "title": "秋季用工招聘会", "version": "1"}).status_code == 302
    late = staff.post(edit, {**form, "title": "秋招", "version": "1"})
    page = late.content.decode()
    assert late.status_code == 409
    for words in ("刚被别人修改过", "秋季用工招聘会", "秋招", 'name="version" value="2"'):
        assert words in page
    assert staff.post(edit, {**form, "title": "秋招", "version": "2"}).status_code == 302
    assert ServiceActivity.objects.get().title == "秋招"
    for who, status in (("registrar", 403), ("handler", 403), ("neighbour", 404)):
        assert cast.client(who).get(edit).status_code == status


def test_sessions_photos_and_guests(cast: Cast) -> None:
    staff, activity = cast.client("staff"), plan(cast, enterprises=[cast.plant])
    url = f"/activities/{activity.code}/"
    facts = {"uuid": str(uuid4()), "held_on": "2024-09-04", "place": "文化中心", "attendance": "80", "cost": "1200.5"}
    wrong = staff.post(f"{url}session/", {**facts, "cost": "-1"})
    assert wrong.status_code == 422
    assert "不能是负数" in wrong.content.decode()
    assert "文化中心" in wrong.content.decode()
    for _ in range(2):
        assert staff.post(f"{url}session/", facts).url == url
    row = activity.sessions.get()
    edit = f"{url}sessions/{row.pk}/"
    assert staff.post(edit, {"version": "1", "held_on": "2024-09-04", "place": "体育馆"}).status_code == 409
    assert staff.post(edit, {"version": "2", "held_on": "2024-09-04", "place": "体育馆", "leaflets": "9"}).url == url
    row.refresh_from_db()
    assert (row.place, row.leaflets, row.attendance) == ("体育馆", 9, 0)
    assert staff.post(f"{url}guests/", {"version": "3", "invited_ids": [activity.invited.get().pk]}).url == url

    assert staff.post(f"{url}photos/", {"photos": photo()}).status_code == 302
    text = SimpleUploadedFile("名单.jpg", b"not a picture", "image/jpeg")
    assert staff.post(f"{url}photos/", {"photos": text}).status_code == 422
    assert staff.post(f"{url}photos/", {}).status_code == 422
    picture = ActivityPhoto.objects.get()
    address = f"{url}photos/{picture.pk}/"
    assert staff.get(url).content.decode().count('<ul class="photos">') == 1
    assert cast.client("registrar").get(address)["Content-Type"] == "image/jpeg"
    assert cast.client("handler").get(address).status_code == 404
    page = cast.client("clerk").get(url).content.decode()
    for words in ("体育馆", "到场", address, "登记场次"):
        assert words in page
    assert "登记场次</button>" not in cast.client("leader").get(url).content.decode()
    assert cast.client("registrar").post(f"{url}photos/", {"removed": picture.pk}).status_code == 403
    assert staff.post(f"{url}photos/", {"removed": picture.pk}).status_code == 302
    assert not ActivityPhoto.objects.exists()
    assert staff.post(edit, {"version": "4", "step": "remove"}).url == url
    assert not activity.sessions.exists()


def test_the_preview_then_the_answer(cast: Cast) -> None:
    activity = held(cast, plan(cast))
    mine, also = cast.issue_in("in_progress"), cast.issue_in("in_progress", title="第二条")
    unsigned = cast.issue_in("assigned")
    link(cast, activity, mine, also, unsigned)
    url = f"/activities/{activity.code}/answer/"
    staff = cast.client("staff").get(url).content.decode()
    assert staff.count(f"由{cast.legal}承办，请其反馈") == 2
    assert "反馈所选诉求" not in staff
    assert "提醒承办单位反馈" in staff
    assert cast.client("staff").post(url, {"ask": "1"}).url == url

    handler = cast.client("handler")
    page = handler.get(url).content.decode()
    assert page.count("可以反馈</span>") == 2
    assert "已交办待签收" in page
    rows = [f"{issue.code}:{issue.version}" for issue in (mine, also)]
    empty = handler.post(url, {"rows": rows, "note": ""})
    assert empty.status_code == 422
    assert f'value="{rows[0]}"' in empty.content.decode()
    cast.move(also, "supervise", "staff", note="请抓紧。")
    done = handler.post(url, {"rows": rows, "note": NOTE})
    page = done.content.decode()
    assert done.status_code == 200
    for words in ("已反馈 1 条诉求", "刚被别人修改过", NOTE):  # the text stays for the row that was refused
        assert words in page
    also.refresh_from_db()
    assert f'value="{also.code}:{also.version}"' in page
    again = handler.post(url, {"rows": [rows[0], f"{also.code}:{also.version}"], "note": NOTE}).content.decode()
    assert "没有重复反馈" in again
    assert IssueEvent.objects.filter(action="report").count() == 2
    story = cast.client("registrar").get(f"/issues/{mine.code}/").content.decode()
    assert f"通过服务活动 {activity.code}" in story
    assert "由本次活动反馈" in story


def test_nothing_is_offered_to_answer_once_all_is_closed(cast: Cast) -> None:
    activity = held(cast, plan(cast))
    link(cast, activity, cast.issue_in("closed"))
    staff, button = cast.client("staff"), f'href="/activities/{activity.code}/answer/"'
    assert button not in staff.get(f"/activities/{activity.code}/").content.decode()
    link(cast, activity, cast.issue_in("assigned"))
    assert button in staff.get(f"/activities/{activity.code}/").content.decode()


def test_answering_before_it_was_held_is_refused_on_the_page(cast: Cast) -> None:
    activity, issue = plan(cast), cast.issue_in("in_progress")
    link(cast, activity, issue)
    url = f"/activities/{activity.code}/answer/"
    handler = cast.client("handler")
    assert "活动还没有举办过" in handler.get(url).content.decode()
    assert handler.post(url, {"rows": [f"{issue.code}:{issue.version}"], "note": NOTE}).status_code == 409
    assert Issue.objects.get(pk=issue.pk).state == "in_progress"


def test_linking_from_both_sides(cast: Cast) -> None:
    activity, issue, other = plan(cast), cast.issue(), cast.issue_in("closed", title="去年的用工")
    staff = cast.client("staff")
    url = f"/activities/{activity.code}/issues/"
    assert "去年的用工" in staff.get(f"{url}?q=去年的用工").content.decode()
    nothing = staff.post(url, {})
    assert nothing.status_code == 422
    assert "请至少选择一条诉求" in nothing.content.decode()
    assert staff.post(url, {"issues": [other.code]}).url == f"/activities/{activity.code}/#links"
    pick = f"/issues/{issue.code}/activities/"
    assert "关联到服务活动" in staff.get(f"/issues/{issue.code}/").content.decode()
    assert activity.title in staff.get(pick).content.decode()
    assert staff.post(pick, {}).status_code == 422
    assert staff.post(pick, {"activity": activity.code}).url == f"/issues/{issue.code}/"
    assert activity.title in cast.client("registrar").get(f"/issues/{issue.code}/").content.decode()
    assert staff.post(url, {"unlink": issue.code}).status_code == 302
    assert [row.issue for row in activity.links.all()] == [other]
    assert cast.client("handler").get(pick).status_code == 403
    assert cast.client("neighbour").get(pick).status_code == 404


@pytest.mark.parametrize(
    ("query", "found", "figures"),
    [
        ("", "招技远", ("3", "130", "1,300.00")),
        ("kind=training", "技", ("1", "20", "0.00")),
        ("township=330602108", "远", ("1", "10", "300.00")),
        ("state=planned", "划", ("0", "0", "0.00")),
        ("since=2024-09-01", "招远划", ("2", "110", "1,300.00")),
        ("until=2024-08-31", "技", ("1", "20", "0.00")),
        ("since=2024-08-01&until=2024-08-31", "技", ("1", "20", "0.00")),
        ("q=FW-2024-0002", "技", ("1", "20", "0.00")),
    ],
)
def test_the_list_adds_up_what_it_shows(cast: Cast, query: str, found: str, figures: tuple[str, ...]) -> None:
    held(cast, plan(cast, title="招"), attendance=100, cost=Decimal(1000))
    training = plan(cast, title="技", kind="training", planned_on=date(2024, 8, 20))
    held(cast, training, attendance=20, held_on=date(2024, 8, 20))
    far = plan(cast, title="远", township=cast.fusheng, organiser=cast.fusheng)
    held(cast, far, attendance=10, cost=Decimal(300))
    plan(cast, title="划", planned_on=date(2024, 10, 1), kind="health_day")
    page = cast.client("staff").get(f"/activities/?{query}").content.decode()
    for title in "招技远划":
        shown = f">{title}</a>" in page
        assert shown == (title in found or (query == "" and title == "划")), title
    tiles = page[page.index('aria-label="合计"') :]
    for label, figure in zip(("场次", "参加人次", "经费"), figures, strict=True):
        tile = tiles[tiles.index(f'tile-label">{label}') :]
        assert f'tile-value">{figure}<small>' in tile[:300], label
    assert ">远</a>" not in cast.client("clerk").get(f"/activities/?{query}").content.decode()


def test_pages_cost_the_same_however_long(cast: Cast) -> None:
    first = held(cast, plan(cast))
    link(cast, first, cast.issue_in("in_progress"))
    urls = ["/activities/", f"/activities/{first.code}/", f"/activities/{first.code}/answer/"]
    short = [queries_of(cast.client("handler"), url) for url in urls]
    few = queries_of(cast.client("staff"), urls[0])
    for number in range(6):
        issue = cast.issue_in("in_progress")
        link(cast, first, issue)
        session(cast, first)
        link(cast, held(cast, plan(cast, title=f"第{number}场")), issue)
    assert [queries_of(cast.client("handler"), url) for url in urls] == short
    assert queries_of(cast.client("staff"), urls[0]) == few
