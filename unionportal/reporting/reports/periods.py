"""How a report's period is written: 2024-09, 2024-Q3, 2024."""

import re
from datetime import date

from unionportal.core.common.errors import FieldErrors
from unionportal.reporting.models import ReportKind

_PATTERNS: dict[str, tuple[str, str]] = {
    ReportKind.MONTHLY: (r"(\d{4})-(\d{2})", "2024-09"),
    ReportKind.QUARTERLY: (r"(\d{4})-[Qq]([1-4])", "2024-Q3"),
    ReportKind.ANNUAL: (r"(\d{4})", "2024"),
}


def read_period(kind: str, text: str) -> date:
    """The first day of a written period. Raises FieldErrors (`period`)."""
    pattern, example = _PATTERNS[kind]
    found = re.fullmatch(pattern, text.strip())
    try:
        if found is None:
            raise ValueError(text)
        year, *part = (int(number) for number in found.groups())
        month = part[0] if part else 1
        return date(year, month * 3 - 2 if kind == ReportKind.QUARTERLY else month, 1)
    except ValueError:
        raise FieldErrors({"period": f"期间“{text}”写得不对，应写作 {example}。"}) from None


def written_period(kind: str, start: date) -> str:
    """The other way round."""
    if kind == ReportKind.QUARTERLY:
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return f"{start:%Y-%m}" if kind == ReportKind.MONTHLY else f"{start.year}"
