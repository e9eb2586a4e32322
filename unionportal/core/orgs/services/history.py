"""The history of union facts: a row whenever one of them changes. Source: docs/domain.md, "Enterprises and organisations"."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, UnionFacts

#: Columns that a history row repeats.
FACTS = ("union_state", "union_members", "employees", "union_term_ends_on", "yearly_dues")


def facts_of(enterprise: Enterprise | UnionFacts) -> dict[str, Any]:
    """The union facts as they stand on the row."""
    return {name: getattr(enterprise, name) for name in FACTS}


def history_begin(enterprise: Enterprise, *, since: date | None, actor: Scope) -> None:
    """The first row of an enterprise that is registered now."""
    moment = clock.now()
    day = since or clock.local_date(moment)
    _check_day(day, None, clock.local_date(moment))
    _keep(enterprise, facts_of(enterprise), since=day, moment=moment, by=actor.user_id or None)


def history_go_on(enterprise: Enterprise, before: Mapping[str, Any], *, since: date | None, actor: Scope) -> None:
    """A row if a fact differs from `before`. Call with the enterprise locked. FieldErrors at `facts_since`."""
    if facts_of(enterprise) == before:
        return
    moment = clock.now()
    today = clock.local_date(moment)
    last = UnionFacts.objects.filter(enterprise=enterprise).order_by("-id").first()
    _check_day(since or today, last.since if last else None, today)
    if last is None:
        _keep(enterprise, before, since=None, moment=moment, by=None)
    _keep(enterprise, facts_of(enterprise), since=since or today, moment=moment, by=actor.user_id or None)


def _check_day(day: date, last: date | None, today: date) -> None:
    if day > today:
        raise FieldErrors({"facts_since": "变更日期不能晚于今天。"})
    if last is not None and day < last:
        raise FieldErrors({"facts_since": f"上一次变更在{zh_day(last)}，这次不能更早。"})


def _keep(
    enterprise: Enterprise, facts: Mapping[str, Any], *, since: date | None, moment: datetime, by: int | None
) -> None:
    UnionFacts.objects.create(enterprise=enterprise, since=since, recorded_at=moment, recorded_by_id=by, **facts)
