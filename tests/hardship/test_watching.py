"""The lists that watch over files: who stands on each and why, for whom, and that standing there changes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from hardship.models import FileProcess, FileStep, Grant, HardshipFile, MonthReading
from hardship.process import ORDER_LABELS
from hardship.progress import months, years
from hardship.queues import due_steps
from hardship.services.moves import Given, file_move
from hardship.services.watching import months_note
from hardship.tasks import note_months
from hardship.watching import WATCHES, Watch, find_watch, watched
from tests.hardship.cast import WEDNESDAY, Cast, id_number
from tests.hardship.money import batch, everything_paid, fund
from tests.hardship.sheets import MEDICAL, taken
from tests.hardship.test_leads import raised, verified
from tests.queries import queries_of
from unionportal.core.common import clock
from unionportal.core.common.months import month_end, shifted
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.services import parameter_set

NUMBER, OTHER = id_number(7), id_number(9)
TODAY = WEDNESDAY.date()


def watch(key: str) -> Watch:
    found = find_watch(key)
    assert found is not None
    return found


def on_list(cast: Cast, key: str, who: str = "aid") -> list[HardshipFile]:
    return list(watched(watch(key), cast.scope(who), TODAY))


def dated(file: HardshipFile, opened_on: date, closed_on: date | None = None) -> HardshipFile:
    HardshipFile.objects.filter(pk=file.pk).update(opened_on=opened_on, closed_on=closed_on)
    return file


def page_of(cast: Cast, key: str, who: str = "aid") -> str:
    answer = cast.client(who).get(reverse("hardship-watch", args=[key]))
    assert answer.status_code == 200
    return answer.content.decode()


def in_force(cast: Cast, since: date, renewed_on: date | None = None, **changes: Any) -> HardshipFile:
    """A file approved on a day, perhaps reviewed since, and waiting for its next review."""
    file = dated(cast.file_in("in_force", **changes), since)
    FileProcess.objects.create(
        file=file,
        order=next(iter(ORDER_LABELS)),
        applied_on=since,
        in_force_on=since,
        renewed_on=renewed_on,
        awaits="renew",
        due_on=shifted(renewed_on or since, 12),
    )
    return file


def test_who_is_due_for_review_on_the_list_and_on_the_workbench_alike(cast: Cast) -> None:
    due, near = in_force(cast, date(2023, 9, 3)), in_force(cast, date(2023, 10, 4))
    fresh, renewed = in_force(cast, date(2023, 10, 5)), in_force(cast, date(2022, 9, 3), renewed_on=date(2023, 9, 1))
    dated(cast.file(), date(2022, 1, 1))
    assert on_list(cast, "review") == [renewed, due, near]
    assert {row.file for row in due_steps(cast.scope("aid"), TODAY)} == {renewed, due, near}
    page = page_of(cast, "review")
    assert "应在 2024年9月3日 前复核，已到期" in page
    assert "应在 2024年10月4日 前复核" in page
    assert "上次审批或复核 2023年9月1日" in page
    parameter_set(key="hardship.renewal_notice_days", value=31, effective_on=TODAY, actor=SYSTEM)
    assert fresh in on_list(cast, "review")
    assert fresh in {row.file for row in due_steps(cast.scope("aid"), TODAY)}
    given = {"day": TODAY, "renewal": "yearly", "opinion": "仍需帮扶。"}
    actor = cast.scope("aid")
    file_move(code=renewed.code, action="renew", given=Given(**given), actor=actor, now=cast.now)
    assert renewed not in on_list(cast, "review")


def test_whose_data_changed_in_the_last_import(cast: Cast) -> None:
    file = cast.file(holder=cast.person(id_number=NUMBER))
    firm = cast.district.enterprise().name
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    assert on_list(cast, "changed") == [file]
    assert "大额医疗支出数据首次出现（2024年9月4日）" in page_of(cast, "changed")
    assert "32,000" not in page_of(cast, "changed")
    assert "部门数据变化" in cast.client("aid").get(reverse("hardship-file", args=[file.code])).content.decode()
    taken(cast, "medical", MEDICAL, ("李示例", OTHER, firm, "1"), now=cast.now + timedelta(days=1))
    assert on_list(cast, "changed") == []


def test_who_has_had_nothing_for_months(cast: Cast) -> None:
    helped, never, fresh = (cast.file_in("in_force") for _ in range(3))
    for file in (helped, never):
        dated(file, date(2023, 9, 1))
    everything_paid(cast, batch(cast, fund(cast), [helped]))
    dated(fresh, TODAY - timedelta(days=30))
    assert on_list(cast, "without-aid") == [never]
    assert "2023年9月1日建档，还没有发放过帮扶" in page_of(cast, "without-aid")
    Grant.objects.filter(file=helped).update(paid_on=date(2024, 2, 1))
    assert on_list(cast, "without-aid") == [never, helped]
    assert "上次帮扶 2024年2月1日" in page_of(cast, "without-aid")


def test_who_was_given_the_same_aid_twice(cast: Cast) -> None:
    twice, other_kind, once = (cast.file_in("in_force") for _ in range(3))
    money = fund(cast)
    first = everything_paid(cast, batch(cast, money, [twice, other_kind, once]))
    assert on_list(cast, "twice") == []
    everything_paid(cast, batch(cast, money, [twice]))
    everything_paid(cast, batch(cast, money, [other_kind], kind="living"))
    assert on_list(cast, "twice") == [twice]
    assert "送温暖在 25 天内发放了不止一次" in page_of(cast, "twice")
    Grant.objects.filter(file=twice, batch=first).update(paid_on=TODAY - timedelta(days=26))
    assert on_list(cast, "twice") == []


def test_six_months_above_the_line_are_a_suggestion(cast: Cast) -> None:
    above, below, short = (cast.file_in("in_force") for _ in range(3))
    for shift in range(-5, 1):
        for file, per_head in ((above, 2000), (below, 1200 if shift == -2 else 2000), (short, 2000)):
            if file is short and shift == -5:
                continue
            HardshipFile.objects.filter(pk=file.pk).update(per_head=Decimal(per_head))
        months_note(actor=SYSTEM, now=cast.now.replace(month=cast.now.month + shift))
        if shift == -5:
            MonthReading.objects.filter(file=short).delete()
    assert on_list(cast, "lift") == [above, below]  # 1200 is the line itself: not below it
    MonthReading.objects.filter(file=below, month=date(2024, 7, 1)).update(is_above=False)
    assert on_list(cast, "lift") == [above]
    assert "自 2024年4月 起连续 6 个月高于低保标准" in page_of(cast, "lift")
    above.refresh_from_db()
    assert above.state == "in_force"


def test_the_months_note_follows_the_worksheet_within_the_month_alone(cast: Cast) -> None:
    file = cast.file_in("in_force")
    HardshipFile.objects.filter(pk=file.pk).update(per_head=Decimal(500))
    assert note_months() == 1
    HardshipFile.objects.filter(pk=file.pk).update(per_head=Decimal(1500))
    assert note_months() == 1
    [reading] = MonthReading.objects.all()
    assert (reading.month, reading.per_head, reading.is_above) == (date(2024, 9, 1), Decimal(1500), True)
    with clock.at(cast.now + timedelta(days=30)):
        note_months()
    assert MonthReading.objects.count() == 2


def test_households_lifted_out_are_watched_for_a_relapse(cast: Cast) -> None:
    file = cast.file_in("lifted", holder=cast.person(id_number=NUMBER))
    dated(file, date(2023, 1, 1), date(2024, 3, 1))
    long_ago = dated(cast.file_in("lifted"), date(2021, 1, 1), date(2023, 9, 3))
    assert on_list(cast, "relapse") == [file]
    assert long_ago not in on_list(cast, "relapse")
    assert "2024年3月1日脱困，观察到 2025年3月1日" in page_of(cast, "relapse")
    raised(cast, id_number=NUMBER)
    verified(cast, raised(cast, id_number=NUMBER, cause="9"))
    assert "新线索 2 条" in page_of(cast, "relapse")


def test_progress_counts_households_at_each_months_end(cast: Cast) -> None:
    for *days, end in (
        (date(2023, 5, 2), None, ""),
        (date(2024, 6, 30), date(2024, 8, 31), "lift"),
        (date(2024, 6, 3), date(2024, 7, 15), "clear"),
    ):
        file = cast.file()
        for seq, (action, day) in enumerate(zip(("approve", end), days, strict=True), start=1):
            if day is not None:
                logged(file, seq, action, day)
    last = months(cast.scope("leader"), TODAY)[-5:]
    assert [(span.start.month, span.at_end, span.lifted) for span in last] == [
        (5, 1, 0), (6, 3, 0), (7, 2, 0), (8, 1, 1), (9, 1, 0),
    ]  # fmt: skip
    assert [(year.year, year.at_start, year.taken_in, year.at_end) for year in years(cast.scope("leader"), TODAY)] == [
        (2024, 1, 2, 1), (2023, 0, 1, 1),
    ]  # fmt: skip
    page = cast.client("leader").get(reverse("hardship-watches")).content.decode()
    assert "在档困难职工家庭，2023年5月至2024年9月" in page
    assert months(cast.scope("neighbour"), TODAY) == []


def test_who_was_turned_down_before_comes_in_for_the_first_time_and_who_was_lifted_again(cast: Cast) -> None:
    file = cast.file()
    steps = (("reject", 3), ("approve", 4), ("lift", 6), ("approve", 8))
    for seq, (action, month) in enumerate(steps, start=1):
        logged(file, seq, action, date(2024, month, 1))
    [year] = years(cast.scope("leader"), TODAY)
    assert (year.taken_in, year.taken_in_again, year.at_end) == (1, 1, 1)


def logged(file: HardshipFile, seq: int, action: str, day: date) -> None:
    """One line of a file's log."""
    FileStep.objects.create(
        file=file, seq=seq, round=1, action=action, level="district", happened_on=day, recorded_at=WEDNESDAY
    )


def test_everybody_reads_their_own_area_and_masks(cast: Cast) -> None:
    in_force(cast, date(2023, 1, 1), holder=cast.person(name="王示例甲"))
    assert on_list(cast, "review", "neighbour") == []
    assert "王示例甲" in page_of(cast, "review")
    assert "王示例甲" not in page_of(cast, "review", "leader")
    assert cast.client("cadre").get(reverse("hardship-watches")).status_code == 403
    assert cast.client("aid").get(reverse("hardship-watch", args=["none"])).status_code == 404


def test_a_list_costs_the_same_with_one_and_with_many(cast: Cast) -> None:
    addresses = [reverse("hardship-watches"), *(reverse("hardship-watch", args=[each.key]) for each in WATCHES)]

    def fill() -> None:
        in_force(cast, date(2023, 1, 1))
        dated(cast.file_in("lifted"), date(2023, 1, 1), date(2024, 3, 1))

    fill()
    few = [queries_of(cast.client("aid"), address) for address in addresses]
    for _ in range(6):
        fill()
    assert [queries_of(cast.client("aid"), address) for address in addresses] == few


def test_months_to_and_fro() -> None:
    assert shifted(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert shifted(date(2024, 1, 31), -2) == date(2023, 11, 30)
    assert month_end(date(2023, 2, 3)) == date(2023, 2, 28)
