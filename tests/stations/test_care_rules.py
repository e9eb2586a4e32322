"""The calculations of building and care, without a database: targets, progress, the draw, the stars."""

import subprocess
from decimal import Decimal
from itertools import pairwise

import pytest

from stations.building_workflow import MOVES as BUILDING_MOVES
from stations.building_workflow import PATH
from stations.building_workflow import STEP_LOOKS as BUILDING_LOOKS
from stations.drawing import Candidate, draw, mark, share_of
from stations.repair_workflow import MOVES, OPEN_STATES, RepairState
from stations.repair_workflow import STEP_LOOKS as REPAIR_LOOKS
from stations.star_proposal import Year, propose
from stations.targets import Place, Rules, Work, progress, standings

RULES = Rules(benchmark=10, smart_all_day=15, benchmark_townships=130)


def places(*stations: int, benchmark: int = 0, smart: int = 0) -> list[Place]:
    """Townships with so many stations; the first has the benchmark and smart ones."""
    return [
        Place(f"镇街{n}", number, benchmark if n == 1 else 0, smart if n == 1 else 0)
        for n, number in enumerate(stations, start=1)
    ]


def of(key: str, rows):
    return next(row for row in rows if row.key == key)


def test_shares_are_rounded_up_and_a_township_without_station_is_named():
    rows = standings(places(10, 1, 0, benchmark=1, smart=2), RULES)
    assert (of("benchmark", rows).need, of("benchmark", rows).lacks) == (2, 1)
    assert (of("smart_all_day", rows).need, of("smart_all_day", rows).is_met) == (2, True)
    assert (of("township", rows).missing, of("township", rows).lacks) == (("镇街3",), 1)
    assert of("benchmark_townships", rows).need == 4  # 1.3 x 3 = 3.9


def test_seventeen_townships_need_twenty_three_benchmark_stations():
    rows = standings(places(*[8] * 17, benchmark=20), RULES)
    assert (of("benchmark_townships", rows).need, of("benchmark_townships", rows).lacks) == (23, 3)
    assert of("benchmark", rows).is_met


def test_a_single_township_is_not_measured_by_the_number_of_townships():
    assert {row.key for row in standings(places(3), RULES)} == {"township", "benchmark", "smart_all_day"}


def test_a_township_without_any_station_owes_one_and_no_share_of_nothing():
    rows = standings(places(0), RULES)
    assert [(row.key, row.lacks) for row in rows] == [("township", 1), ("benchmark", 0), ("smart_all_day", 0)]


def test_one_project_counts_for_all_it_is_and_what_is_missing_is_named():
    works = [
        Work("城南驿站", True, "benchmark", True, True, "验收合格"),
        Work("城北驿站", False, "basic", False, False, "施工中"),
    ]
    rows = {row.key: row for row in progress({"new": 1, "renovated": 3, "benchmark": 2, "open_all_day": 1}, works)}
    assert (rows["new"].lacks, rows["open_all_day"].lacks, rows["benchmark"].lacks) == (0, 0, 1)
    assert rows["renovated"].under_way == (("城北驿站", "施工中"),)
    assert (rows["renovated"].lacks, rows["renovated"].not_begun) == (3, 2)


STATIONS = [Candidate(f"YC-{n:03d}", f"镇街{n % 3}") for n in range(1, 31)]


def test_the_same_seed_draws_the_same_whatever_the_order_another_seed_others():
    first = draw(STATIONS, ["zhang", "li", "wang"], seed="2024Q3-0815", percent=20)
    assert draw(STATIONS[::-1], ["wang", "li", "zhang"], seed="2024Q3-0815", percent=20) == first
    assert draw(STATIONS, ["zhang", "li", "wang"], seed="2024Q3-0816", percent=20) != first
    assert len(first) == 6  # two of ten in each township
    assert {one.inspector for one in first} == {"zhang", "li", "wang"}


def test_anybody_can_work_out_a_lot_with_the_systems_own_tool():
    printed = subprocess.run(["sha256sum"], input=b"2024Q3:YC-001", capture_output=True, check=True).stdout
    assert printed.decode().split()[0] == mark("2024Q3", "YC-001")


@pytest.mark.parametrize(
    ("number", "percent", "drawn"), [(0, 20, 0), (1, 20, 1), (10, 20, 2), (11, 20, 3), (3, 100, 3)]
)
def test_a_township_gives_its_share_one_at_least(number, percent, drawn):
    assert share_of(number, percent) == drawn


def test_nobody_checks_the_station_they_keep():
    kept = [Candidate("YC-001", "甲", frozenset({"zhang"}))]
    assert {draw(kept, ["zhang", "li"], seed=str(n), percent=100)[0].inspector for n in range(20)} == {"li"}
    with pytest.raises(ValueError, match="YC-001"):
        draw(kept, ["zhang"], seed="1", percent=100)


def test_a_good_year_earns_five_stars_and_says_why():
    found = propose(Year(12, 12, spot_items=20, spot_findings=1, repairs=4, ratings=10, ratings_sum=48))
    assert (found.stars, found.score) == (5, Decimal("97.75"))
    assert [line.points for line in found.lines] == [
        Decimal("30.00"),
        Decimal("23.75"),
        Decimal("25.00"),
        Decimal("19.00"),
    ]
    assert found.lines[3].words == "10 次评价，平均 4.80 分"


def test_lines_without_facts_count_on_neither_side():
    found = propose(Year(12, 6))
    assert (found.stars, found.score) == (1, Decimal("50.00"))
    assert [line.points is None for line in found.lines] == [False, True, True, True]
    assert propose(Year(0, 0)).stars is None


@pytest.mark.parametrize(("checked", "stars"), [(10, 5), (9, 5), (8, 4), (7, 3), (6, 2), (5, 1)])
def test_the_borders_of_the_stars(checked, stars):
    assert propose(Year(10, checked)).stars == stars


def test_every_repair_can_reach_an_end_and_every_step_has_a_name():
    reached, before = {RepairState.OPENED}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.target for move in MOVES.values() if move.sources & before}
    assert reached == set(RepairState)
    assert not any(move.sources - OPEN_STATES for move in MOVES.values())
    assert set(MOVES) < set(REPAIR_LOOKS)


def test_the_moves_of_a_project_walk_its_path_up_to_acceptance():
    walked = [move for move in BUILDING_MOVES.values() if move.action != "cancel"]
    assert [(move.sources, move.target) for move in walked] == [
        (frozenset({before}), after) for before, after in pairwise(PATH[:-1])
    ]
    assert set(BUILDING_MOVES) < set(BUILDING_LOOKS)
