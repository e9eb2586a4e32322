"""The section of hardship aid of the dashboard: numbers as SQL counts them, each with its rows, no person, everybody in their own reach."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from hardship.figures import figures, in_force_rows
from hardship.models import FileStep, HardshipFile
from hardship.money_selectors import grants_by_kind, service_figures
from hardship.progress import years
from tests.dashboard.pages import figure_links, rows_behind
from tests.dashboard.test_dashboard import tile
from tests.hardship.aided import Aided, aided
from tests.hardship.cast import WEDNESDAY, Cast
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.orgs.cuts import Cut

pytestmark = pytest.mark.django_db
URL = "/dashboard/hardship/"
YEAR = "BETWEEN '2024-01-01' AND '2024-12-31'"
#: What each tile of 2024 says, counted by hand in SQL.
COUNTED = {
    "在档困难家庭": "SELECT count(*) FROM hardship_hardshipfile WHERE state = 'in_force'",
    "新建档": f"SELECT count(*) FROM hardship_filestep WHERE action = 'approve' AND happened_on {YEAR}",
    "脱困": f"SELECT count(*) FROM hardship_filestep WHERE action = 'lift' AND happened_on {YEAR}",
    "困难线索": f"SELECT count(*) FROM hardship_lead WHERE raised_on {YEAR}",
    "帮扶人次": f"SELECT count(*) FROM hardship_grant WHERE state = 'paid' AND paid_on {YEAR}",
    "帮扶金额": f"SELECT sum(amount - repaid) FROM hardship_grant WHERE state = 'paid' AND paid_on {YEAR}",
    "便民服务": "SELECT count(*) FROM hardship_serviceorder WHERE state <> 'cancelled'",
    "帮扶措施": "SELECT count(*) FROM hardship_measure",
}


@pytest.fixture
def cast(district):
    with clock.at(WEDNESDAY):
        yield Cast(district)


@pytest.fixture
def helped(cast: Cast) -> Aided:
    return aided(cast)


def page(cast: Cast, who: str, query: str = "?year=2024") -> str:
    return cast.client(who).get(f"{URL}{query}").content.decode()


def counted(sql: str) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return Decimal(cursor.fetchone()[0])


def test_the_year_in_tiles_is_what_sql_counts(cast: Cast, helped: Aided) -> None:
    content = page(cast, "leader")
    assert {name: Decimal(tile(content, name).replace(",", "")) for name in COUNTED} == {
        name: counted(sql) for name, sql in COUNTED.items()
    }
    assert [tile(content, name) for name in COUNTED] == ["1", "3", "2", "2", "2", "1,200.00", "2", "3"]
    for words in (
        "深度困难 1", "返困 1", "清档 0", "已核实 1", "建档 0", "未了结 2", "已结算 1", "支出 65.50 元", "已用额度 145.50 元",
        "年度额度 1,000.00 元", "已完成 1", "逾期 1", "中央帮扶资金", "区级帮扶资金", "2024年送清凉",
    ):  # fmt: skip
        assert words in content, words
    assert '>1,200.00</a> <span class="tile-unit">元</span>' in content
    june = page(cast, "leader", "?month=2024-06")
    assert [tile(june, name) for name in ("在档困难家庭", "脱困", "帮扶人次", "帮扶措施")] == ["3", "0", "0", "3"]
    assert [tile(page(cast, "leader", "?month=2024-07"), name) for name in ("在档困难家庭", "脱困")] == ["2", "1"]


def test_every_number_opens_its_rows(cast: Cast, helped: Aided) -> None:
    for who, query, least in (
        ("leader", "?year=2024", 40),
        ("staff", "?month=2024-08&unit=330602006", 25),
        ("clerk", "?from=2024-07&to=2024-09", 20),
    ):
        links = [link for link in figure_links(page(cast, who, query)) if URL in link.url]
        assert len(links) >= least
        for link in links:
            stated, listed = rows_behind(cast.client(who), link.url)
            assert stated == link.figure, link
            is_money = "." in stated
            assert is_money or str(listed) == stated, link
            assert bool(listed) == bool(Decimal(stated)), link


def test_rows_and_their_file_say_no_more_than_numbers_of_files(cast: Cast, helped: Aided) -> None:
    leader = cast.client("leader")
    names = [member.opened("name") for member in helped.there.members.all()]
    for measure in ("in_force", "aid", "lifted", "leads_raised", "measures_set", "orders", "allowance_used"):
        address = f"{URL}rows/?measure={measure}&year=2024"
        rows = leader.get(address).content.decode()
        file = leader.get(f"{address}&format=csv").getvalue().decode()
        assert file.count("\r\n") - 1 == len(re.findall('class="title-cell"', rows)), measure
        assert not [name for name in (*names, "李示例", "越城示例纺织厂") if name in rows + file]
    noted = AuditEntry.objects.filter(action="figure.export").values_list("data__measure", flat=True)
    assert set(noted) >= {"hardship_in_force", "hardship_aid"}


def test_a_township_sees_its_own_and_outsiders_nothing(cast: Cast, helped: Aided) -> None:
    mine, neighbours = page(cast, "clerk"), page(cast, "neighbour")
    assert (tile(mine, "在档困难家庭"), tile(neighbours, "在档困难家庭")) == ("1", "0")
    assert "中央帮扶资金" not in mine, "the district keeps the money"
    assert "便民服务" not in re.findall(r'aria-label="([^ ]+) [^"]*，看明细"', mine)
    assert "稽山街道" not in neighbours
    assert 'data-slide="困难帮扶"' in cast.client("leader").get("/dashboard/wall/?year=2024").content.decode()
    for who, query in (("leader", "?year=2024&unit=330602006"), ("clerk", "?year=2024")):
        wall = cast.client(who).get(f"/dashboard/wall/{query}").content.decode()
        assert "困难" not in wall, "a room is no place for a township's one household"
    assert cast.client("neighbour").get(f"{URL}rows/?measure=lifted&year=2024&unit=330602006").status_code == 404
    for outsider in ("cadre", "handler", "aid", "auditor"):
        assert cast.client(outsider).get(URL).status_code == 403, outsider
        assert cast.client(outsider).get(f"{URL}rows/?measure=lifted&year=2024").status_code == 403, outsider
    leader = cast.client("leader")
    for wrong in ("measure=happiness", "measure=aid&fund=x", "measure=aid&fund=00000000-0000-4000-8000-000000000000"):
        assert leader.get(f"{URL}rows/?{wrong}&year=2024").status_code == 404, wrong


def test_the_same_figure_wherever_it_stands(cast: Cast, helped: Aided) -> None:
    scope, today = cast.scope("leader"), WEDNESDAY.date()
    year = figures(Cut(scope, date(2024, 1, 1), today))
    register = years(scope, today)[0]
    assert (year.in_force, year.taken_in, year.lifted, year.cleared) == (
        register.at_end, register.taken_in, register.lifted, register.cleared,
    )  # fmt: skip
    leader = cast.client("leader")
    files = leader.get("/hardship/?state=in_force").content.decode()
    assert len(set(re.findall(r"/hardship/(KN-\d{4}-\d+)/", files))) == year.in_force
    assert list(in_force_rows(Cut(scope, today, today))) == list(HardshipFile.objects.filter(state="in_force"))
    kinds = grants_by_kind(scope, 2024)
    assert (sum(times for _, times, _ in kinds), sum(net for *_, net in kinds)) == (year.grants, year.aid)
    services = service_figures(scope, 2024)
    assert (services["orders"], services["money"]) == (year.orders_settled, year.services_paid)
    assert tile(leader.get(URL).content.decode(), "该复核") == str(year.reviews_due)
    assert f'data-figure="{year.reviews_due}"' in leader.get(URL).content.decode()


def test_an_empty_register_says_what_belongs_here(cast: Cast) -> None:
    assert "还没有在档的家庭" in page(cast, "leader")


def test_the_section_costs_the_same_however_many_files(cast: Cast, helped: Aided) -> None:
    leader = cast.client("leader")
    addresses = [f"{URL}?year=2024", f"{URL}rows/?measure=taken_in&year=2024", f"{URL}rows/?measure=in_force&year=2024"]
    few = [queries_of(leader, address) for address in addresses]
    for _ in range(8):
        FileStep.objects.create(
            file=cast.file_in("in_force"),
            seq=1,
            round=1,
            action="approve",
            from_state="checked",
            to_state="in_force",
            level="district",
            happened_on=date(2024, 5, 6),
            recorded_at=cast.now,
        )
    assert tile(page(cast, "leader"), "在档困难家庭") == "9"
    assert [queries_of(leader, address) for address in addresses] == few
