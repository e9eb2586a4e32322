"""Whatever happens in whatever order: what is kept equals what is recomputed equals what the events say."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.models import Category, Issue
from tests.people import District
from tests.rollups.expected import COLUMNS, FLOWS, Key, expected_rows
from tests.rollups.histories import CATEGORIES, Player
from unionportal.core.common import clock
from unionportal.reporting.behind import issues_behind
from unionportal.reporting.figures import rollup_rows
from unionportal.reporting.measures import COLUMN_IDS, COUNT_IDS, FLOW_IDS
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh

FIGURES = (*COLUMNS, *FLOWS, "closed_in_period", "open_at_end", "median_workdays", "p90_workdays")
NOTHING = dict.fromkeys(FIGURES, 0) | {"median_workdays": None, "p90_workdays": None}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["register", "move", "move", "move", "move", "beside", "wait", "correct", "refresh"]),
        st.integers(min_value=0, max_value=100_000),
    ),
    min_size=5,
    max_size=45,
)
#: No shrinking: a failing history is short enough to read, and playing thousands of shorter ones takes minutes.
QUIET = {
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
    "deadline": None,
    "derandomize": True,
}


def read_rows(known_at: datetime | None = None) -> dict[Key, dict[str, Any]]:
    """Every figure as readers get it (or got it), by period, start, unit and category."""
    return {
        (period, row.start, row.unit.code, row.category and row.category.code): {name: row[name] for name in FIGURES}
        for period in ("month", "quarter", "year")
        for categories in (None, Category.objects.all())
        for row in rollup_rows(period=period, categories=categories, known_at=known_at)
    }


def everything_kept() -> list[Any]:
    """The kept rows, without the time they were written."""
    rows = Rollup.objects.order_by("month", "unit", "category")
    wanted = ("month", "unit", "category", *COLUMN_IDS, "open_delta", "open_at_end", "workdays", "issues")
    return list(rows.values_list(*wanted))


def play_and_compare(player: Player, steps: Sequence[tuple[str, int]]) -> None:
    for step in steps:
        with clock.at(player.now):
            refresh.refresh() if step[0] == "refresh" else player.play([step])
    with clock.at(player.now):
        refresh.refresh()
        incremental = everything_kept()
        refresh.recompute()
        assert everything_kept() == incremental
        expected = expected_rows(player.day)
        wide = read_rows()
        assert_parted()
    for key, figures in expected.items():
        assert wide.get(key, NOTHING) == figures, key
    assert all(set(row.values()) <= {0, None} for key, row in wide.items() if key not in expected)


def assert_parted() -> None:
    """The whole district over all years: every issue is received or left out, every received one has an outcome or is open."""
    years = [row for row in rollup_rows(period="year") if row.unit.kind == "district"]
    total: Counter[str] = Counter()
    for row in years:
        total.update({name: row[name] for name in COUNT_IDS})
    left_out = Issue.objects.filter(state__in=("rejected", "merged", "voided")).count()
    assert total["received"] + left_out == Issue.objects.count()
    outcomes = sum(total[name] for name in ("resolved", "explained", "unresolved", "out_of_remit", "withdrawn"))
    still_open = years[-1].open_at_end if years else 0
    assert outcomes + still_open == total["received"]
    assert total["answered"] >= total["followed_up"] >= total["rated"] >= total["satisfied"]


@settings(max_examples=25, **QUIET)
@given(steps=STEPS)
def test_kept_recomputed_and_replayed_figures_are_equal(district: District, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        play_and_compare(Player(district), steps)
        transaction.set_rollback(True)


@settings(max_examples=4, **QUIET)
@given(steps=STEPS)
def test_every_figure_opens_to_exactly_its_rows(district: District, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        player = Player(district)
        player.play([step for step in steps if step[0] != "refresh"])
        with clock.at(player.now):
            refresh.refresh()
            rows = [row for period in ("month", "quarter", "year") for row in rollup_rows(period=period)]
            rows += rollup_rows(period="month", categories=Category.objects.filter(code__in=CATEGORIES))
            for row in rows:
                cell = {"period": row.period, "start": row.start, "unit": row.unit, "category": row.category}
                for measure in (*COLUMN_IDS, "open_at_end", "closed", "closed_in_period"):
                    assert issues_behind(measure, **cell).count() == row[measure], (measure, cell)
        transaction.set_rollback(True)


@settings(max_examples=8, **QUIET)
@given(steps=STEPS)
def test_what_was_read_on_any_day_can_be_read_again(district: District, steps: list[tuple[str, int]]) -> None:
    """Whatever came later, late entries, corrections and reopenings among it."""
    read: dict[datetime, dict[Key, dict[str, Any]]] = {}
    with transaction.atomic():
        player = Player(district)
        for name, choice in steps:
            with clock.at(player.now):
                if name == "wait" and choice % 80:
                    refresh.refresh()
                    read[player.now] = read_rows()
                player.play([(name, choice)] if name != "refresh" else [])
        for moment, figures in read.items():
            assert read_rows(known_at=moment) == figures, moment
        transaction.set_rollback(True)


def test_the_second_computation_knows_every_column() -> None:
    assert (tuple(COLUMNS), tuple(FLOWS)) == (COUNT_IDS, FLOW_IDS)
