"""Visits and journals, the monthly meetings that look at them, what is written once a quarter, and the library of practices."""

from visits.models.agenda import AgendaItem, MeetingTask
from visits.models.groups import GroupMember, MeetingGroup
from visits.models.meetings import Meeting, Participant
from visits.models.practices import Practice, PracticeFile, PracticeMark
from visits.models.quarterly import Analysis, AnalysisVersion, Reflection, ReflectionRemark
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
    "Analysis",
    "AnalysisVersion",
    "GroupMember",
    "Journal",
    "JournalReader",
    "JournalRemark",
    "Meeting",
    "MeetingGroup",
    "MeetingTask",
    "Participant",
    "Practice",
    "PracticeFile",
    "PracticeMark",
    "Reflection",
    "ReflectionRemark",
    "Visit",
    "VisitPhoto",
    "checks_answered",
    "field_of",
    "problem_words",
    "seen_words",
]
