"""How the clock of a mediation stands, in calendar days. The portal only says that it ran out; a person says how the case ended."""

from datetime import date

from casework.clocks import Standing
from casework.models import Mediation
from unionportal.core.common.formats import count

#: So many days before the end the chip turns amber.
SOON_DAYS = 3


def standing(mediation: Mediation, today: date) -> Standing:
    """What is left of the days, or whether they were kept."""
    if mediation.ended_on is not None:
        late = (mediation.ended_on - mediation.due_on).days
        return Standing(
            mediation.due_on, f"逾期 {count(late)} 天" if late > 0 else "期限内结束", "late" if late > 0 else "ok"
        )
    return running(mediation.due_on, today)


def running(due_on: date, today: date) -> Standing:
    """Of a mediation that is not over."""
    left = (due_on - today).days
    if left < 0:
        return Standing(due_on, f"逾期 {count(-left)} 天", "late")
    words = f"剩 {count(left)} 天" if left else "今天到期"
    return Standing(due_on, words, "warn" if left <= SOON_DAYS else "idle")
