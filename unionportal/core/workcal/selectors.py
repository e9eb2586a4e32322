"""The calendar for its pages: which years are known and from where, and a year day by day."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar import constants as published

from unionportal.core.common import clock
from unionportal.core.workcal.days import LIBRARY_YEARS, SATURDAY, is_workday, kept_calendar
from unionportal.core.workcal.models import CalendarDay, CalendarYear
from unionportal.core.workcal.notation import Special

#: The library's names of holidays, in Chinese.
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
YEARS_BACK = 4


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year in the list. `origin`: entered (in the portal), published (the library knows it), guessed (Monday to Friday)."""

    year: int
    origin: str
    source: str
    workdays: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in the month grid. `kind`: work, weekend, holiday (a weekday off, or a named weekend day), makeup (a weekend day worked)."""

    day: date
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: list[list[Cell | None]]
    workdays: int


def year_lines() -> list[YearLine]:
    """Years worth showing, newest first: a few back, next year, and every year entered."""
    entered = dict(CalendarYear.objects.values_list("year", "source"))
    this_year = clock.today().year
    years = sorted({*range(this_year - YEARS_BACK, this_year + 2), *entered}, reverse=True)
    return [year_line(year, entered) for year in years]


def year_line(year: int, entered: dict[int, str]) -> YearLine:
    workdays = kept_calendar.get().table(year).counts[-1]
    if year in entered:
        return YearLine(year, "entered", entered[year], workdays)
    if year in LIBRARY_YEARS:
        return YearLine(year, "published", "国务院办公厅历年放假安排", workdays)
    return YearLine(year, "guessed", "尚未公布，暂按周一至周五推算", workdays)


def one_year(year: int) -> YearLine:
    return year_line(year, dict(CalendarYear.objects.filter(year=year).values_list("year", "source")))


def specials(year: int) -> list[Special]:
    """The year's named and differing days: as entered, else as the library knows them."""
    if CalendarYear.objects.filter(year=year).exists():
        rows = CalendarDay.objects.filter(year=year)
        return [Special(row.day, row.is_workday, row.name) for row in rows]
    named = {day: Special(day, False, HOLIDAYS.get(name, name)) for day, name in published.holidays.items()}
    named |= {day: Special(day, True, HOLIDAYS.get(name, name) + "调休") for day, name in published.workdays.items()}
    return [named[day] for day in sorted(named) if day.year == year]


def months(year: int) -> list[Month]:
    """Twelve months, in weeks from Monday."""
    names = {special.day: special.name for special in specials(year)}
    names |= dict(CalendarDay.objects.filter(day__year=year).values_list("day", "name"))
    return [_month(year, number, names) for number in range(1, 13)]


def cells(start: date, end: date) -> list[Cell]:
    """Every day from `start` to `end`, both included, with its name and kind. As many queries for a day as for a year."""
    names = {special.day: special.name for year in range(start.year, end.year + 1) for special in specials(year)}
    names |= dict(CalendarDay.objects.filter(day__range=(start, end)).values_list("day", "name"))
    return [_cell(start + timedelta(days=n), names) for n in range((end - start).days + 1)]


def _month(year: int, number: int, names: dict[date, str]) -> Month:
    weeks = [
        [_cell(date(year, number, d), names) if d else None for d in week]
        for week in calendar.Calendar().monthdayscalendar(year, number)
    ]
    workdays = sum(cell is not None and cell.kind in ("work", "makeup") for week in weeks for cell in week)
    return Month(number, weeks, workdays)


def _cell(day: date, names: dict[date, str]) -> Cell:
    weekend = day.weekday() >= SATURDAY
    if is_workday(day):
        return Cell(day, "makeup" if weekend else "work", names.get(day, ""))
    return Cell(day, "weekend" if weekend and day not in names else "holiday", names.get(day, ""))
