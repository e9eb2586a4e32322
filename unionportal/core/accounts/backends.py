"""Who is signed in, with what every page asks about them, in one statement."""

from django.contrib.auth.backends import ModelBackend

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.notify.bell import BOUND
from unionportal.core.notify.models import Notification

#: Written by hand: it runs once a request, and the ORM would take longer to spell it than the database to answer.
_SIGNED_IN = f"""
    SELECT person.*,
           ARRAY(SELECT role || ' ' || unit_id FROM {RoleGrant._meta.db_table} WHERE user_id = person.id) AS held_grants,
           (SELECT count(*) FROM (SELECT FROM {Notification._meta.db_table} WHERE user_id = person.id AND read_at IS NULL LIMIT %s) bounded) AS unread
      FROM {User._meta.db_table} person
     WHERE person.id = %s
"""


class SignedInBackend(ModelBackend):
    """Reads the person of a session together with the roles they hold and the number of their unread notifications."""

    def get_user(self, user_id: int) -> User | None:
        """The person, unless disabled."""
        user = next(iter(User.objects.raw(_SIGNED_IN, [BOUND + 1, user_id])), None)
        return user if user is not None and self.user_can_authenticate(user) else None
