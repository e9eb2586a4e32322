"""Names of categories, kept for lists."""

from casework.models import Category
from unionportal.core.common.kept import KeptNames


def _load() -> dict[int, str]:
    return dict(Category.objects.values_list("pk", "name"))


category_names = KeptNames(_load)
