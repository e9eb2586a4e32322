"""Tables of hardship files: the household and its people, the worksheet, the papers, and who looked."""

from hardship.models.files import FileCounter, FileMember, HardshipFile
from hardship.models.leads import Lead, LeadCounter, LeadLook, LeadReason
from hardship.models.papers import FileLook, FilePaper
from hardship.models.privacy import ErasureCertificate, ErasureCounter, ProtectedBook
from hardship.models.sensing import FileSignal, SensedBatch, SensedRow, SensingMapping, SensingRule
from hardship.models.watch import MonthReading
from hardship.models.worksheet import CategoryDecision, DisqualifierAnswer, IncomeLine

__all__ = [
    "CategoryDecision",
    "DisqualifierAnswer",
    "ErasureCertificate",
    "ErasureCounter",
    "FileCounter",
    "FileLook",
    "FileMember",
    "FilePaper",
    "FileSignal",
    "HardshipFile",
    "IncomeLine",
    "Lead",
    "LeadCounter",
    "LeadLook",
    "LeadReason",
    "MonthReading",
    "ProtectedBook",
    "SensedBatch",
    "SensedRow",
    "SensingMapping",
    "SensingRule",
]
