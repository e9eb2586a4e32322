"""Figures of the monthly meetings: how often each cadre took part."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q

from visits.models import Meeting, Participant

Presence = Participant.Presence


@dataclass(frozen=True, slots=True)
class Attendance:
    """月交流出勤 of one person over the meetings that were held: `numerator` over `denominator` prints as a rate."""

    present: int = 0
    excused: int = 0
    absent: int = 0

    @property
    def meetings(self) -> int:
        return self.present + self.excused + self.absent

    @property
    def rate(self) -> dict[str, int]:
        """Present out of all meetings the person was asked to, excused ones among them."""
        return {"numerator": self.present, "denominator": self.meetings}


def attendance(year: int, cadres: Collection[int] | None = None) -> dict[int, Attendance]:
    """Person id -> attendance at the closed meetings of a calendar year; of all who were asked, or of these (nobody of them is left out)."""
    rows = Participant.objects.filter(
        person__isnull=False, meeting__state=Meeting.State.CLOSED, meeting__held_on__year=year
    )
    if cadres is not None:
        rows = rows.filter(person_id__in=cadres)
    counts = {word: Count("pk", filter=Q(presence=word)) for word in ("present", "excused", "absent")}
    found = {
        row.pop("person_id"): Attendance(**row)
        for row in rows.order_by().values("person_id").annotate(**counts).values("person_id", *counts)
    }
    return {cadre: found.get(cadre, Attendance()) for cadre in cadres} if cadres is not None else found
