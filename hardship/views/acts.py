"""What can be done on a file's page, as data: the button, its dialog, its service."""

from collections.abc import Callable
from typing import Any

from casework.views.acts import Act
from hardship.forms.acts import (
    DecideForm,
    GroundsForm,
    LeaveForm,
    LineForm,
    PaperForm,
    RemoveLineForm,
    WithdrawForm,
    signed_papers,
)
from hardship.models import HardshipFile
from hardship.personal import may_see_personal
from hardship.services import (
    category_decide,
    consent_withdraw,
    grounds_answer,
    line_add,
    line_remove,
    member_leave,
    paper_add,
)
from hardship.services.papers import takes_papers
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope


def _who(file: HardshipFile, scope: Scope) -> bool:
    return allowed(scope, "hardship.write") and may_see_personal(scope, file)


def _live(file: HardshipFile) -> bool:
    return bool(file.is_live)


def _calls(service: Callable[..., object], **renamed: str) -> Callable[..., object]:
    """The service with what the form calls otherwise renamed."""

    def run(file: HardshipFile, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
        facts = {renamed.get(name, name): value for name, value in given.items()}
        return service(code=file.code, version=version or 0, actor=actor, **facts)

    return run


def _grounds(file: HardshipFile, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
    return grounds_answer(code=file.code, version=version or 0, answers=given, actor=actor)


ACTS: tuple[Act, ...] = (
    Act("line", "添加明细", "plus", LineForm, _calls(line_add, member="member_id"), _who, _live, submit="添加"),
    Act(
        "line-remove",
        "删除明细",
        "trash",
        RemoveLineForm,
        _calls(line_remove, line="line_id"),
        _who,
        lambda file: _live(file) and file.income_lines.exists(),
        words="只删除填错的行；合计随之重算。",
        danger=True,
        submit="删除",
    ),
    Act(
        "grounds",
        "核查情形",
        "check-circle",
        GroundsForm,
        _grounds,
        _who,
        _live,
        words="逐项核查；没有查清的先空着。",
        done="已保存核查结果。",
        submit="保存",
    ),
    Act(
        "decide",
        "认定类别",
        "check",
        DecideForm,
        _calls(category_decide),
        _who,
        lambda file: _live(file) and file.income_year is not None,
        words="系统的建议只供参考，由您认定。",
    ),
    Act(
        "paper",
        "添加材料",
        "attach",
        PaperForm,
        _calls(paper_add, member="member_id"),
        _who,
        takes_papers,
        submit="添加",
    ),
    Act(
        "withdraw",
        "撤回同意",
        "close-circle",
        WithdrawForm,
        _calls(consent_withdraw, paper="paper_id"),
        _who,
        lambda file: bool(signed_papers(file)),
        words="本人撤回同意的，从撤回之日起不再按它处理个人信息；材料留存备查。",
        danger=True,
        submit="登记撤回",
    ),
    Act(
        "leave",
        "成员离户",
        "logout",
        LeaveForm,
        _calls(member_leave, member="member_id"),
        _who,
        lambda file: _live(file) and file.people > 1,
        submit="登记离户",
    ),
)
