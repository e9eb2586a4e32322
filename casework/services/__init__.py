"""Writes to issues: one way in (`issue_register`), one way on (`issue_move`)."""

from casework.services.categories import category_update
from casework.services.intake import issue_register
from casework.services.moves import issue_move

__all__ = ["category_update", "issue_move", "issue_register"]
