"""What the demo district writes once a quarter: reflections, analyses and the practices drawn from them, of the last two quarters.

Figures in the texts come from the selectors at the moment of writing; nothing is counted here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Any

from casework.models import Category
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import add_workdays
from unionportal.reporting.analyses.drafting import draft_text
from unionportal.reporting.analyses.publishing import analysis_publish_with_figures
from unionportal.reporting.analyses.sheet import read_sheet
from unionportal.reporting.demo.places import DISTRICT
from unionportal.reporting.demo.quarterly_wording import (
    ANALYSIS_CAUSES,
    ANALYSIS_PLANS,
    INSIGHTS,
    METHODS,
    NEXT_STEPS,
    PRACTICES,
    REMARKS,
    PlannedPractice,
)
from unionportal.reporting.demo.visiting import random_uuid
from unionportal.reporting.rollups.periods import QUARTER
from unionportal.reporting.rollups.refresh import refresh
from unionportal.reporting.selectors.people import cadre_line
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place
from visits.models import Analysis, Reflection
from visits.quarters import quarter_end
from visits.services.analyses import analysis_save
from visits.services.practices import (
    PracticeInput,
    practice_edit,
    practice_mark,
    practice_propose,
    practice_publish,
    practice_withdraw,
)
from visits.services.recommending import practice_recommend
from visits.services.reflections import reflection_comment, reflection_save, reflection_submit

Q3, Q4 = date(2024, 7, 1), date(2024, 10, 1)
CADRES = [f"cadre{number:02}" for number in range(1, 24)]
#: Of the last quarter: who is still writing, who has not begun; and how many analyses are out and begun.
WRITING, SILENT = ("cadre05", "cadre14", "cadre22"), ("cadre09", "cadre20")
LATE = {Q3: "cadre10", Q4: "cadre16"}
PUBLISHED, BEGUN = 9, 4

Happening = tuple[datetime, Callable[[Any, datetime], None], Any]


@dataclass
class QuarterPlayer:
    """Lets it happen through the services; `actor` gives a person's reach on a moment."""

    units: Mapping[str, Unit]
    users: Mapping[str, User]
    actor: Callable[[str, datetime], Scope]

    def __post_init__(self) -> None:
        self.rng = Random("demo:quarterly")

    def happenings(self) -> Iterator[Happening]:
        """Every moment, as the loader plays them."""
        for quarter in (Q3, Q4):
            yield from self._reflections(quarter)
            yield from self._analyses(quarter)
        for number, practice in enumerate(PRACTICES):
            day = add_workdays(quarter_end(practice.quarter), practice.workday).day
            yield _at(day, 15, number), self.propose, practice

    def _reflections(self, quarter: date) -> Iterator[Happening]:
        for number, cadre in enumerate(CADRES):
            if quarter == Q4 and cadre in SILENT:
                continue
            workday = 11 if LATE[quarter] == cadre else 2 + number % 7
            day = add_workdays(quarter_end(quarter), workday).day
            yield _at(day, 16, number), self.reflect, (quarter, cadre)
            if number % 2 == 0 and (quarter == Q3 or workday < 8):
                yield _at(add_workdays(day, 1).day, 9, number), self.remark, (quarter, cadre)

    def _analyses(self, quarter: date) -> Iterator[Happening]:
        places = [unit for unit in self.units.values() if unit.kind in (Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP)]
        places.sort(key=lambda unit: (unit.kind != Unit.Kind.DISTRICT, unit.code))
        wanted = places if quarter == Q3 else places[: PUBLISHED + BEGUN]
        for number, unit in enumerate(wanted):
            day = add_workdays(quarter_end(quarter), 7 + number % 3).day
            yield _at(day, 10, number), self.analyse, (quarter, unit, quarter == Q4 and number >= PUBLISHED)

    def reflect(self, what: tuple[date, str], at: datetime) -> None:
        """Written and handed in; of the last quarter some are still being written."""
        quarter, cadre = what
        line = cadre_line(self.users[cadre], Period(QUARTER, quarter), at.date())
        counts = line.issues.counts
        done = f"本季走访{line.visits.visits}次、企业{line.visits.enterprises}家，登记诉求{counts['received']}件，已化解{counts['resolved']}件。"
        texts = {
            "methods": f"{done}{self.rng.choice(METHODS)}",
            "insights": self.rng.choice(INSIGHTS),
            "next_steps": self.rng.choice(NEXT_STEPS),
        }
        writing = quarter == Q4 and cadre in WRITING
        if writing:
            texts["next_steps"] = ""
        act = reflection_save if writing else reflection_submit
        act(quarter=quarter, version=0, actor=self.actor(cadre, at), now=at, **texts)

    def remark(self, what: tuple[date, str], at: datetime) -> None:
        quarter, cadre = what
        row = Reflection.objects.get(quarter=quarter, cadre=self.users[cadre])
        if not row.is_open:
            text = self.rng.choice(REMARKS)
            reflection_comment(reflection_id=row.pk, text=text, actor=self.actor("leader", at), now=at)

    def analyse(self, what: tuple[date, Unit, bool], at: datetime) -> None:
        """The figures in words, a cause and a plan; published, or left as a draft."""
        quarter, unit, is_draft = what
        staff = self.actor("staff", at)
        refresh()
        place = Place(staff, unit, Period(QUARTER, quarter), at.date())
        drafted = draft_text(place, read_sheet(place).sheet)
        text = f"{drafted}\n{self.rng.choice(ANALYSIS_CAUSES)}\n{self.rng.choice(ANALYSIS_PLANS)}"
        act = analysis_save if is_draft else analysis_publish_with_figures
        act(unit=unit, quarter=quarter, version=0, text=text, actor=staff, now=at)

    def propose(self, planned: PlannedPractice, at: datetime) -> None:
        """Drawn from a text or written for the library; then what staff make of it, and who found it useful."""
        row = self._drawn(planned, at)
        staff = self.actor("staff", at)
        if planned.fate == "waits":
            return
        if planned.fate == "declined":
            practice_withdraw(practice_id=row.pk, version=row.version, reason=planned.reason, actor=staff, now=at)
            return
        row = practice_publish(practice_id=row.pk, version=row.version, actor=staff, now=at)
        for username in planned.useful_to:
            practice_mark(practice_id=row.pk, useful=True, actor=self.actor(username, at), now=at)

    def _drawn(self, planned: PlannedPractice, at: datetime) -> Any:
        uuid, staff = random_uuid(self.rng), self.actor("staff", at)
        said = PracticeInput(
            title=planned.title,
            summary=planned.summary,
            text=planned.text,
            tags=planned.tags,
            category=Category.objects.filter(code=planned.category).first(),
            township=self.units.get(planned.township) if planned.township != DISTRICT[0] else None,
        )
        if planned.source == "own":
            return practice_propose(uuid=uuid, practice=said, actor=self.actor(planned.by, at), now=at)
        source_id = self._source(planned)
        row = practice_recommend(
            uuid=uuid, source=planned.source, source_id=source_id, actor=self.actor(planned.by, at), now=at
        )
        return practice_edit(practice_id=row.pk, version=row.version, practice=said, actor=staff, now=at)

    def _source(self, planned: PlannedPractice) -> int:
        if planned.source == "analysis":
            return Analysis.objects.get(quarter=planned.quarter, unit__code=planned.township).pk
        return Reflection.objects.get(quarter=planned.quarter, cadre=self.users[planned.by]).pk


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute % 60), SHANGHAI)
