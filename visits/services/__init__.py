"""Writes of visits and journals. Page, API, command and demo loader call these and nothing else."""

from visits.services.inputs import MAX_ISSUES, MAX_PHOTOS, IssueInput, VisitInput
from visits.services.journals import journal_open, journal_save, journal_submit
from visits.services.visits import visit_edit, visit_log

__all__ = [
    "MAX_ISSUES",
    "MAX_PHOTOS",
    "IssueInput",
    "VisitInput",
    "journal_open",
    "journal_save",
    "journal_submit",
    "visit_edit",
    "visit_log",
]
