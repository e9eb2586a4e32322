"""Writes of visits and journals. Page, API, command and demo loader call these and nothing else."""

from visits.services.inputs import (
    MAX_ISSUES,
    MAX_PHOTOS,
    ChecklistInput,
    IssueInput,
    PhotoFacts,
    PhotoInput,
    VisitInput,
)
from visits.services.journals import journal_open, journal_save, journal_submit
from visits.services.photos import visit_photo_add, visit_photo_forget
from visits.services.reminding import remind_of_journals
from visits.services.reviewing import journal_approve, journal_remark, journal_return, journal_seen
from visits.services.sheets import day_log_save
from visits.services.visits import visit_edit, visit_log

__all__ = [
    "MAX_ISSUES",
    "MAX_PHOTOS",
    "ChecklistInput",
    "IssueInput",
    "PhotoFacts",
    "PhotoInput",
    "VisitInput",
    "day_log_save",
    "journal_approve",
    "journal_open",
    "journal_remark",
    "journal_return",
    "journal_save",
    "journal_seen",
    "journal_submit",
    "remind_of_journals",
    "visit_edit",
    "visit_log",
    "visit_photo_add",
    "visit_photo_forget",
]
