"""The library as people use it: looking for something, proposing, mending, saying that it helped."""

from uuid import uuid4

import pytest

from tests.people import District, client_for, scope_of
from tests.queries import queries_of
from tests.visits.builders import jpeg
from unionportal.core.accounts.models import User
from visits.models import Practice
from visits.services.practices import PracticeInput, practice_propose, practice_publish

pytestmark = pytest.mark.usefixtures("january")


def published(staff: User, title: str, **facts: object) -> Practice:
    said = PracticeInput(title, "一句话说清楚。", f"{title}的做法。", **facts)
    row = practice_propose(uuid=uuid4(), practice=said, actor=scope_of(staff))
    return practice_publish(practice_id=row.pk, version=row.version, actor=scope_of(staff))


def titles(client, query: str = "") -> list[str]:
    rows = client.get(f"/library/{query}").context["rows"]
    return [practice.title for practice, _ in rows]


def test_it_is_searched_and_filtered(district: District) -> None:
    staff, client = district.staff(), client_for(district.handler())
    published(staff, "返还款材料清单", tags=("经费返还",), township=district.township())
    published(staff, "错峰用工", tags=("用工",))
    assert titles(client) == ["错峰用工", "返还款材料清单"]
    assert titles(client, "?q=材料") == titles(client, "?tag=经费返还") == ["返还款材料清单"]
    assert titles(client, "?township=330602006") == ["返还款材料清单"]
    assert titles(client, "?q=没有的词") == titles(client, "?quarter=2024-Q9") == []
    assert "<mark>材料</mark>" in client.get("/library/?q=材料").content.decode()


def test_the_list_costs_the_same_with_twenty(district: District) -> None:
    staff, client = district.staff(), client_for(district.handler())
    published(staff, "第一条")
    before = queries_of(client, "/library/")
    for number in range(19):
        published(staff, f"第{number}条经验")
    assert queries_of(client, "/library/") == before


def test_a_refused_form_keeps_what_was_typed(district: District) -> None:
    client = client_for(district.cadre())
    data = {"uuid": str(uuid4()), "title": "好做法", "summary": "", "text": "这样做。", "tags": "走访"}
    answer = client.post("/library/new/", data)
    assert answer.status_code == 422
    assert "请写摘要" in answer.content.decode()
    assert "这样做。" in answer.content.decode()
    answer = client.post("/library/new/", data | {"summary": "摘要", "attachments": [jpeg()]})
    row = Practice.objects.get()
    assert answer.url == f"/library/{row.pk}/"
    assert client.post("/library/new/", data | {"summary": "摘要"}).url == answer.url
    assert client.post("/library/new/", data | {"summary": "另一句"}).status_code == 409
    assert client.get(f"/library/{row.pk}/files/{row.files.get().pk}/")["Content-Type"] == "image/jpeg"
    outsider = client_for(district.cadre())
    for url in (f"/library/{row.pk}/", f"/library/{row.pk}/files/{row.files.get().pk}/", f"/library/{row.pk}/edit/"):
        assert outsider.get(url).status_code == 404


def test_two_staff_at_once_see_both(district: District) -> None:
    row = published(district.staff(), "返还款材料清单")
    edit, data = f"/library/{row.pk}/edit/", {"title": "甲的标题", "summary": "摘要", "text": "做法"}
    assert client_for(district.staff()).post(edit, {**data, "version": 2}).status_code == 302
    late = client_for(district.staff()).post(edit, {**data, "title": "乙的标题", "version": 2})
    assert late.status_code == 409
    assert "甲的标题" in late.content.decode()
    assert "乙的标题" in late.content.decode()
    assert Practice.objects.get().title == "甲的标题"


def test_staff_review_and_readers_say_that_it_helped(district: District) -> None:
    cadre, staff = district.cadre(), client_for(district.staff())
    said = PracticeInput("好做法", "摘要", "这样做。")
    row = practice_propose(uuid=uuid4(), practice=said, actor=scope_of(cadre))
    url, reader = f"/library/{row.pk}/", client_for(district.handler())
    assert reader.get(url).status_code == 404
    assert client_for(cadre).post(f"{url}publish/", {"version": 1}).status_code == 403
    assert staff.post(f"{url}publish/", {"version": 1}).status_code == 302
    assert reader.post(f"{url}mark/", {"useful": "1"}).status_code == 302
    assert reader.get(url).context["practice"].useful == 1
    assert reader.post(f"{url}mark/", {"useful": "0"}).status_code == 302
    assert staff.post(f"{url}withdraw/", {"version": 2, "reason": ""}).status_code == 422
    assert staff.post(f"{url}withdraw/", {"version": 2, "reason": "政策已变"}).status_code == 302
    assert reader.get(url).status_code == 404
    assert "政策已变" in client_for(cadre).get(url).content.decode()
