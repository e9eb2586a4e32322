"""Everything `casework` keeps. One file a behaviour; the rest of the project imports from here."""

from casework.models.corrections import CorrectedText
from casework.models.issues import Category, Issue, IssueCounter, IssueEvent, IssueNote, RollupOutbox

__all__ = ["Category", "CorrectedText", "Issue", "IssueCounter", "IssueEvent", "IssueNote", "RollupOutbox"]
