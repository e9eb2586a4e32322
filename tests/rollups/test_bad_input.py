"""After every kind of correction and disorder: townships sum to the district and categories to all, in every period, and nothing differs from a full run."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command

from casework.models import Category, Issue
from casework.services import issue_correct
from tests.people import District, scope_of
from tests.rollups.histories import Player
from tests.rollups.test_figures import received
from tests.rollups.test_incremental import everything_kept
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from unionportal.core.orgs.services import unit_create, unit_update
from unionportal.reporting.figures import rollup_rows, unit_figures
from unionportal.reporting.measures import COLUMN_IDS
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.periods import LENGTH

OLD = "330602006"
SUMMED = (*COLUMN_IDS, "open_at_end", "closed", "closed_in_period")


@pytest.fixture
def player(district: District) -> Player:
    """Three months with issues of every township and category, closed, open and reopened ones; up to 20 December."""
    player = Player(district, day=date(2024, 9, 2))
    for number in range(12):
        player.play([("register", number * 31), ("move", number), ("wait", 8), ("move", number * 7)])
    player.close(received(player, player.day))
    player.day = date(2024, 12, 20)
    return player


def assert_sums(player: Player) -> None:
    """Refreshed, every period of every kind adds up over places and over categories, and a full run changes nothing."""
    with clock.at(player.now):
        refresh.refresh()
        for period in LENGTH:
            assert_sums_of(period, player.district.district)
        kept = everything_kept()
        refresh.recompute()
        assert everything_kept() == kept
        call_command("check_integrity", verbosity=0)


def assert_sums_of(period: str, district: Unit) -> None:
    rows = rollup_rows(period=period)
    kinds = rollup_rows(period=period, units=[district], categories=Category.objects.all())
    wholes = [row for row in rows if row.unit == district]
    assert wholes
    for whole in wholes:
        townships = [row for row in rows if row.unit != district and row.start == whole.start]
        categories = [row for row in kinds if row.start == whole.start]
        for measure in SUMMED:
            assert sum(row[measure] for row in townships) == whole[measure], (period, whole.start, measure)
            assert sum(row[measure] for row in categories) == whole[measure], (period, whole.start, measure)


def back_dated(player: Player) -> None:
    """An issue entered in December that was received in October."""
    player.register(70)


def moved(player: Player) -> None:
    """A wrong township, category and day put right, of an open and of a closed issue."""
    for state in ("registered", "closed"):
        issue = Issue.objects.filter(state=state).earliest("pk")
        issue_correct(
            code=issue.code,
            version=issue.version,
            reason="登记有误",
            category=Category.objects.exclude(pk=issue.category_id).earliest("pk"),
            township=Unit.objects.townships().exclude(pk=issue.township_id).earliest("code"),
            enterprise=None,
            received_on=date(2024, 8, 15),
            title=issue.title,
            description=issue.description,
            actor=player.staff,
            now=player.now,
        )


def merged_and_split(player: Player) -> None:
    """Two of different townships merged, refreshed, split again, one voided."""
    one = received(player, date(2024, 11, 4))
    other = received(player, date(2024, 12, 9), township="330602108", category="safety")
    player.day = date(2024, 12, 19)
    one = player.make_named(one, "merge", main=other, note="同一件事")
    with clock.at(player.now):
        refresh.refresh()
    one = player.make_named(one, "split", note="不是同一件事")
    player.make_named(one, "void", note="重复登记")


def category_retired(player: Player) -> None:
    """A category that has issues is no longer offered; its issues stay where they are."""
    category = Issue.objects.earliest("pk").category
    Category.objects.filter(pk=category.pk).update(is_active=False)


def gap(player: Player) -> None:
    """Nothing at all for months, and then again."""
    player.day = date(2025, 6, 10)
    received(player, player.day)


def year_without_calendar(player: Player) -> None:
    """Closed in a year whose holidays nobody has published: workdays are counted provisionally."""
    player.day = date(2031, 2, 3)
    player.close(received(player, player.day), days=5)


DISORDERS = [back_dated, moved, merged_and_split, category_retired, gap, year_without_calendar]


@pytest.mark.parametrize("disorder", DISORDERS, ids=lambda one: one.__name__)
def test_everything_still_adds_up(player: Player, disorder: Callable[[Player], None]) -> None:
    assert_sums(player)
    disorder(player)
    assert_sums(player)


def test_a_retired_category_keeps_its_figures(player: Player) -> None:
    assert_sums(player)
    category = Issue.objects.filter(state="closed").earliest("pk").category
    before = unit_figures(period="year", start=date(2024, 1, 1), unit=player.district.district, category=category)
    Category.objects.filter(pk=category.pk).update(is_active=False)
    assert_sums(player)
    after = unit_figures(period="year", start=date(2024, 1, 1), unit=player.district.district, category=category)
    assert dict(after.counts) == dict(before.counts)
    assert after["received"] > 0


def test_a_township_split_in_two_leaves_the_past_where_it_was(player: Player) -> None:
    """From 1 December half of 稽山街道 is a township of its own: what is received from then on is its own, what was before stays."""
    assert_sums(player)
    old = player.district.township(OLD)
    before = {
        (row.start, row.unit.code): [row[name] for name in SUMMED]
        for row in rollup_rows(period="month")
        if row.start < date(2024, 12, 1)
    }
    with clock.at(clock.datetime(2024, 12, 1, 9, tzinfo=clock.SHANGHAI)):
        new = unit_create(
            code="330602009",
            kind=Unit.Kind.TOWNSHIP,
            name="灵芝街道总工会",
            short_name="灵芝街道",
            parent=player.district.district,
            actor=scope_of(player.district.sysadmin()),
        )
    received(player, date(2024, 12, 10), township=new.code)
    received(player, date(2024, 12, 11), township=OLD)
    player.day = date(2024, 12, 20)
    assert_sums(player)
    after = {(row.start, row.unit.code): [row[name] for name in SUMMED] for row in rollup_rows(period="month")}
    assert {key: after[key] for key in before} == before
    assert all(set(values) == {0} for (start, code), values in after.items() if code == new.code and start.month < 12)
    assert unit_figures(period="month", start=date(2024, 12, 1), unit=new)["received"] == 1
    assert unit_figures(period="year", start=date(2024, 1, 1), unit=new)["received"] == 1
    # A township that is dissolved takes no new issues and keeps its figures.
    unit_update(
        unit=old, name=old.name, short_name=old.short_name, is_active=False, actor=scope_of(player.district.sysadmin())
    )
    assert_sums(player)
    assert unit_figures(period="month", start=date(2024, 12, 1), unit=old)["received"] >= 1


def test_a_period_without_any_issue_is_zeros_and_dashes(player: Player) -> None:
    gap(player)
    assert_sums(player)
    empty = unit_figures(period="quarter", start=date(2025, 1, 1), unit=player.district.district)
    assert (empty["received"], empty.closed_in_period, empty.median_workdays, empty.p90_workdays) == (0, 0, None, None)
    assert {rate.text for rate in empty.rates.values()} == {"—"}
    assert empty.open_at_end > 0
