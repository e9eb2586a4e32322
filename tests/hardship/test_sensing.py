"""Sheets brought in by staff: sealed, taken whole or not at all, matched, judged by rules, gone after their time; never a decision."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from hardship.models import FileSignal, Lead, LeadReason, SensedBatch, SensedRow, SensingMapping, SensingRule
from hardship.services.lead_decisions import lead_dismiss
from hardship.services.sensing import batch_discard, batch_take, batches_purge, preview
from hardship.services.sensing_rules import rule_add, rule_end
from tests.hardship.cast import Cast, id_number
from tests.hardship.sheets import MEDICAL, ROSTER, taken, uploaded
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.scope import SYSTEM

NUMBER, OTHER = id_number(7), id_number(9)


@pytest.fixture
def firm(cast: Cast) -> str:
    """The name of an enterprise of 稽山街道 in the register."""
    return cast.district.enterprise().name


def reasons(lead: Lead) -> list[str]:
    return [row.opened("words") for row in LeadReason.objects.filter(lead=lead)]


def test_a_great_bill_raises_a_lead_that_says_why(cast: Cast, firm: str) -> None:
    batch = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"), ("李示例", OTHER, firm, "500"))
    lead = Lead.objects.get()
    assert (lead.origin, lead.cause, lead.match, lead.score, lead.state) == ("sensing", "6", "id", 60, "open")
    assert (lead.township, lead.enterprise.name, lead.opened("name"), lead.opened("id")) == (
        cast.jishan,
        firm,
        "王示例",
        NUMBER,
    )
    assert reasons(lead) == ["大额医疗支出（2024年9月4日导入）：个人自负金额 32,000.00 元，达到 20,000.00 元。"]
    assert batch.counts == {
        "people": 2, "repeated": 0, "left_out": 0, "leads": 1, "weak": 0, "known": 0, "signals": 0, "strangers": 0,
        "ambiguous": [], "placeless": [],
    }  # fmt: skip
    assert SensingMapping.objects.get().columns["self_paid"] == "个人自付"


def test_nothing_of_the_sheet_stands_in_clear(cast: Cast, firm: str) -> None:
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    for row in [
        *SensedRow.objects.values(),
        *SensedBatch.objects.values(),
        *Lead.objects.values(),
        *LeadReason.objects.values(),
    ]:
        told = " ".join(str(value) for value in row.values())
        assert NUMBER not in told
        assert "王示例" not in told
        assert "32000" not in told


def test_only_mapped_columns_are_kept(cast: Cast, firm: str) -> None:
    taken(cast, "medical", (*MEDICAL, "病种"), ("王示例", NUMBER, firm, "32000", "某病"))
    assert "某病" not in SensedRow.objects.get().opened("content")


def test_no_second_lead_while_one_is_open_nor_after_the_same_was_dismissed(cast: Cast, firm: str) -> None:
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    again = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"), ("李示例", OTHER, firm, "1"))
    assert (again.counts["leads"], again.counts["known"]) == (0, 1)
    lead_dismiss(code=Lead.objects.get().code, dismissal="helped", actor=cast.scope("aid"))
    third = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"), ("李示例", OTHER, firm, "2"))
    assert (third.counts["leads"], third.counts["known"]) == (0, 1)
    worse = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "61000"))
    assert worse.counts["leads"] == 1


def test_sheets_of_several_departments_speak_together(cast: Cast, firm: str) -> None:
    taken(
        cast, "school", ("姓名", "身份证号", "工作单位", "学费"), ("王示例", NUMBER, firm, "12000"), provider="区教体局"
    )
    assert not Lead.objects.exists()
    taken(cast, "minimum", ("姓名", "身份证号", "类别"), ("王示例", NUMBER, "低保边缘"), provider="区民政局")
    found = {lead.cause: lead for lead in Lead.objects.all()}
    assert set(found) == {"9", "10"}
    assert found["9"].score == 80
    assert len(reasons(found["9"])) == 2


def test_an_old_number_is_the_same_person(cast: Cast, firm: str) -> None:
    taken(cast, "roster", ROSTER, ("王示例", NUMBER, "某厂", "稽山街道"), provider="区总")
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER[:6] + NUMBER[8:17], "", "32000"))
    lead = Lead.objects.get()
    assert (lead.opened("id"), lead.match, lead.township, lead.unit_name) == (NUMBER, "id", cast.jishan, "某厂")


def test_a_match_by_name_and_employer_is_marked_as_weak(cast: Cast) -> None:
    taken(cast, "roster", ROSTER, ("王示例", NUMBER, "某厂", "富盛镇"), provider="区总")
    batch = taken(cast, "medical", MEDICAL, ("王示例", "", "某 厂", "32000"))
    lead = Lead.objects.get()
    assert (lead.match, lead.opened("id"), lead.township, batch.counts["weak"]) == ("who", NUMBER, cast.fusheng, 1)
    assert "只按姓名和单位对上" in reasons(lead)[0]


def test_a_name_that_two_bear_matches_neither(cast: Cast) -> None:
    taken(
        cast,
        "roster",
        ROSTER,
        ("王示例", NUMBER, "某厂", "富盛镇"),
        ("王示例", OTHER, "某厂", "富盛镇"),
        provider="区总",
    )
    batch = taken(cast, "medical", MEDICAL, ("王示例", "", "某厂", "32000"))
    assert not Lead.objects.exists()
    assert batch.counts["ambiguous"] == [2]


def test_who_is_no_worker_of_the_district_is_counted_only(cast: Cast, firm: str) -> None:
    batch = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, "外地公司", "32000"), ("李示例", OTHER, firm, "1"))
    assert (batch.counts["leads"], batch.counts["strangers"]) == (0, 1)


def test_a_worker_without_a_place_is_told_by_row(cast: Cast) -> None:
    taken(cast, "roster", ROSTER, ("王示例", NUMBER, "某厂", ""), provider="区总")
    batch = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, "某厂", "32000"))
    assert (batch.counts["leads"], batch.counts["placeless"]) == (0, [2])


def test_who_has_a_file_is_noticed_there_instead(cast: Cast, firm: str) -> None:
    file = cast.file(holder=cast.person(id_number=NUMBER))
    headings, day = ("姓名", "身份证号", "类别"), timedelta(days=1)
    first = taken(cast, "minimum", headings, ("王示例", NUMBER, "低保边缘"), provider="区民政局")
    assert (first.counts["leads"], first.counts["signals"]) == (0, 1)
    same = taken(
        cast,
        "minimum",
        headings,
        ("王示例", NUMBER, "低保边缘"),
        ("李示例", OTHER, "低保"),
        provider="区民政局",
        now=cast.now + day,
    )
    assert same.counts["signals"] == 0
    taken(cast, "minimum", headings, ("王示例", NUMBER, "低保"), provider="区民政局", now=cast.now + 2 * day)
    taken(cast, "minimum", headings, ("李示例", OTHER, "特困"), provider="区民政局", now=cast.now + 3 * day)
    told = FileSignal.objects.filter(file=file).order_by("noticed_on")
    assert [signal.kind for signal in told] == ["new", "changed", "gone"]
    assert not Lead.objects.exclude(cause="10").exists()


def test_nobody_has_gone_from_a_sheet_of_which_rows_were_left_out(cast: Cast, firm: str) -> None:
    file = cast.file(holder=cast.person(id_number=NUMBER))
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    rows = (("王示例", NUMBER, firm, "三万"), ("李示例", OTHER, firm, "40000"))
    later = taken(cast, "medical", MEDICAL, *rows, leave_out=True, now=cast.now + timedelta(days=1))
    assert later.counts["left_out"] == 1
    assert [signal.kind for signal in FileSignal.objects.filter(file=file)] == ["new"]


def test_who_has_a_file_gets_no_lead_by_the_name_alone_either(cast: Cast) -> None:
    cast.file(holder=cast.person(id_number=NUMBER))
    roster = taken(cast, "roster", ROSTER, ("王示例", NUMBER, "某厂", "富盛镇"), provider="区总")
    batch = taken(cast, "medical", MEDICAL, ("王示例", "", "某厂", "32000"))
    assert (roster.counts["signals"], batch.counts["leads"], batch.counts["signals"]) == (0, 0, 0)


def test_rows_with_problems_are_left_out_only_where_that_is_said(cast: Cast, firm: str) -> None:
    batch = uploaded(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"), ("李示例", "330602", firm, "40000"))
    shown = preview(batch)
    assert [(problem.row, problem.heading) for problem in shown.reading.problems] == [(3, "身份证号")]
    with pytest.raises(FieldErrors) as refused:
        batch_take(batch_uuid=batch.uuid, mapping=shown.mapping, actor=cast.scope("staff"))
    assert "1 行有问题" in refused.value.fields["leave_out"]
    batch.refresh_from_db()
    assert batch.state == "draft"
    assert not Lead.objects.exists()
    batch_take(batch_uuid=batch.uuid, mapping=shown.mapping, actor=cast.scope("staff"), leave_out=True, now=cast.now)
    assert Lead.objects.count() == 1


def test_other_columns_than_mapped_are_told_and_the_sheet_waits(cast: Cast, firm: str) -> None:
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "1"))
    batch = uploaded(cast, "medical", ("姓名", "号码", "厂", "自负"), ("王示例", NUMBER, firm, "32000"))
    assert set(preview(batch).problems) == {"id_number", "self_paid"}
    saved = SensingMapping.objects.get().columns
    with pytest.raises(FieldErrors) as refused:
        batch_take(batch_uuid=batch.uuid, mapping=saved, actor=cast.scope("staff"))
    assert "身份证号" in refused.value.fields["id_number"]
    chosen = {"name": "姓名", "id_number": "号码", "employer": "厂", "self_paid": "自负"}
    batch_take(batch_uuid=batch.uuid, mapping=chosen, actor=cast.scope("staff"), now=cast.now)
    assert Lead.objects.count() == 1


def test_the_same_file_twice_is_refused(cast: Cast, firm: str) -> None:
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    with pytest.raises(FieldErrors) as refused:
        uploaded(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    assert "已经导入过" in refused.value.fields["file"]


def test_a_sheet_that_is_none_is_refused(cast: Cast) -> None:
    for headings, rows in ((("王示例", NUMBER), [("李示例", OTHER)]), (MEDICAL, [])):
        with pytest.raises(FieldErrors) as refused:
            uploaded(cast, "medical", headings, *rows)
        assert list(refused.value.fields) == ["file"]
    assert not SensedBatch.objects.exists()


def test_raw_rows_go_after_their_time_and_the_lead_keeps_its_reason(cast: Cast, firm: str) -> None:
    batch = taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    draft = uploaded(cast, "medical", MEDICAL, ("李示例", OTHER, firm, "5"))
    assert batch.purge_on == cast.now.date() + timedelta(days=90)
    assert batches_purge(actor=SYSTEM, now=cast.now + timedelta(days=1)) == 1
    draft.refresh_from_db()
    assert draft.state == "discarded"
    assert batches_purge(actor=SYSTEM, now=cast.now + timedelta(days=90)) == 1
    assert batches_purge(actor=SYSTEM, now=cast.now + timedelta(days=90)) == 0
    batch.refresh_from_db()
    assert (batch.state, batch.digest_find, batch.purpose) == ("purged", "", "发现需要帮扶的职工")
    assert not SensedRow.objects.exists()
    assert "32,000.00" in reasons(Lead.objects.get())[0]


def test_a_sheet_nobody_wants_goes_at_once(cast: Cast, firm: str) -> None:
    batch = uploaded(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    batch_discard(batch_uuid=batch.uuid, actor=cast.scope("staff"))
    assert not SensedRow.objects.exists()
    with pytest.raises(InvalidTransition):
        batch_take(batch_uuid=batch.uuid, mapping={}, actor=cast.scope("staff"))


def test_only_staff_bring_sheets_in(cast: Cast, firm: str) -> None:
    batch = uploaded(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "32000"))
    for who in ("aid", "leader", "clerk", "cadre"):
        with pytest.raises(Forbidden):
            batch_take(batch_uuid=batch.uuid, mapping={}, actor=cast.scope(who))
    with pytest.raises(NotFound):
        batch_take(batch_uuid=uuid4(), mapping={}, actor=cast.scope("staff"))


def test_rules_are_ended_and_set_anew_never_rewritten(cast: Cast, firm: str) -> None:
    staff, today = cast.scope("staff"), cast.now.date()
    given = {
        "source": "medical",
        "fact": "self_paid",
        "comparison": "at_least",
        "weight": 60,
        "cause": "6",
        "start_on": today,
    }
    old = SensingRule.objects.get(value="20000")
    with pytest.raises(Conflict):
        rule_add(value="20,000.00", actor=staff, **given)
    rule_end(rule_id=old.pk, end_before=today, actor=staff)
    with pytest.raises(InvalidTransition):
        rule_end(rule_id=old.pk, end_before=today, actor=staff)
    rule_add(value="30000", actor=staff, **given)
    taken(cast, "medical", MEDICAL, ("王示例", NUMBER, firm, "25000"), ("李示例", OTHER, firm, "30000"))
    assert Lead.objects.get().opened("name") == "李示例"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": "roster"}, "source"),
        ({"fact": "level"}, "fact"),
        ({"comparison": "is"}, "comparison"),
        ({"value": "很多"}, "value"),
        ({"value": ""}, "value"),
        ({"weight": 0}, "weight"),
        ({"cause": "0"}, "cause"),
        ({"start_on": date(2024, 9, 3)}, "start_on"),
    ],
)
def test_a_rule_that_says_nothing_is_refused_at_its_field(cast: Cast, changes: dict[str, object], field: str) -> None:
    given = {
        "source": "medical", "fact": "self_paid", "comparison": "at_least", "value": "1", "weight": 5, "cause": "6",
        "start_on": cast.now.date(),
    }  # fmt: skip
    with pytest.raises(FieldErrors) as refused:
        rule_add(actor=cast.scope("staff"), **{**given, **changes})
    assert list(refused.value.fields) == [field]
