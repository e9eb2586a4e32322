"""What holds of a supervision paper: days for the answer, grounds to go on, who investigates and who signs. Source: docs/domain.md, "Supervision
papers"."""

from datetime import date

from django.db.models import QuerySet

from casework.models import Paper, PaperKind, Signer
from unionportal.core.common.scope import Role, Scope
from unionportal.core.params.values import value
from unionportal.core.workcal.days import Deadline, add_workdays

NOT_A_SIGNER = "您不在签发人名册中，或任职期已过，不能签发。"


def awaits_answer(paper: Paper) -> bool:
    """Whether days for the employer's answer are running."""
    return paper.state == Paper.State.SERVED and paper.answer_due_on is not None and paper.answered_on is None


def answer_due(demand: Paper) -> Deadline:
    """Until when the employer answers a demand that was served, by the calendar known now."""
    if demand.served_on is None:
        raise ValueError(f"{demand} was not served")
    return add_workdays(demand.served_on, int(value("papers.answer_workdays", on=demand.served_on)))


def referral_trigger(demand: Paper, today: date) -> str:
    """Why a demand may go on to the labour authority on a day: refused, late, uncorrected; "" where it may not.

    An answer that came late is late for good; once all is corrected there is nothing left to ask the authority for.
    """
    if demand.kind != PaperKind.DEMAND or demand.served_on is None:
        return ""
    if demand.result == Paper.Result.CORRECTED:
        return ""
    if demand.refused:
        return Paper.Trigger.REFUSED
    if demand.result in (Paper.Result.UNCORRECTED, Paper.Result.PARTLY):
        return Paper.Trigger.UNCORRECTED
    if demand.answer_due_on is not None and (demand.answered_on or today) > demand.answer_due_on:
        return Paper.Trigger.LATE
    return ""


def lacks_supervisors(paper: Paper) -> str:
    """What a demand lacks of its investigation; "" if nothing. Other kinds need none."""
    if paper.kind != PaperKind.DEMAND:
        return ""
    if paper.investigated_on is None:
        return "意见书须先由两名以上监督员调查，请补上调查日期和调查人。"
    on = paper.investigated_on
    licensed = paper.investigators.filter(supervisor__valid_from__lte=on, supervisor__valid_to__gte=on).count()
    least = int(value("papers.supervisors_least", on=on))
    if licensed < least:
        return f"意见书须有 {least} 名以上调查当日持证的监督员调查，现有 {licensed} 名。"
    return ""


def signers_on(day: date) -> QuerySet[Signer]:
    """The entries in the register of signers that hold on a day."""
    return Signer.objects.filter(valid_from__lte=day).exclude(valid_to__lt=day)


def signer_of(actor: Scope, today: date) -> Signer | None:
    """The person's entry in the register of signers that holds on a day."""
    return signers_on(today).filter(user_id=actor.user_id).first() if actor.has(Role.LEADER) else None


def lacks_signer(actor: Scope, today: date) -> str:
    """Why this leader, or nobody at all, can sign a draft; "" where the register is in order."""
    if actor.has(Role.LEADER) and signer_of(actor, today) is None:
        return NOT_A_SIGNER
    able = signers_on(today).filter(user__is_active=True, user__grants__role=Role.LEADER)
    return "" if able.exists() else "签发人名册中没有在任的签发人，登记后才能签发。"


def may_go_on(paper: Paper) -> bool:
    """Whether a referral may go on to the procuratorate: served, not yet handed over, and not all corrected."""
    served = paper.state in (Paper.State.SERVED, Paper.State.ENDED)
    return (
        paper.kind == PaperKind.REFERRAL
        and served
        and paper.handed_on is None
        and paper.result != Paper.Result.CORRECTED
    )
