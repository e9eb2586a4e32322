"""Frozen months: when they freeze, that nothing moves them, and how what came later is numbered."""

import re
import threading
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.html import strip_tags

from casework.models import Issue
from casework.services import issue_correct
from tests.chaos.faults import SECONDS, Watch, other_connection
from tests.dashboard.pages import figure_links, rows_behind
from tests.people import District, client_for, scope_of
from tests.rollups.histories import Player
from tests.rollups.test_api import results
from tests.rollups.test_figures import received
from tests.rollups.test_refreshers import in_thread
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden
from unionportal.core.common.scope import SYSTEM
from unionportal.reporting import freezing
from unionportal.reporting.analyses.publishing import analysis_publish_with_figures
from unionportal.reporting.figures import rollup_rows
from unionportal.reporting.measures import versions_now
from unionportal.reporting.models import Freeze, FreezeCause, FrozenRow
from unionportal.reporting.reports.book import report_book
from unionportal.reporting.reports.vocabulary import definitions
from unionportal.reporting.rollups import refresh
from unionportal.reporting.selectors.frozen import frozen_month

SEPTEMBER = date(2024, 9, 1)
LATER = date(2024, 11, 4)


def moment(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.fixture
def player(district: District) -> Player:
    """September: two issues, one of them resolved in time; October has begun."""
    player = Player(district)
    player.close(received(player, date(2024, 9, 3)))
    received(player, date(2024, 9, 4))
    with clock.at(moment(10, 8)):
        refresh.refresh()
    return player


def freeze(player: Player) -> Freeze:
    now = moment(10, 12)
    with clock.at(now):
        return freezing.month_freeze(month=SEPTEMBER, actor=player.staff, now=now)


def close_the_other(player: Player) -> Issue:
    """The open issue of September is closed in November."""
    player.day = LATER
    return player.close(Issue.objects.get(state="registered"))


def figures(*, frozen: bool, period: str = "month", start: date = SEPTEMBER) -> tuple[Any, ...]:
    (row,) = [r for r in rollup_rows(period=period, start=start, frozen=frozen) if r.unit.code == "330602"]
    return row["received"], row["resolved"], row.open_at_end, row.status, row.revision


def test_a_frozen_month_stays_what_it_was(player: Player) -> None:
    made = freeze(player)
    assert (made.revision, made.author_id, made.reason) == (1, player.staff.user_id, "")
    close_the_other(player)
    with clock.at(player.now):
        refresh.refresh()
        assert figures(frozen=True) == (2, 1, 1, "frozen", 1)
        assert figures(frozen=False) == (
            2,
            2,
            1,
            "live",
            0,
        )  # what is known now; the stock at the month's end is the same
        assert figures(frozen=True, period="quarter", start=date(2024, 7, 1)) == (2, 1, 1, "mixed", 1)
    audit = AuditEntry.objects.get(action="month.freeze")
    assert (audit.object_id, audit.data) == ("2024-09", {"revision": 1})


@pytest.mark.parametrize("model", [Freeze, FrozenRow, FreezeCause])
def test_nobody_changes_or_deletes_what_is_frozen(player: Player, model: Any) -> None:
    freeze(player)
    changed = close_the_other(player)
    with clock.at(player.now):
        freezing.month_revise(month=SEPTEMBER, reason="补录", actor=player.staff)
    column = {Freeze: {"reason": "x"}, FrozenRow: {"received": 9}, FreezeCause: {"issue": changed}}[model]
    for spoil in (lambda: model.objects.update(**column), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            spoil()


def test_a_revision_names_its_reason_its_author_and_the_issues_behind_it(player: Player) -> None:
    freeze(player)
    changed = close_the_other(player)
    received(player, LATER)  # of another month
    with clock.at(player.now):
        made = freezing.month_revise(month=SEPTEMBER, reason=" 一件诉求补办结 ", actor=player.staff)
        assert (made.revision, made.reason, made.author_id) == (2, "一件诉求补办结", player.staff.user_id)
        assert list(made.issues.all()) == [changed]
        assert figures(frozen=True)[:2] == (2, 2)
        assert figures(frozen=True)[3:] == ("frozen", 2)
    first = FrozenRow.objects.get(freeze__revision=1, unit__code="330602", category=None)
    assert first.resolved == 1  # the first revision is still there


def test_an_issue_entered_late_or_corrected_out_of_the_month_is_a_cause(player: Player) -> None:
    freeze(player)
    left = Issue.objects.get(state="registered")
    player.day = LATER
    late = player.register(45)
    assert late.received_on == date(2024, 9, 20)
    issue_correct(
        code=left.code,
        version=left.version,
        reason="日期写错",
        category=left.category,
        township=left.township,
        enterprise=None,
        received_on=date(2024, 8, 30),
        title=left.title,
        description=left.description,
        actor=player.staff,
        now=player.now,
    )
    with clock.at(moment(11, 5)):
        made = freezing.month_revise(month=SEPTEMBER, reason="补录一件、更正一件", actor=player.staff)
    assert set(made.issues.all()) == {late, left}


def test_without_a_change_there_is_nothing_to_revise(player: Player) -> None:
    with pytest.raises(Conflict, match="还没有冻结"):
        freezing.month_revise(month=SEPTEMBER, reason="补录", actor=player.staff, now=moment(10, 12))
    freeze(player)
    with pytest.raises(Conflict, match="没有变动"):
        freezing.month_revise(month=SEPTEMBER, reason="补录", actor=player.staff, now=moment(10, 12))
    with pytest.raises(FieldErrors) as error:
        freezing.month_revise(month=SEPTEMBER, reason="  ", actor=player.staff, now=moment(10, 12))
    assert "reason" in error.value.fields
    assert Freeze.objects.count() == 1


def test_a_month_is_frozen_once_and_not_before_it_is_over(player: Player) -> None:
    with pytest.raises(FieldErrors) as error:
        freezing.month_freeze(month=date(2024, 10, 9), actor=player.staff, now=moment(10, 12))
    assert error.value.fields == {"month": "2024年10月还没有过完，不能冻结。"}
    freeze(player)
    with pytest.raises(Conflict, match="已经冻结（第1版）"):
        freeze(player)


def test_only_staff_freeze(player: Player) -> None:
    for role, person in player.district.everybody().items():
        if role == "staff":
            continue
        with pytest.raises(Forbidden):
            freezing.month_freeze(month=SEPTEMBER, actor=scope_of(person), now=moment(10, 12))


def test_by_itself_on_the_fifth_workday_of_the_next_month(player: Player) -> None:
    # 1 to 7 October 2024 are off, Saturday 12 is worked: 8, 9, 10, 11, 12.
    assert freezing.freezes_at(SEPTEMBER) == moment(10, 12, 18)
    for now, frozen in ((moment(10, 12, 17, 59), []), (moment(10, 12, 18), [SEPTEMBER]), (moment(10, 12, 19), [])):
        with clock.at(now):
            assert [made.month for made in freezing.due_months_freeze(actor=SYSTEM)] == frozen
    assert Freeze.objects.get().author_id is None


def test_months_missed_while_nothing_ran_are_made_good(player: Player) -> None:
    with clock.at(datetime(2025, 1, 2, 9, tzinfo=clock.SHANGHAI)):
        refresh.refresh()
        made = freezing.due_months_freeze(actor=SYSTEM)
    assert [one.month.month for one in made] == [9, 10, 11]


def test_scripts_read_the_frozen_figures_when_they_ask(player: Player) -> None:
    freeze(player)
    close_the_other(player)
    with clock.at(player.now):
        refresh.refresh()
    client = client_for(player.district.leader())
    query = {"period": "month", "start": "2024-09-01", "unit": "330602"}
    (live,) = results(client, **query)
    (frozen,) = results(client, **query, state="frozen")
    assert (live["resolved"], live["status"], live["revision"]) == (2, "live", 0)
    assert (frozen["resolved"], frozen["status"], frozen["revision"]) == (1, "frozen", 1)
    assert client.get("/api/v1/rollups/", {**query, "state": "thawed"}).status_code == 400


def test_staff_freeze_and_revise_on_the_page_and_leaders_read_it(player: Player) -> None:
    staff, leader = client_for(player.district.staff()), client_for(player.district.leader())
    with clock.at(moment(10, 9)):
        assert "10月12日" in leader.get("/reports/months/").content.decode()
        assert "现在冻结" not in leader.get("/reports/months/2024-9/").content.decode()
        assert leader.post("/reports/months/2024-9/").status_code == 403
        assert staff.post("/reports/months/2024-9/").status_code == 302
        assert staff.post("/reports/months/2024-9/").status_code == 409  # a second tap
        assert "没有变动" in staff.get("/reports/months/2024-9/").content.decode()
        assert staff.get("/reports/months/2024-10/").status_code == 404  # not over yet
        assert staff.get("/reports/months/2024-13/").status_code == 404
    changed = close_the_other(player)
    with clock.at(player.now):
        refresh.refresh()
        page = leader.get("/reports/months/2024-9/").content.decode()
        assert changed.code in page
        assert "已化解：1 → 2" in strip_tags(page)
        refused = staff.post("/reports/months/2024-9/", {"reason": ""})
        assert refused.status_code == 422
        assert "请写明修订原因" in refused.content.decode()
        assert staff.post("/reports/months/2024-9/", {"reason": "补办结"}).status_code == 302
        page = leader.get("/reports/months/2024-9/").content.decode()
    assert "补办结 · 涉及 1 件诉求" in page
    assert "现行第2版" in page
    with clock.at(player.now):
        second = leader.get("/reports/months/2024-9/2/").content.decode()
        assert changed.code in second
        assert "补办结" in second
        assert re.search(r"已化解</td>\s*<td[^>]*>1</a>.*?>2</a>.*?>\+1<", re.sub(r"<a [^>]*>", "", second), re.DOTALL)
        opened = figure_links(second)
        assert len(opened) > 20
        for link in opened:
            assert rows_behind(leader, link.url)[0] == link.figure, link
        first = leader.get("/reports/months/2024-9/1/").content.decode()
        assert changed.code not in first
        file = leader.get("/reports/months/2024-9/2/?format=csv").getvalue().decode()
        assert file.count("\r\n") == 2
        assert changed.code in file
        assert leader.get("/reports/months/2024-9/3/").status_code == 404
        for outsider in (player.district.township_clerk(), player.district.handler()):
            assert client_for(outsider).get("/reports/months/2024-9/2/").status_code == 403


def test_an_issue_reopened_later_leaves_what_was_closed_in_the_frozen_month(player: Player) -> None:
    freeze(player)
    player.day = LATER
    player.make_named(Issue.objects.get(outcome="resolved"), "reopen", note="复查未落实")
    with clock.at(player.now):
        refresh.refresh()
        changes = {one.name: one.change for one in frozen_month(SEPTEMBER, clock.today()).differences}
    assert changes["已化解"] == changes["本期办结：已化解"] == "-1"
    assert "收集录入" not in changes


def test_an_issue_of_an_earlier_month_closed_in_the_frozen_one_is_a_cause_when_it_is_reopened(player: Player) -> None:
    earlier = received(player, date(2024, 8, 20))
    player.day = date(2024, 9, 25)
    player.close(earlier)
    freeze(player)
    player.day = LATER
    player.make_named(Issue.objects.get(pk=earlier.pk), "reopen", note="复查未落实")
    with clock.at(player.now):
        made = freezing.month_revise(month=SEPTEMBER, reason="重启", actor=player.staff)
    assert list(made.issues.all()) == [earlier]


def listed(player: Player, query: str) -> int:
    """How many rows the page of a figure lists."""
    page = client_for(player.district.leader()).get(f"/dashboard/rows/?measure=received&{query}").content.decode()
    found = re.search(r'data-count="(\d+)"', page)
    assert found is not None
    return int(found[1])


def assert_agrees(player: Player, expected: int) -> None:
    """The frozen rows, the issues behind them and what changed since tell one story."""
    made = Freeze.objects.get()
    with clock.at(datetime(2024, 12, 2, 9, tzinfo=clock.SHANGHAI)):
        assert figures(frozen=True)[0] == listed(player, "month=2024-09&known=1") == expected
        refresh.refresh()
        assert not freezing.differs(made)
        assert not freezing.changed_since(made).exists()


def test_what_is_recorded_while_a_freeze_waits_its_turn_is_in_it_throughout(committed_db: None, player: Player) -> None:
    with other_connection() as holder, other_connection() as looker:
        with holder.transaction():
            holder.execute("SELECT pg_advisory_xact_lock(%s)", [refresh.LOCK_KEY])
            freezer = in_thread(lambda: freeze(player))
            Watch(looker).until_waiting("advisory")
            player.day = LATER  # recorded later than the freeze says it was made
            assert player.register(45).received_on == date(2024, 9, 20)
        freezer.join(SECONDS)
    assert_agrees(player, 3)


def test_a_freeze_waits_for_a_step_that_is_being_written_but_not_for_ever(
    committed_db: None, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            received(player, date(2024, 9, 6))  # recorded long before the freeze, committed after it was asked for
            written.set()
            assert go_on.wait(SECONDS)

    writer = in_thread(write)
    assert written.wait(SECONDS)
    monkeypatch.setattr(freezing, "LOG_WITHIN", "50ms")
    with pytest.raises(Conflict, match="暂时不能冻结"):
        freeze(player)
    assert not Freeze.objects.exists()
    monkeypatch.undo()
    with other_connection() as looker:
        freezer = in_thread(lambda: freeze(player))
        Watch(looker).until_waiting()
        go_on.set()
        for thread in (writer, freezer):
            thread.join(SECONDS)
    assert_agrees(player, 3)


def test_a_published_analysis_counts_who_was_writing_and_nobody_after(committed_db: None, player: Player) -> None:
    """As a freeze: a step recorded before the publication and committed after it was asked for is in its figures and in its rows."""
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            received(player, date(2024, 9, 6))
            written.set()
            assert go_on.wait(SECONDS)

    def publish() -> None:
        with clock.at(moment(10, 12)):
            analysis_publish_with_figures(
                unit=player.district.district, quarter=date(2024, 7, 1), version=0, text="平稳。", actor=player.staff
            )

    writer = in_thread(write)
    assert written.wait(SECONDS)
    with other_connection() as looker:
        publisher = in_thread(publish)
        Watch(looker).until_waiting()
        go_on.set()
        for thread in (writer, publisher):
            thread.join(SECONDS)
    received(player, date(2024, 9, 7))  # recorded before the publication, too, but written after it
    with clock.at(moment(10, 14)):
        client = client_for(player.district.leader())
        page = client.get("/analyses/2024-Q3/330602/").content.decode()
        link = next(one for one in figure_links(page) if "measure=received&" in one.url and "published=" in one.url)
        assert link.figure == "3"
        assert rows_behind(client, link.url) == ("3", 3)


def test_a_revision_waits_for_whoever_is_writing_at_one_of_its_causes(committed_db: None, player: Player) -> None:
    """Who writes takes the issue, then the log; so does a revision, or each would wait for the other."""
    freeze(player)
    changed = close_the_other(player)

    def revise() -> None:
        with clock.at(player.now):
            freezing.month_revise(month=SEPTEMBER, reason="补办结", actor=player.staff)

    with other_connection() as writer, other_connection() as looker:
        with writer.transaction():
            writer.execute("SELECT FROM casework_issue WHERE id = %s FOR UPDATE", [changed.pk])
            reviser = in_thread(revise)
            Watch(looker).until_waiting()
            writer.execute("LOCK TABLE casework_issueevent IN ROW EXCLUSIVE MODE")  # as a step that is written
        reviser.join(SECONDS)
    assert list(Freeze.objects.get(revision=2).issues.all()) == [changed]


def test_a_frozen_month_says_by_which_definitions_it_was_counted(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "versions_now", lambda: versions_now() | {"received": 1})
    assert freeze(player).version_of("received") == 1
    client = client_for(player.district.leader())
    with clock.at(moment(10, 14)):
        rows = client.get("/dashboard/rows/?measure=received&month=2024-09&known=1").content.decode()
        assert "口径第 1 版，2023年4月1日起" in rows
        assert "不予受理和已并案的不计。" in rows
        assert "口径后来改为第 2 版" in rows
        assert "口径第 2 版" in client.get("/dashboard/rows/?measure=received&month=2024-09").content.decode()
        page = client.get("/dashboard/?month=2024-09").content.decode()
        assert "口径：第 1 版" in page
        assert "不予受理和已并案的不计。" in page
        assert "不予受理、已并案和已作废的不计。" in client.get("/dashboard/?month=2024-09&live=1").content.decode()
        assert "口径</a>：第 1 版" in client.get("/reports/months/2024-9/").content.decode()
        appendix = dict(definitions(report_book("monthly", SEPTEMBER)))
    assert "2024年9月按冻结时的第1版" in appendix["收集录入"]
    assert "冻结时" not in appendix["已化解"]


def test_a_link_of_a_frozen_quarter_opens_what_its_months_counted(player: Player) -> None:
    freeze(player)
    close_the_other(player)
    client = client_for(player.district.leader())
    with clock.at(player.now):
        refresh.refresh()
        (row,) = results(client, period="quarter", start="2024-07-01", unit="330602", state="frozen")
        (live,) = results(client, period="quarter", start="2024-07-01", unit="330602")
        assert (row["resolved"], row["status"], row["revision"]) == (1, "mixed", 1)
        for shown in (row, live):
            for measure in ("received", "resolved", "open_at_end"):
                behind = results(client, shown["rows"].replace("measure=received", f"measure={measure}"))
                assert len(behind) == shown[measure], measure
        url = "/api/v1/rollups/rows/?period=quarter&start=2024-07-01&revisions="
        assert client.get(f"{url}0,0,2").status_code == 404
        for wrong in ("0,0,0,1", "x", "1&as_of=2024-10-01", "0,0,1&unit=rights"):
            assert client.get(url + wrong).status_code == 400, wrong
