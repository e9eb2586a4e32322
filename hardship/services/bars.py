"""What stands in the way of a move on a particular file: each bar says so in words, or "" where it does not."""

from collections.abc import Callable
from dataclasses import dataclass

from hardship.models import FileProcess, FileStep, HardshipFile, PublicityEntry
from hardship.personal import may_see_personal
from hardship.process import PREPARING, Level, Move
from hardship.services.papers import consent_gaps
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What is in the way, and where on the file's pages it is mended, if there: the words of the link and the end of its address."""

    words: str
    mending: tuple[str, str] | None


def hindrance(file: HardshipFile, process: FileProcess, move: Move, scope: Scope) -> Hindrance | None:
    """The first thing in the way; None if nothing is."""
    found = ((name, words) for name in move.bars if (words := BARS[name](file, process, scope)))
    return next((Hindrance(words, MENDING.get(name)) for name, words in found), None)


def barred(file: HardshipFile, process: FileProcess, move: Move, scope: Scope) -> str:
    """The first thing in the way, in words; "" if nothing is."""
    found = hindrance(file, process, move, scope)
    return found.words if found else ""


def _prepared(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    mine = FileStep.objects.filter(file=file, round=process.round, action__in=PREPARING, actor_id=scope.user_id)
    if file.opened_by_id == scope.user_id or mine.exists():
        return "您经办过这份档案，不能自己审批，请由没有经办过的人审批。"
    return ""


def _prepared_by_unit(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    mine = FileStep.objects.filter(
        file=file, round=process.round, action__in=PREPARING, level=Level.UNIT, actor_id=scope.user_id
    )
    return (
        "您经办过这份档案的申请、调查或评议，请由镇街另一位帮扶专员复核；镇街没有另一位的，由上级帮扶专员代为复核。"
        if mine.exists()
        else ""
    )


def _on_a_list(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    if PublicityEntry.objects.filter(file=file, outcome="").exists():
        return "正在公示。请等公示结束，或先核实异议、撤下名单。"
    return ""


def _no_category(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    return "" if file.category or file.scheme != "current" else "还没有认定困难类别，请先在档案里认定。"


def _no_cause(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    return "" if file.main_cause else "还没有填写主要致困原因，请先在档案里补充。"


def _no_consent(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    gaps = consent_gaps(file, clock.today(), personal=may_see_personal(scope, file))
    return f"还缺{'、'.join(gaps)}，请先在档案里登记。" if gaps else ""


def _erased(file: HardshipFile, process: FileProcess, scope: Scope) -> str:
    return "个人信息已到期删除，这份档案不能再用，请另建一份。" if file.erased_at else ""


BARS: dict[str, Callable[[HardshipFile, FileProcess, Scope], str]] = {
    "prepared": _prepared,
    "prepared_by_unit": _prepared_by_unit,
    "on_a_list": _on_a_list,
    "no_category": _no_category,
    "no_cause": _no_cause,
    "no_consent": _no_consent,
    "erased": _erased,
}
#: What can be mended on the file's own pages.
MENDING: dict[str, tuple[str, str]] = {
    "no_cause": ("补充原因", "edit/"),
    "no_consent": ("登记材料", "#paper"),
    "no_category": ("认定类别", "#decide"),
}
