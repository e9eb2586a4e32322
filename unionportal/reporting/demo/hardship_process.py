"""How far the demo's hardship households have come: some in force with a plan, one on a list the public sees, the others on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid5

from hardship.codes import HOLDER
from hardship.models import HardshipFile, Measure, MeasureKind
from hardship.services.moves import Given, file_move
from hardship.services.plans import MeasureInput, measure_finish, measure_set
from hardship.services.publicity import publicity_start, settle_publicity
from hardship.services.surveys import Seen, survey_record
from hardship.workflow import State
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import add_workdays
from unionportal.reporting.demo.hardship import HOUSEHOLDS, SPACE
from unionportal.reporting.demo.moments import on

#: Household (its place among `HOUSEHOLDS`) -> the state it has reached. Those left out are drafts.
REACHED: dict[int, State] = {
    0: State.LIFTED,
    1: State.IN_FORCE,
    6: State.IN_FORCE,
    7: State.CHECKED,
    2: State.APPRAISED,
    3: State.SURVEYED,
    4: State.APPLIED,
}
#: On a list that runs when the demo begins.
LISTED, LISTED_ON = 2, date(2025, 1, 15)
#: Those at the beginning of their way were applied for in these days, so that nothing is late yet.
RECENT = {State.APPLIED: date(2025, 1, 15), State.SURVEYED: date(2025, 1, 9)}
#: Workdays from the application to the survey, the appraisal and the list.
PACE = (3, 6, 8)
MEASURES = {0: ("mutual_aid", "caring_post"), 1: ("funds", "placement"), 6: ("loans", "critical_illness")}
#: Made for one member (一人一策), where the household has one beside the holder.
OF_ONE = "placement"
LIFTED_ON = date(2025, 1, 17)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who acts: the district's officer takes the unit's steps, the township's own reviews, the leader approves."""

    officer: Scope
    reviewers: Mapping[str, User]
    leader: Scope


def play() -> None:
    """Let each household go as far as it has come, day by day."""
    users = {user.username: user for user in User.objects.filter(username__in=("aid", "aid01", "aid02", "leader"))}
    reviewers = {"006": users["aid01"], "108": users["aid02"]}
    desk = _Desk(build_scope(users["aid"]), reviewers, build_scope(users["leader"]))
    for number, reached in REACHED.items():
        file = HardshipFile.objects.select_related("township").get(uuid=uuid5(SPACE, f"file {number}"))
        _go(file, number, reached, desk)


def _go(file: HardshipFile, number: int, reached: State, desk: _Desk) -> None:
    applied = RECENT.get(reached) or add_workdays(file.opened_on, 1).day
    if number == LISTED:
        applied = LISTED_ON - timedelta(days=13)
    surveyed, appraised, listed = (add_workdays(applied, days).day for days in PACE)
    with on(applied):
        _move(file, "apply", desk.officer, opinion="家庭困难，申请建档帮扶。")
    if reached == State.APPLIED:
        return
    with on(surveyed):
        _survey(file, number, desk.officer)
    if reached == State.SURVEYED:
        return
    with on(appraised):
        _move(file, "appraise", desk.officer, present=7, agreed=6, opinion="情况属实，同意申报。")
    start = LISTED_ON if number == LISTED else listed
    with on(start):
        shown = publicity_start(
            township=file.township, proposed={file.code: "living"}, starts_on=start, actor=desk.officer
        )
    if number != LISTED:
        _decide(file, number, reached, desk, shown.ends_on)


def _decide(file: HardshipFile, number: int, reached: State, desk: _Desk, ended: date) -> None:
    reviewer = desk.reviewers[HOUSEHOLDS[number].township]
    with on(ended + timedelta(days=1)):
        settle_publicity()
    with on(add_workdays(ended, 3).day):
        _move(file, "review", build_scope(reviewer), opinion="经复核，情况属实。")
    checked = LIFTED_ON if reached == State.CHECKED else add_workdays(ended, 6).day
    with on(checked):
        _move(file, "check", desk.officer, check_result="consistent")
    if reached == State.CHECKED:
        return
    with on(add_workdays(checked, 3).day):
        _move(file, "approve", desk.leader, opinion="同意建档帮扶。")
        _plan(file, number, reviewer, reached)
    if reached == State.LIFTED:
        with on(LIFTED_ON):
            for measure in Measure.objects.filter(file=file):
                measure_finish(
                    uuid=measure.pk,
                    outcome="helped",
                    result="收入稳定，困难缓解。",
                    ended_on=LIFTED_ON,
                    actor=build_scope(reviewer),
                )
            _move(file, "lift", desk.leader, opinion="家庭人均收入连续六个月高于低保标准。")


def _plan(file: HardshipFile, number: int, owner: User, reached: State) -> None:
    due = LIFTED_ON if reached == State.LIFTED else date(2025, 1, 24)
    other = file.members.exclude(relation=HOLDER).first()
    for kind in MEASURES[number]:
        measure_set(
            uuid=uuid5(SPACE, f"measure {number}.{kind}"),
            code=file.code,
            measure=MeasureInput(
                MeasureKind.objects.get(code=kind), owner, due, member=other if kind == OF_ONE else None
            ),
            actor=build_scope(owner),
        )
        due += timedelta(days=60)


def _survey(file: HardshipFile, number: int, officer: Scope) -> None:
    survey_record(
        uuid=uuid5(SPACE, f"survey {number}"),
        code=file.code,
        seen=Seen(
            surveyed_on=clock.today(),
            second_surveyor="何示例（演示）",
            living="here",
            people_home=len(HOUSEHOLDS[number].others) + 1,
            income_match="same",
            housing_match="same",
            findings="入户查看，居住和收入情况与申报一致（演示）。",
        ),
        actor=officer,
    )


def _move(file: HardshipFile, action: str, actor: Scope, **given: Any) -> None:
    file_move(code=file.code, action=action, given=Given(**{"day": clock.today(), **given}), actor=actor)
