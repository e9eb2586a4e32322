"""Writes on accounts, roles, postings, substitutions and tokens."""

from unionportal.core.accounts.services.accounts import (
    account_create,
    account_disable,
    account_enable,
    account_update,
    password_change,
    password_reset,
    shared_password_replace,
    sign_in_unlock,
)
from unionportal.core.accounts.services.first import administrators_missing, first_administrator_create
from unionportal.core.accounts.services.hints import hint_dismiss
from unionportal.core.accounts.services.postings import posting_create, posting_end, posting_hand_over
from unionportal.core.accounts.services.roles import role_grant, role_revoke
from unionportal.core.accounts.services.substitutions import substitution_create, substitution_end
from unionportal.core.accounts.services.tokens import token_create

__all__ = [
    "account_create",
    "account_disable",
    "account_enable",
    "account_update",
    "administrators_missing",
    "first_administrator_create",
    "hint_dismiss",
    "password_change",
    "password_reset",
    "posting_create",
    "posting_end",
    "posting_hand_over",
    "role_grant",
    "role_revoke",
    "shared_password_replace",
    "sign_in_unlock",
    "substitution_create",
    "substitution_end",
    "token_create",
]
