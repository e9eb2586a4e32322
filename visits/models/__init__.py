"""Visits and journals, the plans before them, and the monthly meetings that look at them."""

from visits.models.activity_visits import ActivityVisit
from visits.models.agenda import AgendaItem, MeetingTask
from visits.models.checklists import Checklist, ChecklistItem, ChecklistVersion, Sheet, SheetAnswer
from visits.models.groups import GroupMember, MeetingGroup
from visits.models.meetings import Meeting, Participant
from visits.models.plans import CalendarFeed, PlannedVisit
from visits.models.visits import (
    Journal,
    JournalReader,
    JournalRemark,
    Visit,
    VisitPhoto,
    checks_answered,
    field_of,
    problem_words,
    seen_words,
)

__all__ = [
    "ActivityVisit",
    "AgendaItem",
    "CalendarFeed",
    "Checklist",
    "ChecklistItem",
    "ChecklistVersion",
    "GroupMember",
    "Journal",
    "JournalReader",
    "JournalRemark",
    "Meeting",
    "MeetingGroup",
    "MeetingTask",
    "Participant",
    "PlannedVisit",
    "Sheet",
    "SheetAnswer",
    "Visit",
    "VisitPhoto",
    "checks_answered",
    "field_of",
    "problem_words",
    "seen_words",
]
