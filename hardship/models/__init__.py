"""Tables of hardship files: the household and its people, the worksheet, the papers, who looked; the process, its publicity and the plan."""

from hardship.models.files import FileCounter, FileMember, HardshipFile
from hardship.models.papers import FileLook, FilePaper
from hardship.models.plans import Measure, MeasureKind
from hardship.models.privacy import ErasureCertificate, ErasureCounter, ProtectedBook
from hardship.models.process import FileOpinion, FileProcess, FileStep, HomeSurvey, SurveyPhoto
from hardship.models.publicity import Objection, ObjectionReveal, ProposedAid, PublicityEntry, PublicityList
from hardship.models.worksheet import CategoryDecision, DisqualifierAnswer, IncomeLine

__all__ = [
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
    "FileStep",
    "HardshipFile",
    "HomeSurvey",
    "IncomeLine",
    "Measure",
    "MeasureKind",
    "Objection",
    "ObjectionReveal",
    "ProposedAid",
    "ProtectedBook",
    "PublicityEntry",
    "PublicityList",
    "SurveyPhoto",
]
