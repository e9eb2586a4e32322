"""Reads of checklists: which are offered, what was answered on visits, the days of a stay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from unionportal.core.common.kept import Kept
from visits.models import Checklist, ChecklistItem, ChecklistVersion, Journal, Sheet, SheetAnswer, Visit
from visits.models.checklists import CHOICES, FINDING_ANSWERS, FINDINGS
from visits.services.inputs import ChecklistInput


@dataclass(frozen=True, slots=True)
class SheetView:
    """A checklist as it was answered, for a page: `groups` of (name, answers)."""

    sheet: Sheet
    groups: list[tuple[str, list[SheetAnswer]]]
    findings: int

    @property
    def name(self) -> str:
        return self.sheet.checklist_version.checklist.name

    @property
    def findings_words(self) -> str:
        return findings_words(self.findings)


@dataclass(frozen=True, slots=True)
class StayDay:
    """A day of a stay: its log where there is one, and whether the reader may write it now."""

    day: date
    log: SheetView | None
    may_write: bool


def offered(kind: str, on: date) -> list[ChecklistVersion]:
    """The checklists of a kind of visit as they hold on a day, those of single days left out."""
    rows = ChecklistVersion.objects.in_force(on).filter(checklist__kind=kind, checklist__daily=False)
    return list(rows)


def _load_kinds() -> frozenset[str]:
    return frozenset(Checklist.objects.values_list("kind", flat=True))


#: The kinds of visit that have a checklist, in use or not.
kinds_with_checklists: Kept[frozenset[str]] = Kept(_load_kinds)


def findings_words(number: int) -> str:
    """不符合 3 项."""
    return f"不符合 {number} 项"


def findings(visit_ids: list[UUID]) -> dict[UUID, int]:
    """Visit id -> how many items of its checklist were found wrong; visits without a checklist are missing. One query, none for none."""
    if not visit_ids:
        return {}
    wrong = Q(answers__value__in=FINDINGS, answers__item__answer__in=FINDING_ANSWERS)
    rows = Sheet.objects.filter(visit__in=visit_ids, day=None).order_by()
    return dict(rows.annotate(wrong=Count("answers", filter=wrong)).values_list("visit_id", "wrong"))


def sheets_of(visits: Iterable[Visit]) -> dict[UUID, Sheet]:
    """Visit id -> its checklist with answers. Two queries for any number of visits."""
    rows = _whole().filter(visit__in=[visit.pk for visit in visits], day=None)
    return {sheet.visit_id: sheet for sheet in rows}


def both_sheets(visit: Visit, wanted: ChecklistInput | None) -> list[tuple[str, str, str]]:
    """Item by item what the visit's checklist says and what somebody typed instead: (item, stored, typed)."""
    sheet = sheets_of([visit]).get(visit.pk)
    stored = {answer.item.text: _said(answer.item, answer.value) for answer in sheet.answers.all()} if sheet else {}
    items = ChecklistItem.objects.filter(checklist_version=wanted.version) if wanted else ()
    typed = {item.text: _said(item, wanted.answers.get(item.code, "")) for item in items if wanted}
    return [(label, stored.get(label, ""), typed.get(label, "")) for label in {**stored, **typed}]


def _said(item: ChecklistItem, value: str) -> str:
    """An answer in words; what is typed may be anything yet."""
    return dict(CHOICES.get(item.answer, ())).get(value, value)


def sheet_views(visit: Visit) -> tuple[SheetView | None, dict[date, SheetView]]:
    """The checklist of a visit, and the day logs of a stay by day."""
    whole: SheetView | None = None
    days = {}
    for sheet in _whole().filter(visit=visit):
        view = _view(sheet)
        if sheet.day is None:
            whole = view
        else:
            days[sheet.day] = view
    return whole, days


def stay_days(visit: Visit, logs: dict[date, SheetView], *, today: date, closed: set[tuple[int, int]]) -> list[StayDay]:
    """The days of a stay up to now, the newest first. `closed`: ISO weeks whose journal was handed in."""
    if visit.ends_on is None:
        return []
    length = (min(visit.ends_on, today) - visit.visited_on).days + 1
    days = [visit.visited_on + timedelta(days=number) for number in range(length)]
    return [StayDay(day, logs.get(day), tuple(day.isocalendar()[:2]) not in closed) for day in reversed(days)]


def closed_weeks(visit: Visit) -> set[tuple[int, int]]:
    """The ISO weeks of the visit's cadre whose journal was handed in, as far as a stay touches them."""
    years = {visit.visited_on.isocalendar().year, (visit.ends_on or visit.visited_on).isocalendar().year}
    rows = Journal.objects.handed_in().filter(cadre_id=visit.cadre_id, iso_year__in=years)
    return set(rows.values_list("iso_year", "iso_week"))


def _whole() -> QuerySet[Sheet]:
    answers = SheetAnswer.objects.select_related("item").order_by("item__position", "id")
    return Sheet.objects.select_related("checklist_version__checklist").prefetch_related(Prefetch("answers", answers))


def _view(sheet: Sheet) -> SheetView:
    answers = list(sheet.answers.all())
    groups = [(name, list(rows)) for name, rows in groupby(answers, key=lambda answer: answer.item.group)]
    return SheetView(sheet, groups, sum(answer.is_finding for answer in answers))
