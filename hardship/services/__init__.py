"""Writes to hardship files, one service an act."""

from hardship.services.files import file_edit, file_open, household_problem, member_leave, member_save
from hardship.services.inputs import FileInput, MemberInput
from hardship.services.locking import file_for_update, require_live, step

__all__ = [
    "FileInput",
    "MemberInput",
    "file_edit",
    "file_for_update",
    "file_open",
    "household_problem",
    "member_leave",
    "member_save",
    "require_live",
    "step",
]
