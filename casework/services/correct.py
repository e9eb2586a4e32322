"""Correction (更正): wrong facts of an entry put right. Figures move from the old cell to the new one. Source: docs/domain.md, "Wrong entries"."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from casework.models import Category, CorrectedText, Issue, RollupOutbox
from casework.services.intake import DESCRIPTION_LENGTH, TITLE_LENGTH
from casework.services.log import append_event, tracked_values
from casework.services.moves import NOTE_LENGTH
from casework.services.standing import registered_on, standings
from casework.workflow import CORRECT, STATE_LABELS, State, Who
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.selectors import township_on
from unionportal.core.workcal.days import workdays_between

#: The facts of an entry that can be put right; the first four say in which cell of the figures it counts, or name it there.
FACTS = ("category", "township", "enterprise", "received_on")
TEXTS = ("title", "description")
#: States that took the issue out of the figures for good: nothing is left to put right.
FINAL = frozenset({State.VOIDED, State.MERGED})


def may_correct(issue: Issue, scope: Scope) -> bool:
    """Staff as long as the entry stands; who registered it, on that day and until somebody else acts."""
    if issue.state in FINAL:
        return False
    mine = standings(issue, scope)
    if Who.STAFF in mine:
        return True
    return Who.REGISTRAR in mine and issue.state == State.REGISTERED and registered_on(issue) == clock.today()


@transaction.atomic
def issue_correct(
    *,
    code: str,
    version: int,
    reason: str,
    category: Category,
    township: Unit,
    enterprise: Enterprise | None,
    received_on: date,
    title: str,
    description: str,
    actor: Scope,
    now: datetime | None = None,
) -> Issue:
    """Put the facts of an entry right and return it as saved.

    State, holder and running deadlines stay; the time taken of a closed issue is counted anew from the corrected day. Raises NotFound, Forbidden,
    StaleVersion, InvalidTransition, FieldErrors, in this order.
    """
    moment = now or clock.now()
    issue = _locked(code, actor)
    _check_person(issue, actor, clock.local_date(moment))
    if version != issue.version:
        raise StaleVersion
    if issue.state in FINAL:
        raise InvalidTransition(f"这条诉求现在是“{STATE_LABELS[issue.state]}”，不能更正。")
    wanted = {
        "category": category,
        "township": township,
        "enterprise": enterprise,
        "received_on": received_on,
        "title": title.strip(),
        "description": description.replace("\r\n", "\n").strip(),
    }
    reason = reason.strip()
    before = {name: getattr(issue, name) for name in (*FACTS, *TEXTS)}
    changed = [name for name in (*FACTS, *TEXTS) if wanted[name] != before[name]]
    _check_facts(issue, wanted, changed, reason)

    RollupOutbox.objects.create(  # the cell it leaves; append_event tells the one it enters
        issue=issue, township_id=issue.township_id, category_id=issue.category_id, received_on=issue.received_on
    )
    tracked = tracked_values(issue)
    for name in changed:
        setattr(issue, name, wanted[name])
    if issue.closed_on is not None:
        issue.workdays_to_close = workdays_between(issue.received_on, issue.closed_on)
    issue.version += 1
    issue.fill_search()
    issue.save()
    after = tracked_values(issue)
    event = append_event(
        issue=issue,
        action=CORRECT,
        from_state=issue.state,
        actor=actor,
        happened_at=moment,
        recorded_at=moment,
        note=reason,
        data={
            **{name: after[name] for name in after if after[name] != tracked[name]},
            **{name: [_plain(before[name]), _plain(wanted[name])] for name in changed if name in FACTS},
            **({"texts": texts} if (texts := [name for name in changed if name in TEXTS]) else {}),
        },
    )
    CorrectedText.objects.bulk_create(
        CorrectedText(event=event, field=name, before=before[name]) for name in changed if name in TEXTS
    )
    return issue


def issue_retie(issue: Issue, main: Enterprise, reason: str, actor: Scope, now: datetime) -> None:
    """The issue's enterprise was entered twice and is now the other entry: a correction of its own in the history. Where it counts stays.

    Called by the merger of enterprises, which asked the policy and locked the row.
    """
    old = issue.enterprise
    issue.enterprise = main
    issue.version += 1
    issue.fill_search()
    issue.save()
    append_event(
        issue=issue,
        action=CORRECT,
        from_state=issue.state,
        actor=actor,
        happened_at=now,
        recorded_at=now,
        note=reason,
        data={"enterprise": [_plain(old), _plain(main)]},
    )


def _locked(code: str, actor: Scope) -> Issue:
    try:
        return (
            Issue.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("category", "township", "enterprise", "holder")
            .get(code=code)
        )
    except Issue.DoesNotExist:
        raise NotFound from None


def _check_person(issue: Issue, actor: Scope, today: date) -> None:
    mine = standings(issue, actor)
    if Who.STAFF in mine:
        return
    if Who.REGISTRAR not in mine:
        raise Forbidden("只有区总工作人员可以更正登记内容。")
    if issue.state != State.REGISTERED or registered_on(issue) != today:
        raise Forbidden("登记人只能在登记当天、交办之前更正，请联系区总工会。")


def _check_facts(issue: Issue, wanted: dict[str, Any], changed: list[str], reason: str) -> None:
    problems: dict[str, str] = {}
    township, enterprise = wanted["township"], wanted["enterprise"]
    if not wanted["title"]:
        problems["title"] = "请写一个标题。"
    elif len(wanted["title"]) > TITLE_LENGTH:
        problems["title"] = f"标题最多 {TITLE_LENGTH} 个字。"
    if len(wanted["description"]) > DESCRIPTION_LENGTH:
        problems["description"] = f"诉求内容最多 {DESCRIPTION_LENGTH} 个字。"
    if "category" in changed and not wanted["category"].is_active:
        problems["category"] = "这个类别已停用，请另选。"
    if "township" in changed and (township.kind != Unit.Kind.TOWNSHIP or not township.is_active):
        problems["township"] = "请选择镇街。"
    elif enterprise is not None and {"township", "enterprise"} & set(changed):
        there = township_on(enterprise, wanted["received_on"])
        if there != township:
            problems["enterprise"] = f"这家企业属于{there}，与所选镇街不符。"
    if wanted["received_on"] > registered_on(issue):
        problems["received_on"] = "收集日期不能晚于登记日期。"
    elif issue.closed_on is not None and wanted["received_on"] > issue.closed_on:
        problems["received_on"] = "收集日期不能晚于办结日期。"
    if not reason:
        problems["reason"] = "请写明更正的理由。"
    elif len(reason) > NOTE_LENGTH:
        problems["reason"] = f"理由最多 {NOTE_LENGTH} 个字。"
    if not problems and not changed:
        problems["reason"] = "没有改动任何内容，无需更正。"
    if problems:
        raise FieldErrors(problems)


def _plain(value: Any) -> str | None:
    """Codes and days for the event, never names."""
    if isinstance(value, Enterprise):
        return value.credit_code
    if isinstance(value, Category | Unit):
        return value.code
    return value.isoformat() if isinstance(value, date) else None
