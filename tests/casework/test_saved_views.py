"""A person's own views of the issue list: kept, opened, default, shared, changed, taken away; and what a view nobody can read any more does."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.casework.cast import Cast
from tests.queries import queries_of
from unionportal.core.accounts.models import SavedView
from unionportal.core.accounts.saved_views import conditions
from unionportal.core.accounts.services.saved_views import MOST


def keep(cast: Cast, who: str, name: str, query: str = "state=open", **given: Any) -> Any:
    return cast.client(who).post("/me/views/new/", {"list": "issues", "query": query, "name": name, **given})


def bar(cast: Cast, who: str, address: str = "/issues/?view=all") -> list[str]:
    """The names of the views above the list, the open one with a star."""
    page = cast.client(who).get(address).content.decode()
    found = re.search(r'<nav class="view-bar".*?</nav>', page, re.S)
    links = re.findall(r"<a [^>]*>.*?</a>", found[0]) if found else []
    return [("*" if "aria-current" in link else "") + re.sub(r"<svg.*?</svg>|<[^>]+>", "", link) for link in links]


def test_a_filter_is_kept_under_a_name_and_opened_again(cast: Cast) -> None:
    cast.issue(title="甲")
    cast.issue_in("closed", title="乙")
    assert bar(cast, "staff", "/issues/") == []
    assert bar(cast, "staff", "/issues/?state=open&q=") == ["存为视图"]
    form = cast.client("staff").get("/me/views/new/?list=issues&query=state%3Dopen%26after%3Dxyz")
    assert 'value="state=open"' in form.content.decode()
    kept = keep(cast, "staff", "没办完的", "state=open&after=xyz&q=")
    assert (kept.status_code, kept.url) == (302, "/issues/?state=open")
    page = cast.client("staff").get(kept.url).content.decode()
    assert "已保存视图“没办完的”。" in page
    assert "甲" in page
    assert bar(cast, "staff", kept.url) == ["*没办完的", "管理视图"]
    assert bar(cast, "staff", "/issues/?state=closed") == ["没办完的", "存为视图", "管理视图"]
    assert bar(cast, "clerk") == []


def test_the_default_opens_with_the_list_and_can_be_left(cast: Cast) -> None:
    keep(cast, "staff", "没办完的", is_default="on")
    keep(cast, "staff", "欠薪", "category=wage_arrears", is_default="on")
    assert [view.name for view in SavedView.objects.filter(is_default=True)] == ["欠薪"]
    assert cast.client("staff").get("/issues/").url == "/issues/?category=wage_arrears"
    everything = cast.client("staff").get("/issues/?view=all")
    assert everything.status_code == 200
    page = everything.content.decode()
    assert '<input type="hidden" name="view" value="all">' in page  # an emptied filter stays empty
    assert cast.client("leader").get("/issues/").status_code == 200


def test_staff_share_with_everybody_and_each_sees_their_own_rows(cast: Cast) -> None:
    cast.issue(title="稽山的诉求")
    cast.issue(title="富盛的诉求", actor=cast.scope("outsider"), township=cast.fusheng, enterprise=cast.quarry)
    keep(cast, "staff", "没办完的", is_shared="on")
    keep(cast, "staff", "自用的", "state=closed")
    assert bar(cast, "clerk") == ["没办完的", "管理视图"]
    page = cast.client("clerk").get("/issues/?state=open").content.decode()
    assert "稽山的诉求" in page
    assert "富盛的诉求" not in page
    view = SavedView.objects.get(is_shared=True)
    assert cast.client("clerk").get(f"/me/views/{view.pk}/").status_code == 404
    assert cast.client("clerk").post(f"/me/views/{view.pk}/remove/").status_code == 403
    keep(cast, "clerk", "我也共享", is_shared="on")
    assert not SavedView.objects.get(name="我也共享").is_shared  # the field is not theirs
    cast.users["staff"].is_active = False
    cast.users["staff"].save()
    assert "没办完的" not in bar(cast, "clerk")


def test_renaming_and_taking_away(cast: Cast) -> None:
    keep(cast, "staff", "没办完的")
    view = SavedView.objects.get()
    other = SavedView.objects.create(owner=cast.users["clerk"], list_key="issues", name="别人的", query="state=open")
    changed = cast.client("staff").post(f"/me/views/{view.pk}/", {"name": " 还没办完 ", "is_default": "on"})
    assert changed.url == "/issues/?state=open"
    view.refresh_from_db()
    assert (view.name, view.is_default, view.query) == ("还没办完", True, "state=open")
    page = cast.client("staff").get("/me/views/").content.decode()
    assert "还没办完" in page
    assert "别人的" not in page
    assert cast.client("staff").post(f"/me/views/{other.pk}/remove/").status_code == 404
    assert cast.client("staff").post(f"/me/views/{view.pk}/remove/").url == "/me/views/"
    assert list(SavedView.objects.all()) == [other]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "请起一个名称"),
        ({"name": "字" * 31}, "30"),
        ({"name": "没办完的"}, "已经有一个同名的视图"),
        ({"name": "甲", "query": "after=x&q="}, "没有筛选条件可存"),
        ({"name": "甲", "query": "q=" + "x" * 600}, "筛选条件太长"),
    ],
)
def test_what_cannot_be_kept_says_why(cast: Cast, given: dict[str, str], words: str) -> None:
    keep(cast, "staff", "没办完的")
    refused = keep(cast, "staff", **given)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert SavedView.objects.count() == 1


def test_a_person_keeps_so_many_and_no_more(cast: Cast) -> None:
    for number in range(MOST):
        assert keep(cast, "staff", f"视图{number}").status_code == 302
    assert f"最多存 {MOST} 个视图" in keep(cast, "staff", "再一个").content.decode()
    assert keep(cast, "leader", "别人的第一个").status_code == 302


def test_lists_that_are_none_or_not_theirs(cast: Cast) -> None:
    assert cast.client("staff").get("/me/views/new/?list=secrets&query=a%3D1").status_code == 404
    assert cast.client("staff").post("/me/views/new/", {"list": "x", "query": "a=1", "name": "甲"}).status_code == 404
    assert keep(cast, "auditor", "甲").status_code == 403
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("query", ["category=gone", "state=lost&q=返还", "received_from=昨天", "nonsense=1", "q=%00x"])
def test_a_view_that_means_nothing_any_more_still_opens(cast: Cast, query: str) -> None:
    cast.issue()
    keep(cast, "staff", "旧视图", query, is_default="on")
    opened = cast.client("staff").get("/issues/", follow=True)
    assert opened.status_code == 200
    assert "旧视图" in opened.content.decode()


def test_the_same_conditions_are_one_view_whatever_their_order(cast: Cast) -> None:
    assert (
        conditions("state=open&q=&category=x&before=1")
        == conditions("category=x&state=open")
        == "category=x&state=open"
    )
    keep(cast, "staff", "甲", "state=open&category=dues_refund")
    assert bar(cast, "staff", "/issues/?category=dues_refund&state=open")[0] == "*甲"


def test_names_are_never_markup_and_the_list_costs_the_same(cast: Cast) -> None:
    keep(cast, "staff", "甲", is_shared="on")
    one = queries_of(cast.client("staff"), "/issues/?state=open")
    for number in range(9):
        keep(cast, "staff", f"<b>{number}</b>")
    assert queries_of(cast.client("staff"), "/issues/?state=open") == one
    assert "<b>1</b>" not in cast.client("staff").get("/issues/").content.decode()


def test_the_database_holds_the_facts(cast: Cast) -> None:
    facts = {"owner": cast.users["staff"], "list_key": "issues", "name": "甲", "query": "a=1", "is_default": True}
    SavedView.objects.create(**facts)
    for wrong in ({"name": "甲", "is_default": False}, {"name": "乙"}, {"name": "", "is_default": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(**{**facts, **wrong})
