"""Visits and journals, the monthly meetings that look at them, and the year's evaluation."""

from visits.models.agenda import AgendaItem, MeetingTask
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
    "Award",
    "Criterion",
    "EvaluationRound",
    "GroupMember",
    "IndicatorWeight",
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
    "Recusal",
    "Review",
    "Reviewer",
    "Score",
    "Visit",
    "VisitPhoto",
    "checks_answered",
    "field_of",
    "problem_words",
    "seen_words",
]
