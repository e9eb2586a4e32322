"""Departments' sheets as they come: columns mapped and checked, wrong and doubled rows told without repeating anybody's data."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from stdnum.cn import ric

from hardship.sensing.columns import checked_headings, mapping_problems, suggested
from hardship.sensing.keys import full_id, who
from hardship.sensing.reading import Reading, read_people
from hardship.sensing.sources import SOURCES
from tests.hardship.cast import WEDNESDAY
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors

MEDICAL = SOURCES["medical"]
HEADINGS = ["序号", "参保人姓名", "证件号码", "单位名称", "个人自付"]
MAPPING = {"name": "参保人姓名", "id_number": "证件号码", "employer": "单位名称", "self_paid": "个人自付"}
CHEN, LI = "330602198503121233", "330602197907084521"


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with clock.at(WEDNESDAY):
        yield


def checked(number: str) -> str:
    """The number with the check digit it must have."""
    return number[:-1] + ric.calc_check_digit(number)


def read(*rows: list[object]) -> Reading:
    return read_people(MEDICAL, MAPPING, HEADINGS, list(enumerate(rows, start=2)))


def test_a_row_becomes_a_person_with_facts() -> None:
    reading = read([1, "陈示例", checked(CHEN).lower(), "越城示例公司", "32,000.50"])
    [person] = reading.people
    assert (person.name, person.id_number, person.employer) == ("陈示例", checked(CHEN), "越城示例公司")
    assert person.facts == {"self_paid": Decimal("32000.50")}
    assert reading.problems == []


def test_a_number_of_fifteen_digits_is_the_same_person() -> None:
    old = CHEN[:6] + CHEN[8:17]
    assert full_id(old) == checked(CHEN)
    assert full_id(f" {old} ") == checked(CHEN)


def test_who_was_born_before_the_district_was_founded_has_a_number_too() -> None:
    assert full_id(checked(LI)) == checked(LI)


@pytest.mark.parametrize("typed", ["330602198513121233", "123", "33060219850312123", "不详", "330602198503121230X"])
def test_a_wrong_number_is_told_by_row_and_column_without_the_number(typed: str) -> None:
    reading = read([1, "陈示例", typed, "越城示例公司", 100])
    [problem] = reading.problems
    assert (problem.row, problem.heading) == (2, "证件号码")
    assert typed not in problem.reason
    assert reading.people == []


def test_a_number_the_spreadsheet_rounded_is_refused() -> None:
    [problem] = read([1, "陈示例", float(checked(CHEN)[:17] + "0"), "越城示例公司", 100]).problems
    assert "文本" in problem.reason


def test_the_same_row_twice_is_one_and_different_content_is_neither() -> None:
    same = [1, "陈示例", checked(CHEN), "越城示例公司", 100]
    reading = read(same, [2, *same[1:]])
    assert (len(reading.people), reading.repeated, reading.problems) == (1, 1, [])
    reading = read(same, [2, *same[1:4], 250], [3, "李示例", checked(LI), "越城示例公司", 5])
    assert [person.name for person in reading.people] == ["李示例"]
    assert [(problem.row, "同一个身份证号" in problem.reason) for problem in reading.problems] == [(2, True), (3, True)]
    assert "第 3 行" in reading.problems[0].reason


def test_two_of_one_name_in_one_firm_without_numbers_cannot_be_told_apart() -> None:
    reading = read([1, "陈示例", "", "越城示例公司", 1], [2, " 陈示例", None, "越城 示例公司", 1])
    assert reading.people == []
    assert all("分不清" in problem.reason for problem in reading.problems)


def test_nobody_can_be_known_by_a_name_alone() -> None:
    [problem] = read([1, "陈示例", "", "", 100]).problems
    assert "认不出是谁" in problem.reason


def test_headings_suggest_the_mapping_and_what_was_saved_goes_first() -> None:
    assert {name: heading for name, heading in suggested(MEDICAL, HEADINGS, {}).items() if heading} == MAPPING
    assert suggested(MEDICAL, HEADINGS, {"employer": "序号"})["employer"] == "序号"
    assert suggested(MEDICAL, HEADINGS, {"employer": "公司"})["employer"] == "单位名称"
    assert mapping_problems(MEDICAL, MAPPING, HEADINGS) == {}


def test_a_mapping_must_fit_the_sheet() -> None:
    problems = mapping_problems(MEDICAL, {"name": "序号", "employer": "序号"}, HEADINGS)
    assert set(problems) == {"employer", "self_paid"}
    assert set(mapping_problems(MEDICAL, {"self_paid": "没有的列"}, HEADINGS)) == {"name", "id_number", "self_paid"}


def test_a_sheet_without_headings_is_refused_before_anybody_is_kept_as_one() -> None:
    with pytest.raises(FieldErrors) as refused:
        checked_headings(["陈示例", checked(CHEN), "越城示例公司"])
    assert checked(CHEN) not in refused.value.fields["file"]
    with pytest.raises(FieldErrors, match="请检查"):
        checked_headings(["姓名", "姓名"])


def test_names_are_compared_without_width_and_spaces() -> None:
    assert who("陈 示例", "越城（示例）公司") == who("陈示例", "越城(示例) 公司")
    assert who("陈示例", " ") == ""
