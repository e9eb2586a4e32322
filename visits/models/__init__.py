"""Visits and journals, the plans before them, and the monthly meetings that look at them."""

from visits.models.agenda import AgendaItem, MeetingTask
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
    "AgendaItem",
    "CalendarFeed",
    "GroupMember",
    "Journal",
    "JournalReader",
    "JournalRemark",
    "Meeting",
    "MeetingGroup",
    "MeetingTask",
    "Participant",
    "PlannedVisit",
    "Visit",
    "VisitPhoto",
    "checks_answered",
    "field_of",
    "problem_words",
    "seen_words",
]
