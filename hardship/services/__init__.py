"""Writes to hardship files, one service an act."""

from hardship.services.files import file_edit, file_open, member_leave, member_save
from hardship.services.inputs import FileInput, MemberInput
from hardship.services.locking import file_for_update, require_live, step
from hardship.services.papers import consent_withdraw, paper_add, scan_open
from hardship.services.worksheets import category_decide, grounds_answer, line_add, line_remove

__all__ = [
    "FileInput",
    "MemberInput",
    "category_decide",
    "consent_withdraw",
    "file_edit",
    "file_for_update",
    "file_open",
    "grounds_answer",
    "line_add",
    "line_remove",
    "member_leave",
    "member_save",
    "paper_add",
    "require_live",
    "scan_open",
    "step",
]
