"""Tables of hardship files: the household and its people, the worksheet, the papers, and who looked."""

from hardship.models.files import FileCounter, FileMember, HardshipFile
from hardship.models.papers import FileLook, FilePaper
from hardship.models.worksheet import CategoryDecision, DisqualifierAnswer, IncomeLine

__all__ = [
    "CategoryDecision",
    "DisqualifierAnswer",
    "FileCounter",
    "FileLook",
    "FileMember",
    "FilePaper",
    "HardshipFile",
    "IncomeLine",
]
