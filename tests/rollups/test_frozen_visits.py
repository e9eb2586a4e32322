"""Visits of frozen months: the numbers stay, open the visits they counted, and a revision names what came since."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.html import strip_tags

from tests.dashboard.pages import figure_links, rows_behind
from tests.people import District, client_for, scope_of
from tests.rollups.histories import Player
from tests.rollups.test_figures import received
from tests.visits.builders import form_data, logged
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.services import enterprises_move
from unionportal.reporting import freezing
from unionportal.reporting.models import Freeze, FrozenVisit, FrozenVisitFigures
from unionportal.reporting.rollups import refresh
from visits.models import Visit

SEPTEMBER = date(2024, 9, 1)
FROZEN_AT = datetime(2024, 10, 14, 9, tzinfo=clock.SHANGHAI)
LATER = datetime(2024, 10, 15, 9, tzinfo=clock.SHANGHAI)


class Rounds:
    """September: two visits to one factory and one to another, by one cadre; an issue, so that there is a month to freeze."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.staff, self.leader, self.cadre = district.staff(), district.leader(), district.cadre()
        self.factory, self.other = district.enterprise(1), district.enterprise(2, is_key=True)
        received(Player(district), date(2024, 9, 3))
        self.visits = [
            logged(self.cadre, self.factory, on=date(2024, 9, 3), headcount=2),
            logged(self.cadre, self.factory, on=date(2024, 9, 4)),
            logged(self.cadre, self.other, on=date(2024, 9, 5), headcount=3),
        ]
        with clock.at(FROZEN_AT):
            refresh.refresh()

    def freeze(self) -> Freeze:
        with clock.at(FROZEN_AT):
            return freezing.month_freeze(month=SEPTEMBER, actor=scope_of(self.staff), now=FROZEN_AT)

    def revise(self, reason: str = "补录走访") -> Freeze:
        with clock.at(LATER):
            return freezing.month_revise(month=SEPTEMBER, reason=reason, actor=scope_of(self.staff), now=LATER)

    def late_visit(self) -> Visit:
        return logged(self.cadre, self.other, on=date(2024, 9, 27))

    def page(self, path: str = "2024-9/") -> str:
        """A page of frozen months as the leader reads it."""
        with clock.at(LATER):
            response = client_for(self.leader).get(f"/reports/months/{path}")
        assert response.status_code == 200
        return response.content.decode()


@pytest.fixture
def rounds(district: District) -> Rounds:
    return Rounds(district)


def kept(freeze: Freeze, unit: str = "330602") -> tuple[int, ...]:
    """Visits, those to enterprises, enterprises, people, key enterprises covered and in all."""
    return FrozenVisitFigures.objects.values_list(
        "visits", "enterprise_visits", "enterprises", "headcount", "key_covered", "key_total"
    ).get(freeze=freeze, unit__code=unit)


def line(content: str, name: str) -> list[str]:
    """The numbers of a line of the table of visits."""
    table = content[content.index('id="visits"') :]
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", table, re.S) if f'name-cell">{name}</td>' in row)
    return [strip_tags(cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)][1:]


def rows(rounds: Rounds, query: str) -> tuple[str, int]:
    with clock.at(LATER):
        return rows_behind(client_for(rounds.leader), f"/dashboard/rows/?month=2024-09&{query}")


def test_a_freeze_keeps_the_visits_of_the_district_and_of_each_township(rounds: Rounds) -> None:
    made = rounds.freeze()
    assert kept(made) == kept(made, "330602006") == (3, 3, 2, 6, 1, 1)
    assert kept(made, "330602007") == (0, 0, 0, 0, 0, 0)
    assert (
        FrozenVisitFigures.objects.filter(freeze=made).count()
        == Unit.objects.filter(kind__in=["district", "township"]).count()
    )
    figures = FrozenVisitFigures.objects.get(freeze=made, unit__code="330602")
    assert figures.quota_weeks > figures.quota_met > 0
    content = rounds.page()
    assert line(content, "走访（家次）") == ["3", "3", "没有"]
    assert line(content, "走访人次") == ["6", "6", "没有"]
    assert line(content, "重点企业覆盖率") == ["100.00%", "100.00%", "没有"]
    for link in figure_links(content):
        with clock.at(LATER):
            assert rows_behind(client_for(rounds.leader), link.url)[0] == link.figure, link


def test_a_late_visit_changes_the_month_and_is_named_by_the_revision(rounds: Rounds) -> None:
    first = rounds.freeze()
    with pytest.raises(Conflict, match="没有变动"):
        rounds.revise()
    late = rounds.late_visit()
    assert kept(first) == (3, 3, 2, 6, 1, 1)
    assert "之后有变动" in rounds.page("")
    content = rounds.page()
    assert line(content, "走访（家次）") == ["3", "4", "+1"]
    assert "涉及 1 次走访" in content
    assert reverse("visit-detail", args=[late.pk]) in content
    with clock.at(LATER):
        dashboard = client_for(rounds.leader).get("/dashboard/?month=2024-09").content.decode()
        running = client_for(rounds.leader).get("/dashboard/?month=2024-10").content.decode()
    assert "冻结时 3" in dashboard
    assert "走访为实时数据" in dashboard
    assert "冻结时" not in running
    assert ("measure=visits", "3") in {
        (link.url.split("&")[0].split("?")[1], link.figure) for link in figure_links(dashboard) if "known=1" in link.url
    }
    second = rounds.revise()
    assert kept(second) == (4, 4, 2, 7, 1, 1)
    assert "之后有变动" not in rounds.page("")
    revision = rounds.page("2024-9/2/")
    assert line(revision, "走访（家次）") == ["3", "4", "4", "没有"]
    assert reverse("visit-detail", args=[late.pk]) in revision[revision.index('id="visit-causes"') :]
    assert "这一版没有改变诉求的数据" in revision
    for known, number in ((1, 3), (2, 4)):
        assert rows(rounds, f"measure=visits&known={known}") == (str(number), number)
        assert rows(rounds, f"measure=enterprises&known={known}") == ("2", 2)
    assert rows(rounds, "measure=visits&known=1&unit=330602007") == ("0", 0)


def test_a_visit_corrected_out_of_the_month_stays_among_those_counted(rounds: Rounds) -> None:
    rounds.freeze()
    gone = rounds.visits[2]
    facts = form_data(rounds.other, id=str(gone.pk), visited_on="2024-10-08", version=str(gone.version))
    with clock.at(LATER):
        assert client_for(rounds.cadre).post(reverse("visit-edit", args=[gone.pk]), facts).status_code == 302
    content = rounds.page()
    assert line(content, "走访（家次）") == ["3", "2", "-1"]
    assert line(content, "走访人次") == ["6", "3", "-3"]
    assert line(content, "覆盖重点企业") == ["1", "0", "-1"]
    assert reverse("visit-detail", args=[gone.pk]) in content[content.index('id="changes"') :]
    assert rows(rounds, "measure=visits&known=1") == ("3", 3)
    assert rows(rounds, "measure=visits") == ("2", 2)
    second = rounds.revise("走访日期写错")
    assert kept(second) == (2, 2, 1, 3, 0, 1)
    assert reverse("visit-detail", args=[gone.pk]) in rounds.page("2024-9/2/")


def test_a_visit_that_is_no_more_leaves_the_frozen_number_alone(rounds: Rounds) -> None:
    """Nobody deletes a visit in the portal; the number would be known all the same, and which visits it counted."""
    made = rounds.freeze()
    counted = set(FrozenVisit.objects.filter(freeze=made).values_list("visit", flat=True))
    Visit.objects.filter(pk=rounds.visits[0].pk)._raw_delete("default")
    assert counted == {visit.pk for visit in rounds.visits}
    assert freezing.differs(made)
    assert line(rounds.page(), "走访（家次）") == ["3", "2", "-1"]


def test_a_visit_of_another_number_of_people_or_place_is_a_change_and_one_of_other_words_is_none(
    rounds: Rounds,
) -> None:
    made = rounds.freeze()
    one = Visit.objects.filter(pk=rounds.visits[0].pk)
    one.update(narrative="补充说明", met="李四")
    assert not freezing.differs(made)
    one.update(headcount=5)
    assert freezing.differs(made)
    assert (rows(rounds, "measure=headcount&known=1"), rows(rounds, "measure=headcount")) == (("6", 3), ("9", 3))
    one.update(headcount=2, township=rounds.district.township("330602007"))
    assert freezing.differs(made)
    assert line(rounds.page(), "走访（家次）") == ["3", "3", "没有"]
    assert rows(rounds, "measure=visits&known=1&unit=330602006") == ("3", 3)
    assert rows(rounds, "measure=visits&unit=330602006") == ("2", 2)
    clerk = rounds.district.township_clerk(rounds.district.township("330602006"))
    with clock.at(LATER):
        own = client_for(clerk).get("/dashboard/rows/?month=2024-09&measure=visits&known=1").content.decode()
    assert 'data-count="2"' in own
    assert "另有 1 次" in own


def test_an_enterprise_that_moves_changes_no_frozen_month(rounds: Rounds) -> None:
    made = rounds.freeze()
    with clock.at(LATER):
        enterprises_move(
            enterprises=[Enterprise.objects.get(pk=rounds.factory.pk)],
            township=rounds.district.township("330602007"),
            moved_on=date(2024, 10, 10),
            actor=scope_of(rounds.staff),
        )
    assert not freezing.differs(made)
    assert rows(rounds, "measure=visits&known=1&unit=330602006") == ("3", 3)


@pytest.mark.parametrize(("model", "column"), [(FrozenVisit, "headcount"), (FrozenVisitFigures, "visits")])
def test_nobody_changes_or_deletes_kept_visits(rounds: Rounds, model: Any, column: str) -> None:
    rounds.freeze()
    for spoil in (lambda: model.objects.update(**{column: 9}), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            spoil()


def test_a_freeze_of_before_visits_were_kept_says_so(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing.frozen_visits, "keep", lambda freeze: None)
    old = rounds.freeze()
    monkeypatch.undo()
    rounds.late_visit()
    assert not freezing.differs(old)  # there is nothing to compare with
    content = rounds.page()
    assert "还没有保存走访数据" in content
    assert line(content, "走访（家次）") == ["未保存", "4"]
    with clock.at(LATER):
        refused = client_for(rounds.leader).get("/dashboard/rows/?month=2024-09&measure=visits&known=1")
    assert refused.status_code == 404


def test_outsiders_see_neither_page_nor_more_rows_than_their_own(rounds: Rounds) -> None:
    rounds.freeze()
    clerk = rounds.district.township_clerk(rounds.district.township("330602007"))
    with clock.at(LATER):
        assert client_for(clerk).get("/reports/months/2024-9/").status_code == 403
        own = client_for(clerk).get("/dashboard/rows/?month=2024-09&measure=visits&known=1")
        assert 'data-count="0"' in own.content.decode()
        elsewhere = "/dashboard/rows/?month=2024-09&measure=visits&known=1&unit=330602006"
        assert client_for(clerk).get(elsewhere).status_code == 404
        key = client_for(rounds.leader).get("/dashboard/rows/?month=2024-09&measure=key_covered&known=1")
        assert key.status_code == 404  # the freeze keeps their number alone
