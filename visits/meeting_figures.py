"""Figures of the monthly meetings: how often each cadre, and each township union, took part."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

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
    return _attendance("person_id", year, cadres)


def unit_attendance(year: int, units: Collection[int] | None = None) -> dict[int, Attendance]:
    """The same of units that were asked as such: a township union came if anybody came for it."""
    return _attendance("unit_id", year, units)


def cadre_meetings(year: int, cadre: int) -> QuerySet[Participant]:
    """The rows behind a cadre's attendance, the earliest meeting first."""
    return _in_order(_asked(year).filter(person_id=cadre))


def unit_meetings(year: int, unit: int) -> QuerySet[Participant]:
    """Those behind a unit's."""
    return _in_order(_asked(year).filter(unit_id=unit))


def _in_order(rows: QuerySet[Participant]) -> QuerySet[Participant]:
    return rows.select_related("meeting__group").order_by("meeting__held_on", "pk")


def _asked(year: int) -> QuerySet[Participant]:
    """Who was asked to the meetings of a calendar year that were held."""
    return Participant.objects.filter(meeting__state=Meeting.State.CLOSED, meeting__held_on__year=year)


def _attendance(whose: str, year: int, wanted: Collection[int] | None) -> dict[int, Attendance]:
    rows = _asked(year)
    rows = rows.exclude(**{whose: None}) if wanted is None else rows.filter(**{f"{whose}__in": wanted})
    counts = {word: Count("pk", filter=Q(presence=word)) for word in ("present", "excused", "absent")}
    found = {
        row.pop(whose): Attendance(**row)
        for row in rows.order_by().values(whose).annotate(**counts).values(whose, *counts)
    }
    return {one: found.get(one, Attendance()) for one in wanted} if wanted is not None else found
