"""Reading visits: who sees which, filters, what enterprise and issue pages show, and the cost of long lists."""

from datetime import timedelta

import pytest
from django.urls import reverse

from casework.models import Issue
from tests.people import client_for
from tests.queries import queries_of
from tests.visits.builders import TODAY, issue_input, jpeg, logged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def cadre(district):
    return district.cadre(name="陈示例")


@pytest.fixture
def factory(district):
    return district.enterprise(1, name="光典芯元微电子（演示）")


@pytest.fixture
def visit(cadre, factory):
    return logged(
        cadre,
        factory,
        narrative="车间有一百二十名职工",
        issues=(issue_input(title="高温补贴没有发"),),
        checks={"rights": "problem"},
        photos=(jpeg(),),
    )


def statuses(district, address: str, owner) -> dict[str, int]:
    people = {
        "owner": owner,
        "colleague": district.cadre(),
        "clerk": district.township_clerk(),
        "clerk elsewhere": district.township_clerk(district.township("330602108")),
        "staff": district.staff(),
        "leader": district.leader(),
        "handler": district.handler(),
        "sysadmin": district.sysadmin(),
    }
    return {name: client_for(user).get(address).status_code for name, user in people.items()}


EXPECTED = {
    "owner": 200,
    "colleague": 404,
    "clerk": 200,
    "clerk elsewhere": 404,
    "staff": 200,
    "leader": 200,
    "handler": 403,
    "sysadmin": 403,
}


def test_who_opens_a_visit(district, cadre, visit):
    assert statuses(district, reverse("visit-detail", args=[visit.pk]), cadre) == EXPECTED


def test_who_opens_its_photo(district, cadre, visit):
    assert statuses(district, reverse("visit-photo", args=[visit.pk, visit.photos.get().pk]), cadre) == EXPECTED


def test_a_photo_is_not_reached_through_another_visit(cadre, factory, visit):
    other = logged(cadre, factory)
    address = reverse("visit-photo", args=[other.pk, visit.photos.get().pk])
    assert client_for(cadre).get(address).status_code == 404


def test_a_photo_is_the_picture(cadre, visit):
    answer = client_for(cadre).get(reverse("visit-photo", args=[visit.pk, visit.photos.get().pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")


def test_page_tells_the_visit(cadre, visit):
    page = client_for(cadre).get(reverse("visit-detail", args=[visit.pk])).content.decode()
    for words in (
        "光典芯元微电子（演示）",
        "2024年9月12日 周四",
        "车间有一百二十名职工",
        "高温补贴没有发",
        "权益保障",
        "有问题",
    ):
        assert words in page
    assert reverse("visit-edit", args=[visit.pk]) in page


def test_readers_get_no_edit_button(district, visit):
    page = client_for(district.staff()).get(reverse("visit-detail", args=[visit.pk])).content.decode()
    assert reverse("visit-edit", args=[visit.pk]) not in page


class TestList:
    def shown(self, user, query: str = "") -> str:
        answer = client_for(user).get(f"/visits/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    def test_each_sees_own_part(self, district, cadre, visit):
        colleague = district.cadre([district.township("330602007")])
        away = logged(colleague, district.enterprise(2, township=district.township("330602007")))
        assert f"/visits/{visit.pk}/" in self.shown(cadre)
        assert f"/visits/{away.pk}/" not in self.shown(cadre)
        clerk = self.shown(district.township_clerk())
        assert f"/visits/{visit.pk}/" in clerk
        assert f"/visits/{away.pk}/" not in clerk
        staff = self.shown(district.staff())
        assert f"/visits/{visit.pk}/" in staff
        assert f"/visits/{away.pk}/" in staff

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?q=光典", True),
            ("?q=一百二十", True),
            ("?q=没有这个词", False),
            ("?township=330602006", True),
            ("?township=330602007", False),
            ("?kind=routine&mode=on_site", True),
            ("?kind=stay", False),
            ("?mode=phone", False),
            ("?since=2024-09-12&until=2024-09-12", True),
            ("?since=2024-09-13", False),
            ("?until=2024-09-11", False),
            ("?problem=1", True),
            ("?q=光典&problem=1&since=2024-09-01", True),
        ],
    )
    def test_filters(self, district, visit, query, found):
        assert (f"/visits/{visit.pk}/" in self.shown(district.staff(), query)) is found

    def test_filter_by_cadre(self, district, cadre, visit):
        other = district.cadre()
        assert f"/visits/{visit.pk}/" in self.shown(district.staff(), f"?cadre={cadre.username}")
        assert f"/visits/{visit.pk}/" not in self.shown(district.staff(), f"?cadre={other.username}")

    def test_no_problem_is_not_in_the_problem_list(self, district, cadre, factory):
        fine = logged(cadre, factory, checks={"rights": "good"})
        assert f"/visits/{fine.pk}/" not in self.shown(district.staff(), "?problem=1")

    def test_nonsense_in_the_address_breaks_nothing(self, cadre, visit):
        self.shown(cadre, "?since=gestern&kind=party&after=xyz&township=0&cadre=nobody")

    def test_second_page(self, cadre, factory):
        made = [logged(cadre, factory, on=TODAY - timedelta(days=n)) for n in range(52)]
        client = client_for(cadre)
        first = client.get("/visits/")
        assert f"/visits/{made[0].pk}/" in first.content.decode()
        assert f"/visits/{made[51].pk}/" not in first.content.decode()
        second = client.get("/visits/" + first.context["page"].next_url).content.decode()
        assert f"/visits/{made[51].pk}/" in second
        assert f"/visits/{made[0].pk}/" not in second

    def test_empty_list_teaches_and_starts(self, cadre):
        page = self.shown(cadre)
        assert "还没有走访记录" in page
        assert "/visits/new/" in page


def test_enterprise_page_shows_its_visits_within_scope(district, cadre, factory, visit):
    address = f"/enterprises/{factory.credit_code}/"
    assert f"/visits/{visit.pk}/" in client_for(cadre).get(address).content.decode()
    successor = client_for(district.cadre()).get(address).content.decode()
    assert f"/visits/{visit.pk}/" not in successor
    assert "还没有对这家企业的走访记录" in successor


def test_issue_page_links_its_visit_for_those_who_may_see_it(district, cadre, visit):
    address = f"/issues/{Issue.objects.get().code}/"
    link = f'href="/visits/{visit.pk}/"'
    assert link in client_for(cadre).get(address).content.decode()
    colleague = client_for(district.cadre()).get(address).content.decode()
    assert link not in colleague
    assert "2024年9月12日走访" in colleague


@pytest.mark.parametrize(
    "address", ["/visits/", "/journals/2024-W37/", "/visits/picker/?q=演示", "/api/v1/visits/", "/visits/new/"]
)
def test_twenty_rows_cost_the_queries_of_one(district, cadre, address):
    client = client_for(cadre)
    logged(cadre, district.enterprise(1), issues=(issue_input(),))
    one = queries_of(client, address)
    for number in range(2, 21):
        logged(cadre, district.enterprise(number), issues=(issue_input(),))
    assert queries_of(client, address) == one


def test_the_districts_week_costs_the_same_for_twenty_cadres(district, cadre, factory):
    client = client_for(district.staff())
    logged(cadre, factory)
    one = queries_of(client, "/journals/?week=2024-W37")
    for _ in range(19):
        logged(district.cadre(), factory)
    assert queries_of(client, "/journals/?week=2024-W37") == one


def test_a_visit_page_costs_the_same_with_many_issues_and_photos(cadre, factory, visit):
    client = client_for(cadre)
    one = queries_of(client, reverse("visit-detail", args=[visit.pk]))
    full = logged(
        cadre,
        factory,
        issues=tuple(issue_input(title=f"问题{n}") for n in range(12)),
        photos=tuple(jpeg(f"{n}.jpg") for n in range(5)),
    )
    assert queries_of(client, reverse("visit-detail", args=[full.pk])) == one


def test_own_year_of_journals_costs_the_same(cadre, factory):
    client = client_for(cadre)
    logged(cadre, factory)
    one = queries_of(client, "/journals/")
    for week in range(1, 20):
        logged(cadre, factory, on=TODAY - timedelta(weeks=week))
    assert queries_of(client, "/journals/") == one


def test_text_people_typed_is_never_markup(district, cadre, factory):
    """The rows are written without a template, so nothing escapes them but their own code."""
    hostile, shown = "<b onclick=\"alert('x')\">&amp;", "&lt;b onclick=&quot;alert(&#x27;x&#x27;)&quot;&gt;&amp;amp;"
    factory.name = f"{hostile}厂（演示）"
    factory.save()
    cadre.display_name = f"{hostile}某"
    cadre.save()
    logged(cadre, factory, issues=(issue_input(title="<b>甲</b>"),))
    page = client_for(district.staff()).get("/visits/").content.decode()
    assert "<b onclick" not in page
    assert "<b>甲" not in page
    assert f">{shown}厂（演示）</a>" in page
    assert f">{shown}某</td>" in page
    assert "&lt;b&gt;甲&lt;/b&gt;" in page
