"""The monthly note of every file in force: income per head against the line. What the list 可能脱困 counts."""

from datetime import datetime

from django.db import transaction

from hardship.models import HardshipFile, MonthReading
from hardship.recommending import rules_on
from hardship.workflow import State
from unionportal.core.common import clock
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope


@transaction.atomic
def months_note(*, actor: Scope, now: datetime | None = None) -> int:
    """Note the running month of every file in force with a worksheet, over what was noted earlier in the month; earlier months stay.
    Returns how many files. May run twice, or beside itself."""
    require(actor, "watch.note")
    today = clock.local_date(now or clock.now())
    rules = rules_on(today)
    readings = [
        MonthReading(
            file_id=pk,
            month=today.replace(day=1),
            per_head=per_head,
            line=rules.line,
            is_above=not rules.within(per_head, rules.line),
        )
        for pk, per_head in HardshipFile.objects.filter(state=State.IN_FORCE).values_list("pk", "per_head")
        if per_head is not None
    ]
    MonthReading.objects.bulk_create(
        readings,
        update_conflicts=True,
        unique_fields=["file", "month"],
        update_fields=["per_head", "line", "is_above"],
    )
    return len(readings)
