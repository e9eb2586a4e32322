"""Rows of different sheets that are of one person: by ID number; by name and employer only where no two people can be meant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from hardship.models import SensedBatch, SensedRow
from hardship.sensing.keys import plain, who
from hardship.sensing.packing import unpacked
from hardship.sensing.reading import Person
from hardship.sensing.rules import Seen
from hardship.sensing.sources import SOURCES
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_day
from unionportal.core.common.sealed import fingerprints
from unionportal.core.orgs.models import Enterprise, Unit

T = TypeVar("T")
#: People looked up at a time: a condition holds as many hashes.
AT_ONCE = 500


def in_groups(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """At most AT_ONCE of them at a time."""
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row that is kept, opened. `taken_on`: the day its batch came in."""

    batch: int
    source: str
    taken_on: date
    person: Person

    @property
    def age(self) -> tuple[date, int]:
        return self.taken_on, self.batch

    @property
    def who(self) -> str:
        return who(self.person.name, self.person.employer)


@dataclass(slots=True)
class Known:
    """What all sheets say of one person. `weak`: rows that bear the name and the employer, without a number. `ambiguous`: several people do."""

    person: Person
    id_number: str = ""
    sure: list[Stored] = field(default_factory=list)
    weak: list[Stored] = field(default_factory=list)
    ambiguous: bool = False

    def rows(self) -> list[Stored]:
        """Those of the roster first, then the newest."""
        return sorted(
            [*self.sure, *self.weak],
            key=lambda row: (SOURCES[row.source].is_roster, row.age),
            reverse=True,
        )

    def seen(self) -> list[Seen]:
        """What the rules look at: of each source the newest row that is surely the person's, and the newest that may be."""
        found = []
        for rows, weak in ((self.sure, False), (self.weak, True)):
            newest = {row.source: row for row in sorted(rows, key=lambda row: row.age)}
            found.extend(
                Seen(row.source, row.person.facts, origin_words(row), weak, row.batch) for row in newest.values()
            )
        return found

    def first(self, name: str) -> str:
        """What the first row that says it says: the roster goes before."""
        return next((text for row in self.rows() if (text := getattr(row.person, name))), "")


def origin_words(row: Stored) -> str:
    """Which sheet: 大额医疗支出（2025年1月20日导入）."""
    return f"{SOURCES[row.source].label}（{zh_day(row.taken_on)}导入）"


def known_people(people: Sequence[Person]) -> Iterator[Known]:
    """Each person once with everything kept about them, in the order given; their own rows are saved already."""
    told: set[str] = set()
    for group in in_groups(people):
        by_id, by_who = _kept_rows(group)
        for person in group:
            known = _known(person, by_id, by_who)
            key = known.id_number or who(person.name, person.employer)
            if known.ambiguous or key not in told:
                told.add(key)
                yield known


def _known(person: Person, by_id: Mapping[str, list[Stored]], by_who: Mapping[str, list[Stored]]) -> Known:
    same_name = by_who.get(who(person.name, person.employer), [])
    numbers = {row.person.id_number for row in same_name if row.person.id_number}
    known = Known(person, person.id_number)
    if not person.id_number:
        known.ambiguous = len(numbers) > 1
        known.id_number = next(iter(numbers)) if len(numbers) == 1 else ""
    known.sure = list(by_id.get(known.id_number, [])) if known.id_number else []
    if numbers <= {known.id_number}:  # nobody else of that name works there
        known.weak = [row for row in same_name if not row.person.id_number]
    return known


def _kept_rows(people: Iterable[Person]) -> tuple[dict[str, list[Stored]], dict[str, list[Stored]]]:
    """The rows of batches still kept that share number, or name and employer, with any of the people; by both."""
    names = {who(person.name, person.employer) for person in people} - {""}
    by_name = _rows("who_find", [hash_ for name in names for hash_ in fingerprints(name, purpose="hardship.who")])
    numbers = {person.id_number for person in people} | {row.person.id_number for row in by_name}
    hashes = [hash_ for number in numbers - {""} for hash_ in fingerprints(number, purpose="hardship.id")]
    by_id: dict[str, list[Stored]] = defaultdict(list)
    by_who: dict[str, list[Stored]] = defaultdict(list)
    for row in _rows("id_find", hashes):
        by_id[row.person.id_number].append(row)
    for row in by_name:
        by_who[row.who].append(row)
    return by_id, by_who


def _rows(column: str, hashes: list[str]) -> list[Stored]:
    rows = SensedRow.objects.filter(batch__state=SensedBatch.State.TAKEN, **{f"{column}__in": hashes})
    return [
        Stored(
            row.batch_id,
            row.batch.source,
            clock.local_date(row.batch.taken_at or row.batch.uploaded_at),
            unpacked(row.number, row.opened("content")),
        )
        for row in rows.select_related("batch")
        if row.batch.taken_at is not None  # as the database holds of every batch that was taken
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, as far as the sheets say. `is_worker`: on the roster, or employed by an enterprise of the register."""

    township: Unit | None
    enterprise: Enterprise | None
    unit_name: str
    is_worker: bool


class Places:
    """Townships and enterprises by the names sheets use, read once an import."""

    def __init__(self) -> None:
        self._townships: dict[str, Unit] = {}
        for unit in Unit.objects.townships().active():
            for name in (unit.name, unit.short_name, unit.code):
                self._townships[plain(name)] = unit
        self._enterprises: dict[str, Enterprise | None] = {}
        for enterprise in Enterprise.objects.filter(is_active=True).only("pk", "name", "township_id"):
            name = plain(enterprise.name)
            self._enterprises[name] = None if name in self._enterprises else enterprise  # two of a name: neither

    def of(self, known: Known) -> Place:
        """Township by name, else where the enterprise is; both from the first row that says it."""
        employers = [(row.person.employer, self._enterprises.get(plain(row.person.employer))) for row in known.rows()]
        enterprise = next((found for _, found in employers if found is not None), None)
        township = next(
            (unit for row in known.rows() if (unit := self._townships.get(plain(row.person.township)))), None
        )
        if township is None and enterprise is not None:
            township = Unit.objects.get(pk=enterprise.township_id)
        on_roster = any(SOURCES[row.source].is_roster for row in known.rows())
        name = enterprise.name if enterprise is not None else known.first("employer")
        return Place(township, enterprise, name, on_roster or enterprise is not None)
