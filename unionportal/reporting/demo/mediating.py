"""Mediations of the demo: disputes that a workroom had in hand, one settled and confirmed, one that failed, one going on on the last day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid5

from unionportal.core.common.clock import SHANGHAI
from unionportal.reporting.demo.people import LAST_DAY, clerk_of
from unionportal.reporting.demo.places import MARK
from unionportal.reporting.demo.records import MediationStep, PlannedIssue, PlannedMediation
from unionportal.reporting.demo.timing import Workdays

#: The application of a case; every other action is a move of the table.
OPEN = "open"
#: Workdays a case needs between the signature for the issue and its answer.
ROOM = 4
#: And how many the arbitrators take over a confirmation.
TO_CONFIRM = 5
CLAIMED = Decimal("12000.00")
AGREED = Decimal("8600.00")


def mediations(issues: list[PlannedIssue], workdays: Workdays) -> list[PlannedMediation]:
    """The same at every call: the first fitting dispute of each fate."""
    found = []
    for outcome, how in (("resolved", _settled), ("unresolved", _failed), ("", _going_on)):
        fitting = next(_fitting(issues, workdays, outcome), None)
        if fitting is not None:
            issue, days = fitting
            case = PlannedMediation(uuid5(issue.uuid, "mediation"), issue, issue.steps[0].unit)
            found.append(_Teller(case, days).tell(how))
    return found


def _fitting(
    issues: list[PlannedIssue], workdays: Workdays, outcome: str
) -> Iterator[tuple[PlannedIssue, tuple[date, ...]]]:
    """Disputes that went straight to a workroom and ended so, with the workdays since it signed for them."""
    for issue in issues:
        steps = issue.steps
        if issue.category != "dispute" or issue.firm is None or [s.action for s in steps[:2]] != ["assign", "accept"]:
            continue
        if not steps[0].unit.startswith("BZQ") or steps[-1].outcome != outcome:
            continue
        if outcome and steps[2].action != "report":
            continue
        end = steps[2].at.date() if outcome else LAST_DAY + timedelta(days=1)
        days = tuple(day for day in workdays.days if day > steps[1].at.date())[: ROOM + TO_CONFIRM]
        if len(days) >= ROOM and days[ROOM - 1] < end:
            yield issue, days


class _Teller:
    """Tells a case day by day."""

    def __init__(self, case: PlannedMediation, days: tuple[date, ...]) -> None:
        self.case, self.days = case, days

    def tell(self, how: Any) -> PlannedMediation:
        self.add(0, (9, 20), OPEN)
        self.add(0, (10, 5), "accept", mediators=[f"徐和{MARK}"])
        self.add(1, (9, 30), "consent")
        how(self)
        return self.case

    def session(self, record: str) -> None:
        self.add(
            2,
            (9, 40),
            "session",
            begins_at=time(9, 0),
            place="八字桥工作室调解室",
            present="申请人、企业人事负责人",
            record=record,
        )

    def add(self, number: int, at: tuple[int, int], action: str, **given: Any) -> None:
        day = self.days[number]
        moment = datetime.combine(day, time(*at), SHANGHAI)
        self.case.steps.append(MediationStep(moment, action, clerk_of(self.case.unit), {"day": day, **given}))


def _settled(teller: _Teller) -> None:
    day = teller.days[2]
    teller.session("调解员逐月核对考勤和工资单，双方对差额没有异议。")
    teller.add(
        2,
        (10, 50),
        "agree",
        outcome="agreement",
        terms="企业于十日内一次性补发差额 8600 元，双方再无其他争议。",
        amount_agreed=AGREED,
    )
    signed = dict.fromkeys(("applicant_signed_on", "respondent_signed_on", "mediator_signed_on", "sealed_on"), day)
    teller.add(2, (11, 20), "sign", **signed)
    teller.add(3, (9, 15), "hand_over", route="arbitration", body=f"区劳动人事争议仲裁委员会{MARK}")
    teller.add(3 + TO_CONFIRM, (15, 30), "confirm")
    teller.add(3 + TO_CONFIRM, (16, 10), "recover", amount_recovered=AGREED)


def _failed(teller: _Teller) -> None:
    teller.session("双方各执一词，企业不同意恢复原待遇，差距较大。")
    teller.add(3, (10, 10), "fail", note="双方分歧较大，调解不成，已告知可以申请仲裁。")


def _going_on(teller: _Teller) -> None:
    teller.session("初步核对了考勤，企业同意回去核算差额，约定下周再谈。")
