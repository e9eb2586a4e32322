"""Everything `casework` keeps. One file a behaviour; the rest of the project imports from here."""

from casework.models.activities import (
    ActivityCounter,
    ActivityEnterprise,
    ActivityIssue,
    ActivityPhoto,
    ActivitySession,
    ActivityStep,
    ServiceActivity,
)
from casework.models.answers import StandardAnswer
from casework.models.consultations import Consultation, ConsultationParty, ConsultationTask
from casework.models.corrections import CorrectedText
from casework.models.issues import Category, Issue, IssueCounter, IssueEvent, IssueNote, RollupOutbox
from casework.models.mediations import (
    Mediation,
    MediationCounter,
    MediationHandover,
    MediationNote,
    MediationParty,
    MediationReveal,
    MediationSession,
    MediationStep,
)
from casework.models.notes import InternalNote, IssueFile, NoteMention, Watcher
from casework.models.papers import Paper, PaperCounter, PaperKind, PaperSeries, PaperSupervisor, Signer, Supervisor
from casework.models.public import (
    ConsentText,
    IssuePhoto,
    PublicAnswer,
    PublicCode,
    RateWindow,
    Reporter,
    ReporterReveal,
)
from casework.models.routing import RoutingRule
from casework.models.subissues import SubIssue
from casework.models.trackers import Tracker, TrackerField, TrackerValues

__all__ = [
    "ActivityCounter",
    "ActivityEnterprise",
    "ActivityIssue",
    "ActivityPhoto",
    "ActivitySession",
    "ActivityStep",
    "Category",
    "ConsentText",
    "Consultation",
    "ConsultationParty",
    "ConsultationTask",
    "CorrectedText",
    "InternalNote",
    "Issue",
    "IssueCounter",
    "IssueEvent",
    "IssueFile",
    "IssueNote",
    "IssuePhoto",
    "Mediation",
    "MediationCounter",
    "MediationHandover",
    "MediationNote",
    "MediationParty",
    "MediationReveal",
    "MediationSession",
    "MediationStep",
    "NoteMention",
    "Paper",
    "PaperCounter",
    "PaperKind",
    "PaperSeries",
    "PaperSupervisor",
    "PublicAnswer",
    "PublicCode",
    "RateWindow",
    "Reporter",
    "ReporterReveal",
    "RollupOutbox",
    "RoutingRule",
    "ServiceActivity",
    "Signer",
    "StandardAnswer",
    "SubIssue",
    "Supervisor",
    "Tracker",
    "TrackerField",
    "TrackerValues",
    "Watcher",
]
