"""Visits and journals, the plans before them, the checklists and meetings around them, and what is written of a quarter and a year."""

from visits.models.activity_visits import ActivityVisit
from visits.models.agenda import AgendaItem, MeetingTask
from visits.models.checklists import (
    Checklist,
    ChecklistItem,
    ChecklistVersion,
    ItemAnswer,
    Sheet,
    SheetAnswer,
    StationUse,
)
from visits.models.evaluations import Criterion, EvaluationRound, IndicatorWeight, KeptIndicator, Reviewer
from visits.models.groups import GroupMember, MeetingGroup
from visits.models.meetings import Meeting, Participant
from visits.models.nominations import (
    Award,
    Nomination,
    NominationAuthor,
    NominationFile,
    Recusal,
    Review,
    Score,
)
from visits.models.plans import CalendarFeed, PlannedVisit
from visits.models.practices import Practice, PracticeFile, PracticeMark
from visits.models.quarterly import Analysis, AnalysisVersion, Reflection, ReflectionRemark
from visits.models.totals import VisitTotal
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
    "Analysis",
    "AnalysisVersion",
    "Award",
    "CalendarFeed",
    "Checklist",
    "ChecklistItem",
    "ChecklistVersion",
    "Criterion",
    "EvaluationRound",
    "GroupMember",
    "IndicatorWeight",
    "ItemAnswer",
    "Journal",
    "JournalReader",
    "JournalRemark",
    "KeptIndicator",
    "Meeting",
    "MeetingGroup",
    "MeetingTask",
    "Nomination",
    "NominationAuthor",
    "NominationFile",
    "Participant",
    "PlannedVisit",
    "Practice",
    "PracticeFile",
    "PracticeMark",
    "Recusal",
    "Reflection",
    "ReflectionRemark",
    "Review",
    "Reviewer",
    "Score",
    "Sheet",
    "SheetAnswer",
    "StationUse",
    "Visit",
    "VisitPhoto",
    "VisitTotal",
    "checks_answered",
    "field_of",
    "problem_words",
    "seen_words",
]
