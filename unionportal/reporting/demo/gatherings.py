"""Lets the planned service activities happen through the services. Source: docs/demo.md."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casework.services.activities import activity_create, activity_move
from casework.services.activity_issues import issues_answer, issues_link
from casework.services.activity_sessions import guests_mark, session_add
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.reporting.demo.records import PlannedActivity, Step

Happening = tuple[datetime, Callable[[PlannedActivity, datetime], None], PlannedActivity]


@dataclass(slots=True)
class Gatherings:
    """The activities under way: their numbers, and which answers of issues name them."""

    units: Mapping[str, Unit]
    enterprises: Mapping[str, Enterprise]
    actor: Callable[[str, datetime], Scope]
    code_of: Callable[[UUID], str]
    codes: dict[UUID, str] = field(default_factory=dict)
    answering: dict[tuple[UUID, datetime], str] = field(default_factory=dict)

    def happenings(self, activities: list[PlannedActivity]) -> Iterator[Happening]:
        """What happens when, for the loader's time line."""
        for activity in activities:
            yield activity.planned_at, self._plan, activity
            if activity.held_at is not None and activity.ended_at is not None:
                yield activity.held_at, self._hold, activity
                yield activity.ended_at, self._end, activity

    def answer(self, uuid: UUID, version: int, step: Step, actor: Scope) -> bool:
        """Make an answer by the activity that the plan names for it; False where it names none."""
        code = self.answering.get((uuid, step.at))
        if code is None:
            return False
        (row,) = issues_answer(
            code=code, rows=[(self.code_of(uuid), version)], note=step.note, actor=actor, now=step.at
        )
        if not row.done:
            raise RuntimeError(f"{row.code}: {row.words}")
        return True

    def _plan(self, activity: PlannedActivity, at: datetime) -> None:
        actor = self.actor(activity.by, at)
        row = activity_create(
            uuid=activity.uuid,
            kind=activity.kind,
            title=activity.title,
            plan=activity.plan,
            organiser=self.units[activity.organiser],
            township=self.units[activity.township] if activity.township else None,
            planned_on=activity.sessions[0].day,
            budget=activity.budget,
            enterprises=[self.enterprises[code] for code in activity.guests],
            actor=actor,
            now=at,
        )
        self.codes[activity.uuid] = row.code
        if activity.held_at is None:
            for session in activity.sessions:
                session_add(
                    code=row.code, uuid=session.uuid, held_on=session.day, place=session.place, actor=actor, now=at
                )

    def _hold(self, activity: PlannedActivity, at: datetime) -> None:
        actor, code = self.actor(activity.by, at), self.codes[activity.uuid]
        for session in activity.sessions:
            session_add(
                code=code,
                uuid=session.uuid,
                held_on=session.day,
                place=session.place,
                attendance=session.attendance,
                cost=session.cost,
                leaflets=session.leaflets,
                actor=actor,
                now=at,
            )
        row = activity_move(code=code, action="hold", version=None, actor=actor, now=at)
        came = row.invited.filter(enterprise__credit_code__in=activity.came).values_list("pk", flat=True)
        guests_mark(code=code, invited_ids=list(came), version=None, actor=actor, now=at)
        if activity.issues:
            numbers = [self.code_of(issue.uuid) for issue in activity.issues]
            issues_link(code=code, issues=numbers, actor=actor, now=at)
        self.answering.update(dict.fromkeys(activity.answers, code))

    def _end(self, activity: PlannedActivity, at: datetime) -> None:
        activity_move(
            code=self.codes[activity.uuid],
            action="finish",
            version=None,
            text=activity.summary,
            actor=self.actor(activity.by, at),
            now=at,
        )
