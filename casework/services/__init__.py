"""Writes to issues: one way in (`issue_register`), one way on (`issue_move`), one way to put a wrong entry right (`issue_correct`)."""

from casework.services.categories import category_create, category_update
from casework.services.correct import issue_correct
from casework.services.intake import issue_register
from casework.services.moves import issue_move

__all__ = ["category_create", "category_update", "issue_correct", "issue_move", "issue_register"]
