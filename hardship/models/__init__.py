"""Tables of hardship files: the household and its people, the worksheet, the papers, and who looked."""

from hardship.models.convenience import (
    Allowance,
    OrderCounter,
    Provider,
    ServiceKind,
    ServiceOrder,
    ServicePrice,
)
from hardship.models.files import (
    FileCounter,
    FileMember,
    HardshipFile,
)
from hardship.models.funds import (
    Fund,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    ReversalReason,
)
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
from hardship.models.leads import (
    Lead,
    LeadCounter,
    LeadLook,
    LeadReason,
)
from hardship.models.papers import (
    FileLook,
    FilePaper,
)
from hardship.models.plans import (
    Measure,
    MeasureKind,
)
from hardship.models.privacy import (
    ErasureCertificate,
    ErasureCounter,
    ProtectedBook,
)
from hardship.models.process import (
    FileOpinion,
    FileProcess,
    FileStep,
    HomeSurvey,
    SurveyPhoto,
)
from hardship.models.publicity import (
    Objection,
    ObjectionReveal,
    ProposedAid,
    PublicityEntry,
    PublicityList,
)
from hardship.models.sensing import (
    FileSignal,
    SensedBatch,
    SensedRow,
    SensingMapping,
    SensingRule,
)
from hardship.models.watch import (
    MonthReading,
)
from hardship.models.worksheet import (
    CategoryDecision,
    DisqualifierAnswer,
    IncomeLine,
)

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
    "FileOpinion",
    "FilePaper",
    "FileProcess",
    "FileSignal",
    "FileStep",
    "Fund",
    "Grant",
    "GrantBatch",
    "GrantCap",
    "GrantReceipt",
    "HardshipFile",
    "HomeSurvey",
    "IncomeLine",
    "Lead",
    "LeadCounter",
    "LeadLook",
    "LeadReason",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLine",
    "Measure",
    "MeasureKind",
    "MonthReading",
    "Objection",
    "ObjectionReveal",
    "OrderCounter",
    "ProposedAid",
    "ProtectedBook",
    "Provider",
    "PublicityEntry",
    "PublicityList",
    "Repayment",
    "ReversalReason",
    "SensedBatch",
    "SensedRow",
    "SensingMapping",
    "SensingRule",
    "ServiceKind",
    "ServiceOrder",
    "ServicePrice",
    "SurveyPhoto",
]
