"""`compute_rollups` and `check_integrity`, as an operator runs them."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from casework.models import Issue, RollupOutbox
from tests.people import District
from tests.rollups.histories import Player
from tests.rollups.test_figures import received, refresh_on
from tests.rollups.test_incremental import everything_kept
from unionportal.core.common.clock import SHANGHAI, at
from unionportal.reporting.models import Rollup


@pytest.fixture
def player(district: District) -> Player:
    player = Player(district)
    for month in (8, 9, 10):
        player.close(received(player, date(2024, month, 5)))
    received(player, date(2024, 10, 9))
    refresh_on(player.day)
    return player


def run(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def spoil() -> None:
    Rollup.objects.filter(month=date(2024, 9, 1)).update(received=77, open_at_end=5)


def test_full_puts_right_what_was_wrong(player: Player) -> None:
    run("compute_rollups", "--full")
    before = everything_kept()
    spoil()
    run("compute_rollups", "--full")
    assert everything_kept() == before


def test_one_period_puts_that_period_right(player: Player) -> None:
    run("compute_rollups")
    before = everything_kept()
    spoil()
    assert "2024年第3季度" in run("compute_rollups", "--period", "quarter", "--start", "2024-08-15")
    assert everything_kept() == before


def test_plain_run_works_off_the_outbox(player: Player) -> None:
    received(player, date(2024, 10, 20))
    assert RollupOutbox.objects.exists()
    assert "1 条" in run("compute_rollups")
    assert not RollupOutbox.objects.exists()


@pytest.mark.parametrize(
    ("period", "said"), [("month", "2024年9月"), ("quarter", "2024年第3季度"), ("year", "2024年的")]
)
def test_a_period_without_a_start_is_the_present_one(player: Player, period: str, said: str) -> None:
    with at(datetime(2024, 9, 20, 9, tzinfo=SHANGHAI)):
        run("compute_rollups")
        before = everything_kept()
        spoil()
        assert said in run("compute_rollups", "--period", period)
    assert everything_kept() == before


def test_full_covers_whatever_period_is_named_beside_it(player: Player) -> None:
    run("compute_rollups", "--full")
    before = everything_kept()
    spoil()
    assert "全部重算" in run("compute_rollups", "--full", "--period", "month", "--start", "2024-08-01")
    assert everything_kept() == before


def test_integrity_finds_nothing_where_all_is_well(player: Player) -> None:
    received(player, date(2024, 10, 20))  # still in the outbox: not a disagreement
    before = everything_kept()
    assert "没有发现不一致" in run("check_integrity")
    assert everything_kept() == before
    assert RollupOutbox.objects.exists()


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(CommandError, match="不一致"):
        call_command("check_integrity")
    return capsys.readouterr().out


def test_integrity_names_a_figure_that_was_tampered_with(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    spoil()
    assert "2024-09 330602 全部类别" in complaint(capsys)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("state = 'answered', outcome = '', closed_on = NULL", "状态与最后一步不符"),
        ("outcome = 'explained'", "状态与最后一步不符"),
        ("closed_on = closed_on + 1", "办结日期与办结记录不符"),
        ("redo_count = 2", "重办、退回或重启次数与记录不符"),
        ("satisfaction = 'dissatisfied'", "字段与办理记录不符"),
        ("version = 1", "版本号与步骤数不符"),
    ],
)
def test_integrity_names_an_issue_whose_columns_left_the_log(
    player: Player, capsys: pytest.CaptureFixture[str], change: str, said: str
) -> None:
    issue = Issue.objects.filter(state="closed").first()
    assert issue is not None
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE casework_issue SET {change} WHERE id = %s", [issue.pk])
    lines = [line for line in complaint(capsys).splitlines() if line.startswith(said)]
    assert len(lines) == 1
    assert issue.code in lines[0]
