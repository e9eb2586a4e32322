"""What each move changes on a mediation besides its state, and what is wrong with what was given. Pure: nothing here saves.

An effect answers the problems by field; where there are any, the service keeps nothing. Source: docs/domain.md, "Mediation".
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from casework.mediation_workflow import AGREEMENTS, SIGNATURES, Outcome
from casework.models import Mediation, MediationHandover, MediationParty
from casework.models.mediations import LINE_LENGTH, NAME_LENGTH, TEXT_LENGTH
from casework.services.mediation_bars import extension_left
from casework.services.mediation_parties import PartyInput, party_problems
from unionportal.core.common.formats import money, zh_day
from unionportal.core.params.values import value

Given = dict[str, Any]
Problems = dict[str, str]
Effect = Callable[[Mediation, Given, date], Problems]

MOST_MEDIATORS = 5
MOST_PEOPLE = 100_000
MOST_MONEY = Decimal("9999999999.99")


def amount_problem(field: str, amount: Decimal | None) -> Problems:
    """Money is not negative, has two decimals and fits its column."""
    if amount is None or (0 <= amount <= MOST_MONEY and amount == round(amount, 2)):
        return {}
    return {field: "金额不能小于 0，最多两位小数。"}


def claim_problems(given: Given) -> Problems:
    """What is wrong with the facts of an application."""
    problems = amount_problem("amount_claimed", given.get("amount_claimed"))
    if given["kind"] not in Mediation.Kind.values:
        problems["kind"] = "请选择争议类型。"
    for name, words in (("matter", "争议事项"), ("reason", "理由")):
        text = str(given[name]).strip()
        if not text or len(text) > TEXT_LENGTH:
            problems[name] = f"请写明{words}，最多 {TEXT_LENGTH} 个字。"
    if not 1 <= given["people"] <= MOST_PEOPLE:
        problems["people"] = f"人数为 1 到 {MOST_PEOPLE} 之间的整数。"
    return problems


def set_claim(mediation: Mediation, given: Given) -> None:
    """Write the facts of an application down."""
    mediation.kind, mediation.people = given["kind"], given["people"]
    mediation.matter, mediation.reason = given["matter"].strip(), given["reason"].strip()
    mediation.amount_claimed = given.get("amount_claimed")


def edit(mediation: Mediation, given: Given, today: date) -> Problems:
    problems = claim_problems(given)
    least = int(value("mediation.representatives_from", on=mediation.applied_on))
    if given["people"] < least and _has_representatives(mediation):
        problems["people"] = f"已推选代表，人数不能少于 {least} 人。"
    if given.get("mediators"):  # before the application is accepted there are none
        problems |= _set_mediators(mediation, given["mediators"])
    if not problems:
        set_claim(mediation, given)
    return problems


def mend(mediation: Mediation, given: Given, today: date) -> Problems:
    """What is given of a party takes the place of what was written down."""
    row = given["party"]
    if row.mediation_id != mediation.pk:
        return {"party": "请选择这件调解的当事人。"}
    if not any(given.get(name) for name in ("name", "contact", "phone", "id_number")):
        return {"name": "请填写要改的内容。"}
    return party_problems(
        party_given({**given, "role": row.role, "name": given.get("name") or row.name}), mediation.people, mediation
    )


def party(mediation: Mediation, given: Given, today: date) -> Problems:
    return party_problems(party_given(given), mediation.people, mediation)


def party_given(given: Given) -> PartyInput:
    return PartyInput(**{name: given.get(name) or "" for name in ("role", "name", "contact", "phone", "id_number")})


def accept(mediation: Mediation, given: Given, today: date) -> Problems:
    mediation.accepted_on = given["day"]
    return _set_mediators(mediation, given["mediators"])


def consent(mediation: Mediation, given: Given, today: date) -> Problems:
    mediation.consented_on = given["day"]
    return {}


def extend(mediation: Mediation, given: Given, today: date) -> Problems:
    problems = {
        f"{side}_agrees": "须双方都同意才能延期，请先征得同意。"
        for side in Mediation.Side.values
        if not given.get(f"{side}_agrees")
    }
    left = extension_left(mediation)
    if not 1 <= given["days"] <= left:
        problems["days"] = f"延期天数为 1 到 {left} 之间的整数。"
    if not problems:
        mediation.extended_days += given["days"]
        mediation.due_on += timedelta(days=given["days"])
    return problems


def session(mediation: Mediation, given: Given, today: date) -> Problems:
    longest = {"place": 60, "present": LINE_LENGTH, "record": TEXT_LENGTH}
    problems = {name: f"最多 {most} 个字。" for name, most in longest.items() if len(given[name]) > most}
    if given["day"] < mediation.consented_on:
        problems["day"] = f"调解不能早于对方同意的日期（{zh_day(mediation.consented_on)}）。"
    return problems


def refuse(mediation: Mediation, given: Given, today: date) -> Problems:
    if given["refused_by"] not in Mediation.Side.values:
        return {"refused_by": "请选择哪一方不同意。"}
    mediation.refused_by = given["refused_by"]
    return _over(mediation, given, Outcome.REFUSED)


def not_accept(mediation: Mediation, given: Given, today: date) -> Problems:
    return _over(mediation, given, Outcome.NOT_ACCEPTED)


def fail(mediation: Mediation, given: Given, today: date) -> Problems:
    return _over(mediation, given, Outcome.FAILED)


def withdraw(mediation: Mediation, given: Given, today: date) -> Problems:
    return _over(mediation, given, Outcome.WITHDRAWN)


def agree(mediation: Mediation, given: Given, today: date) -> Problems:
    problems = amount_problem("amount_agreed", given.get("amount_agreed"))
    if given["outcome"] not in AGREEMENTS:
        problems["outcome"] = "请选择全部还是部分达成协议。"
    if len(given["terms"]) > TEXT_LENGTH:
        problems["terms"] = f"最多 {TEXT_LENGTH} 个字。"
    last = max((held.held_on for held in mediation.sessions.all()), default=mediation.accepted_on)
    if last is not None and given["day"] < last:
        problems["day"] = f"达成协议不能早于最近一次调解（{zh_day(last)}）。"
    if not problems:
        mediation.outcome, mediation.ended_on = given["outcome"], given["day"]
        mediation.terms, mediation.amount_agreed = given["terms"].strip(), given.get("amount_agreed")
    return problems


def sign(mediation: Mediation, given: Given, today: date) -> Problems:
    """Signatures come one by one; what is already there may be put right until all are."""
    days = {name: given.get(name) for name in SIGNATURES}
    if not any(days.values()):
        return {"applicant_signed_on": "请至少填写一方的签署日期。"}
    problems = {}
    for name, day in days.items():
        if day is not None and day > today:
            problems[name] = "日期不能晚于今天。"
        elif day is not None and mediation.ended_on is not None and day < mediation.ended_on:
            problems[name] = f"签署不能早于达成协议的日期（{zh_day(mediation.ended_on)}）。"
    if not problems:
        for name, day in days.items():
            setattr(mediation, name, day)
    return problems


def recover(mediation: Mediation, given: Given, today: date) -> Problems:
    amount, reason = given["amount_recovered"], (given.get("recovered_reason") or "").strip()
    problems = amount_problem("amount_recovered", amount)
    agreed = mediation.amount_agreed or Decimal(0)
    if not problems and amount > agreed and not reason:
        problems["amount_recovered"] = f"超过协议金额 {money(agreed)} 元；确实多付的，请在下面说明。"
    if len(reason) > LINE_LENGTH:
        problems["recovered_reason"] = f"最多 {LINE_LENGTH} 个字。"
    if not problems:
        mediation.amount_recovered, mediation.recovered_on = amount, given["day"]
        mediation.recovered_reason = reason if amount > agreed else ""
    return problems


def hand_over(mediation: Mediation, given: Given, today: date) -> Problems:
    problems = {}
    if given["route"] not in MediationHandover.Route.values:
        problems["route"] = "请选择途径。"
    if len(given["body"].strip()) > 60:
        problems["body"] = "最多 60 个字。"
    last = max(day for name in SIGNATURES if (day := getattr(mediation, name)) is not None)
    if given["day"] < last:
        problems["day"] = f"移交不能早于签署齐全的日期（{zh_day(last)}）。"
    return problems


def result(mediation: Mediation, given: Given, today: date) -> Problems:
    """Of a confirmation: the day, not before it was handed over."""
    handed_on = mediation.handovers.get(result=MediationHandover.Result.PENDING).handed_on
    return {"day": f"结果不能早于移交日期（{zh_day(handed_on)}）。"} if given["day"] < handed_on else {}


EFFECTS: dict[str, Effect] = {
    "edit": edit,
    "mend": mend,
    "party": party,
    "withdraw": withdraw,
    "not_accept": not_accept,
    "accept": accept,
    "refuse": refuse,
    "consent": consent,
    "extend": extend,
    "fail": fail,
    "session": session,
    "agree": agree,
    "sign": sign,
    "recover": recover,
    "hand_over": hand_over,
    "deny": result,
    "confirm": result,
}


def _set_mediators(mediation: Mediation, given: list[str]) -> Problems:
    names = [name.strip() for name in given if name.strip()]
    if not 1 <= len(names) <= MOST_MEDIATORS or any(len(name) > NAME_LENGTH for name in names):
        return {"mediators": f"请填写 1 到 {MOST_MEDIATORS} 名调解员的姓名，用顿号分开。"}
    mediation.mediators = names
    return {}


def _over(mediation: Mediation, given: Given, outcome: Outcome) -> Problems:
    """Without an agreement; one that was reached and not signed falls with it, its words stay."""
    if mediation.accepted_on is not None and given["day"] < mediation.accepted_on:
        return {"day": f"日期不能早于受理日期（{zh_day(mediation.accepted_on)}）。"}
    mediation.outcome, mediation.ended_on, mediation.amount_agreed = outcome, given["day"], None
    return {}


def _has_representatives(mediation: Mediation) -> bool:
    return mediation.parties.filter(role=MediationParty.Role.REPRESENTATIVE).exists()
