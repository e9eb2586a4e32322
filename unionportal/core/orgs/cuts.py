"""A part of the district's rows that figures are counted over."""

from dataclasses import dataclass
from datetime import date

from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Cut:
    """Whose rows, in which days (both included): the reader's reach, and a township's part of it."""

    scope: Scope
    first: date
    last: date
    township: Unit | None = None
