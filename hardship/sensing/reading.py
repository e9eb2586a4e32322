"""The rows of a sheet as people with facts; what cannot be taken is told by row and column, never with the value: that is somebody's data."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hardship.sensing.keys import full_id, plain, who
from hardship.sensing.sources import PERSON_FIELDS, Source, Value
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import BadCell
from unionportal.core.common.phones import NOT_A_PHONE, is_phone, plain_phone

NAME_LENGTH, EMPLOYER_LENGTH = 30, 80


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, at which heading ("" for the row as a whole)."""

    row: int
    heading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """A row that can be taken. `id_number` has 18 digits, or is empty where the sheet has none."""

    row: int
    name: str
    id_number: str
    employer: str
    township: str
    phone: str
    facts: Mapping[str, Value]


@dataclass(slots=True)
class Reading:
    """What a sheet comes to. `repeated`: rows left out because they say the same once more."""

    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repeated: int = 0

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.problems})


def read_people(
    source: Source, mapping: Mapping[str, str], headings: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]]
) -> Reading:
    """Read every row by a mapping that fits the headings; the rows of one person who is there twice are problems unless they say the same."""
    places = {name: headings.index(heading) for name, heading in mapping.items() if heading}
    reading = Reading()
    for number, line in rows:
        problems: list[Problem] = []
        person = _person(source, mapping, places, number, line, problems)
        if problems:
            reading.problems.extend(problems)
        else:
            reading.people.append(person)
    _part_the_doubled(reading)
    reading.problems.sort(key=lambda problem: problem.row)
    return reading


def _person(
    source: Source,
    mapping: Mapping[str, str],
    places: Mapping[str, int],
    number: int,
    line: Sequence[Any],
    problems: list[Problem],
) -> Person:
    given: dict[str, Any] = {}
    for name, place in places.items():
        cell = line[place] if place < len(line) else None
        if not cells.plain_text(cell):
            continue
        try:
            given[name] = _read(source, name, cell)
        except BadCell as bad:
            problems.append(Problem(number, mapping[name], str(bad)))
    if not problems:
        problems.extend(_who_problems(mapping, number, given))
    facts = {fact.name: given[fact.name] for fact in source.facts if fact.name in given}
    person = {name: given.get(name, "") for name in PERSON_FIELDS}
    return Person(row=number, facts=facts, **person)


def _read(source: Source, name: str, cell: Any) -> Any:
    fact = source.fact(name)
    if fact is not None:
        return fact.read(cell)
    if name == "id_number":
        return _id_number(cells.text(40)(cell))
    if name == "phone":
        return _phone(cells.text(40)(cell))
    return cells.text(NAME_LENGTH if name == "name" else EMPLOYER_LENGTH)(cell)


def _id_number(typed: str) -> str:
    number = full_id(typed)
    if not number:
        raise BadCell("身份证号不对，请核对（18 位，旧的为 15 位）。")
    return number


def _phone(typed: str) -> str:
    if not is_phone(plain_phone(typed)):
        raise BadCell(NOT_A_PHONE)
    return plain_phone(typed)


def _who_problems(mapping: Mapping[str, str], number: int, given: Mapping[str, Any]) -> Iterator[Problem]:
    if not plain(given.get("name", "")):
        yield Problem(number, mapping["name"], "请填写姓名。")
    if not given.get("id_number") and not plain(given.get("employer", "")):
        heading = mapping.get("id_number") or mapping.get("employer", "")
        yield Problem(number, heading, "身份证号和工作单位至少要有一项，否则认不出是谁。")


def _part_the_doubled(reading: Reading) -> None:
    """People who are there twice: the same once more is left out; different content is for a person to clear up, and neither row is taken."""
    by_key: dict[str, list[Person]] = defaultdict(list)
    for person in reading.people:
        by_key[person.id_number or who(person.name, person.employer)].append(person)
    kept = []
    for same in by_key.values():
        first, *others = same
        if first.id_number and all(_content(other) == _content(first) for other in others):
            kept.append(first)
            reading.repeated += len(others)
        elif not others:
            kept.append(first)
        else:
            reading.problems.extend(_doubled(same))
    reading.people = sorted(kept, key=lambda person: person.row)


def _content(person: Person) -> tuple[Any, ...]:
    return plain(person.name), plain(person.employer), dict(person.facts)


def _doubled(same: Sequence[Person]) -> Iterator[Problem]:
    for person in same:
        others = "、".join(str(other.row) for other in same if other is not person)
        if person.id_number:
            why = f"与第 {others} 行是同一个身份证号而内容不同，请核对后合成一行。"
        else:
            why = f"与第 {others} 行同名、同单位，没有身份证号分不清是不是同一个人，请补上身份证号。"
        yield Problem(person.row, "", why)
