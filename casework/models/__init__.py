"""Everything `casework` keeps. One file a behaviour; the rest of the project imports from here."""

from casework.models.answers import StandardAnswer
from casework.models.corrections import CorrectedText
from casework.models.issues import Category, Issue, IssueCounter, IssueEvent, IssueNote, RollupOutbox
from casework.models.notes import InternalNote, IssueFile, NoteMention, Watcher

__all__ = [
    "Category",
    "CorrectedText",
    "InternalNote",
    "Issue",
    "IssueCounter",
    "IssueEvent",
    "IssueFile",
    "IssueNote",
    "NoteMention",
    "RollupOutbox",
    "StandardAnswer",
    "Watcher",
]
