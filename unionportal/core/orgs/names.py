"""Short names of units, kept for lists."""

from unionportal.core.common.kept import KeptNames
from unionportal.core.orgs.models import Unit


def _load() -> dict[int, str]:
    return dict(Unit.objects.values_list("pk", "short_name"))


unit_names = KeptNames(_load)
