"""Weeks from Monday to Sunday, and as addresses name them: 2024-W37."""

from datetime import date, timedelta

from unionportal.core.workcal.days import iso_week, week_range


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_code(day: date) -> str:
    """2024-W37, of the week a day lies in."""
    year, week = iso_week(day)
    return f"{year}-W{week:02}"


def monday_of(code: str) -> date | None:
    """The Monday of 2024-W37; None for anything else."""
    year, _, week = code.partition("-W")
    try:
        return week_range(int(year), int(week))[0]
    except ValueError:
        return None
