"""Tables of hardship files: the household and its people, the worksheet, the papers, and who looked; money and services."""

from hardship.models.convenience import Allowance, OrderCounter, Provider, ServiceKind, ServiceOrder, ServicePrice
from hardship.models.files import FileCounter, FileMember, HardshipFile
from hardship.models.funds import Fund, LedgerAccount, LedgerEntry, LedgerLine, ReversalReason
from hardship.models.grants import (
    BankReturn,
    BatchCounter,
    BatchStep,
    Campaign,
    CampaignTarget,
    CapUse,
    Grant,
    GrantBatch,
    GrantCap,
    GrantReceipt,
    Repayment,
)
from hardship.models.papers import FileLook, FilePaper
from hardship.models.privacy import ErasureCertificate, ErasureCounter, ProtectedBook
from hardship.models.worksheet import CategoryDecision, DisqualifierAnswer, IncomeLine

__all__ = [
    "Allowance",
    "BankReturn",
    "BatchCounter",
    "BatchStep",
    "Campaign",
    "CampaignTarget",
    "CapUse",
    "CategoryDecision",
    "DisqualifierAnswer",
    "ErasureCertificate",
    "ErasureCounter",
    "FileCounter",
    "FileLook",
    "FileMember",
    "FilePaper",
    "Fund",
    "Grant",
    "GrantBatch",
    "GrantCap",
    "GrantReceipt",
    "HardshipFile",
    "IncomeLine",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLine",
    "OrderCounter",
    "ProtectedBook",
    "Provider",
    "Repayment",
    "ReversalReason",
    "ServiceKind",
    "ServiceOrder",
    "ServicePrice",
]
