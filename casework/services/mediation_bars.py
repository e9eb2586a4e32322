"""What stands in the way of a move on one particular mediation, by the names used in `casework.mediation_workflow.Move.bars`.

Each answers "" where nothing does, else what the person is told (409). Source: docs/domain.md, "Mediation".
"""

from collections.abc import Callable
from datetime import date

from casework.mediation_workflow import SIGNATURES, Move
from casework.models import Mediation
from unionportal.core.common.formats import zh_day
from unionportal.core.params.values import value

Bar = Callable[[Mediation, date], str]


def barred(mediation: Mediation, move: Move, day: date) -> str:
    """Why this move cannot be made on that day although role and state permit it; "" if it can."""
    return next((words for name in move.bars if (words := BARS[name](mediation, day))), "")


def consented(mediation: Mediation, day: date) -> str:
    return f"{zh_day(mediation.consented_on)}已登记对方同意。" if mediation.consented_on else ""


def not_consented(mediation: Mediation, day: date) -> str:
    return "" if mediation.consented_on else "还没有登记对方同意调解，先征得同意再调解。"


def period_over(mediation: Mediation, day: date) -> str:
    if day <= mediation.due_on:
        return ""
    return f"调解期限已于{zh_day(mediation.due_on)}届满，不能再延期，请登记结果。"


def extension_left(mediation: Mediation) -> int:
    """Days by which both sides may still prolong it, by the rule of the day of application."""
    return max(0, int(value("mediation.extension_total", on=mediation.applied_on)) - mediation.extended_days)


def extension_used_up(mediation: Mediation, day: date) -> str:
    return "" if extension_left(mediation) else f"已累计延期 {mediation.extended_days} 天，不能再延。"


def unsigned(mediation: Mediation, day: date) -> str:
    missing = [words for name, words in SIGNATURES.items() if getattr(mediation, name) is None]
    return f"协议还缺{'、'.join(missing)}，签署齐全后才能移交审查确认。" if missing else ""


BARS: dict[str, Bar] = {
    "consented": consented,
    "not_consented": not_consented,
    "period_over": period_over,
    "extension_used_up": extension_used_up,
    "unsigned": unsigned,
}
