"""催办 of mediations: whoever mediates, and staff, are told as the days of the law run out, and once they have. Source: docs/domain.md, "Mediation".

As `casework.services.sweeps`: a row is claimed by one UPDATE that says what it was, so a second run finds nothing to tell.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from casework.mediation_clock import SOON_DAYS
from casework.mediation_workflow import RUNNING_STATES
from casework.models import Mediation
from casework.services.sweeps import BATCH, may_disturb
from casework.telling import tell_of_mediation_clock
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.workcal.days import add_workdays


def remind_of_mediations(*, now: datetime | None = None) -> int:
    """Tell once before a running mediation's last day and once after it; prolonged, it is told anew. How many were told of."""
    moment = now or clock.now()
    if not may_disturb(moment):
        return 0
    today = clock.local_date(moment)
    running = Q(state__in=RUNNING_STATES)
    over = running & Q(due_on__lt=today) & _not_yet("late_told_of")
    near = running & Q(due_on__range=(today, _near(today))) & _not_yet("soon_told_of")
    return _tell(over, "late_told_of", moment) + _tell(near, "soon_told_of", moment)


def _not_yet(mark: str) -> Q:
    return Q(**{f"{mark}__isnull": True}) | ~Q(**{mark: F("due_on")})


def _near(today: date) -> date:
    """The latest last day that is told of today: so many days ahead, and what ends on days off before anybody is disturbed again."""
    return max(today + timedelta(days=SOON_DAYS), add_workdays(today, 1).day - timedelta(days=1))


def _tell(wanted: Q, mark: str, moment: datetime) -> int:
    found = Mediation.objects.filter(wanted).order_by("due_on", "pk").values_list("pk", flat=True)[:BATCH]
    return sum(_claim(pk, wanted, mark, moment) for pk in list(found))


@transaction.atomic
def _claim(pk: int, wanted: Q, mark: str, moment: datetime) -> bool:
    """Mark the case if it is still as it was found, and tell. False where somebody was faster, or it is over meanwhile."""
    if Mediation.objects.filter(wanted, pk=pk).update(**{mark: F("due_on")}) != 1:
        return False
    mediation = Mediation.objects.select_related("issue__category", "issue__township").get(pk=pk)
    late = mark == "late_told_of"
    record(
        actor=SYSTEM,
        action="mediation.remind",
        object_type="mediation",
        object_id=mediation.number,
        due_on=mediation.due_on.isoformat(),
        late=late,
    )
    tell_of_mediation_clock(mediation, late=late, now=moment)
    return True
