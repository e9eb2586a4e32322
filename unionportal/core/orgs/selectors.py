from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.common.spelled import Spelled
from unionportal.core.orgs.models import Enterprise, EnterpriseMove, Unit


def enterprises(scope: Scope) -> QuerySet[Enterprise]:
    """The enterprises a person may see, with their township."""
    return Enterprise.objects.visible_to(scope).select_related("township").defer("search_tokens")


def alike(enterprise: Enterprise) -> list[Enterprise]:
    """Other entries of the same name, neither merged already: perhaps one enterprise entered twice. For staff: not scoped."""
    if enterprise.merged_into_id is not None:
        return []
    same = Enterprise.objects.filter(pinyin_key=enterprise.pinyin_key, name=enterprise.name, merged_into=None)
    return list(same.exclude(pk=enterprise.pk).select_related("township").defer("search_tokens").order_by("pk")[:5])


_LEFT_LATER = Spelled(
    lambda enterprise_id, day: (
        EnterpriseMove.objects.filter(enterprise_id=enterprise_id, moved_on__gt=day)
        .order_by("moved_on")
        .values_list("from_township_id")[:1]
    ),
    enterprise_id=-1,
    day=date.min,
)


def township_on(enterprise: Enterprise, day: date) -> Unit:
    """Where the enterprise lay on a day: what it left with its first move after the day, else where it lies."""
    left = _LEFT_LATER.rows(enterprise_id=enterprise.pk, day=day)
    return Unit.objects.get(pk=left[0][0]) if left else enterprise.township


def enterprises_named(lines: Sequence[str], scope: Scope) -> list[Enterprise]:
    """The enterprises of a pasted list, one a line by name or credit code. FieldErrors at enterprises."""
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    visible = Enterprise.objects.visible_to(scope).defer("search_tokens")
    rows = visible.filter(Q(credit_code__in=[line.upper() for line in wanted]) | Q(name__in=wanted))
    found: dict[str, list[Enterprise]] = {}
    for row in rows:
        for key in (row.name, row.credit_code):
            found.setdefault(key, []).append(row)
    chosen = []
    for line in wanted:
        named = found.get(line) or found.get(line.upper()) or []
        if len(named) != 1:
            words = f"有 {len(named)} 家企业叫“{line}”，请写统一社会信用代码。" if named else f"没有找到“{line[:40]}”。"
            raise FieldErrors({"enterprises": words})
        chosen.append(named[0])
    return chosen


def townships() -> QuerySet[Unit]:
    """Townships in the order of their codes."""
    return Unit.objects.townships().order_by("code")


def unit_tree() -> list[tuple[int, Unit]]:
    """All units with their depth, parents before children, siblings by code. One query: the tree has tens of rows."""
    children: dict[int | None, list[Unit]] = {}
    for unit in Unit.objects.select_related("replaces").order_by("code"):
        children.setdefault(unit.parent_id, []).append(unit)
    rows: list[tuple[int, Unit]] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in children.get(parent, []):
            rows.append((depth, unit))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return rows
