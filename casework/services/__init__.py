"""Writes to issues: one way in (`issue_register`), one way on (`issue_move`), one way to put a wrong entry right (`issue_correct`);
the public's own in `public`."""

from casework.services.categories import category_create, category_update
from casework.services.codes import Place, code_close, code_create, code_reopen, consent_publish
from casework.services.correct import issue_correct
from casework.services.intake import issue_register
from casework.services.moves import issue_move
from casework.services.public import report_submit, result_rate
from casework.services.reporters import ReporterInput, reporter_reveal, track_link_renew

__all__ = [
    "Place",
    "ReporterInput",
    "category_create",
    "category_update",
    "code_close",
    "code_create",
    "code_reopen",
    "consent_publish",
    "issue_correct",
    "issue_move",
    "issue_register",
    "report_submit",
    "reporter_reveal",
    "result_rate",
    "track_link_renew",
]
