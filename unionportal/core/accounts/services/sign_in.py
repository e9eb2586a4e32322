"""Sign-in and sign-out on the audit trail."""

from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common.scope import SYSTEM, Scope


def sign_in_record(*, user: User) -> None:
    """Somebody signed in."""
    record(actor=Scope(user_id=user.pk), action="session.sign_in", object_type="account", object_id=user.pk)


def sign_in_failure_record(*, username: str, locked: bool) -> None:
    """A sign-in was refused. What was typed is kept only where it is somebody's user name: it may have been a password."""
    user = User.objects.filter(username=username).first()
    record(
        actor=SYSTEM,
        action="session.locked" if locked else "session.sign_in_failed",
        object_type="account",
        object_id=user.pk if user else "unknown",
    )


def sign_out_record(*, actor: Scope) -> None:
    """Somebody signed out."""
    record(actor=actor, action="session.sign_out", object_type="account", object_id=actor.user_id)
