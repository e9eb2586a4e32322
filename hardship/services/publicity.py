"""公示: making a list, ending it early, and moving files on when a list has run its days. Source: docs/domain.md, "Publicity"."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from hardship.models import FileProcess, HardshipFile, Objection, ProposedAid, PublicityEntry, PublicityList
from hardship.models.process import process_of
from hardship.personal import name_shown
from hardship.process import STEPS, Step, Who, next_step
from hardship.services.standing import standings
from hardship.services.way import Made, take_step
from hardship.workflow import State
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays

MOST_ENTRIES = 100
LONGEST_DAYS = 60
REASON_LENGTH = 200
TOKEN_BYTES = 16


def to_publicise(scope: Scope, township: Unit | None = None) -> list[HardshipFile]:
    """Files in the reader's reach whose next step is a list and that are on none."""
    waiting = FileProcess.objects.filter(awaits=Step.PUBLICISE).values("file")
    files = HardshipFile.objects.personal_to(scope).filter(pk__in=waiting)
    files = files.exclude(pk__in=PublicityEntry.objects.filter(outcome="").values("file"))
    if township is not None:
        files = files.filter(township=township)
    return list(files.select_related("township").prefetch_related("members").order_by("code"))


@transaction.atomic
def publicity_start(
    *,
    township: Unit,
    proposed: Mapping[str, str],
    starts_on: date,
    actor: Scope,
    ends_on: date | None = None,
    now: datetime | None = None,
) -> PublicityList:
    """Put files of a township on a list: `proposed` names each by its code with the aid proposed. Names are masked here and stay so.

    The list shows from its first day and is gone after its last; without `ends_on` it runs the workdays of the parameter.
    Raises Forbidden, FieldErrors; InvalidTransition where a file's turn has not come or it is on another list.
    """
    require(actor, "hardship.publicity")
    moment = now or clock.now()
    today = clock.local_date(moment)
    least = add_workdays(starts_on, int(value("hardship.public_workdays", on=starts_on))).day
    ends = ends_on or least
    if problems := _problems(proposed, starts_on, ends, least, today):
        raise FieldErrors(problems)
    files = list(
        HardshipFile.objects.personal_to(actor)
        .select_for_update(of=("self",))
        .select_related("township__parent__parent")
        .prefetch_related("members")
        .filter(code__in=proposed, township=township)
        .order_by("code")
    )
    if len(files) != len(proposed):
        raise NotFound
    made = PublicityList.objects.create(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        township=township,
        starts_on=starts_on,
        ends_on=ends,
        created_by_id=actor.user_id,
        created_at=moment,
    )
    for number, file in enumerate(files, start=1):
        _require_turn(file, actor)
        PublicityEntry.objects.create(
            list=made,
            number=number,
            file=file,
            masked_name=_masked(file),
            unit_name=file.unit_name or "无单位",
            category=file.get_category_display() or file.get_scheme_display(),
            proposed_aid=proposed[file.code],
        )
    _record(made, actor, "publicity.start", entries=len(files))
    return made


@transaction.atomic
def publicity_stop(*, uuid: UUID, reason: str, actor: Scope, now: datetime | None = None) -> PublicityList:
    """Take a list down before its end, for a reason; its files wait for another list."""
    require(actor, "hardship.publicity")
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": "请写明为什么提前撤下。" if not reason else f"最多 {REASON_LENGTH} 个字。"})
    moment = now or clock.now()
    listed = PublicityList.objects.personal_to(actor).select_for_update(of=("self",)).filter(uuid=uuid).first()
    if listed is None:
        raise NotFound
    if listed.stopped_at is not None or listed.ends_on < clock.local_date(moment):
        raise InvalidTransition("这份名单已经结束，不用再撤下。")
    listed.stopped_at, listed.stop_reason = moment, reason
    listed.save(update_fields=["stopped_at", "stop_reason"])
    PublicityEntry.objects.filter(list=listed, outcome="").update(outcome=PublicityEntry.Outcome.STOPPED)
    _record(listed, actor, "publicity.stop")
    return listed


def settle_publicity(*, now: datetime | None = None) -> int:
    """Move on every file whose list has run its days and against which no objection is open; how many were. May run twice, late or beside itself."""
    moment = now or clock.now()
    over = PublicityList.objects.over(clock.local_date(moment))
    waiting = PublicityEntry.objects.filter(outcome="", list__in=over)
    waiting = waiting.exclude(objections__state=Objection.State.OPEN).order_by("pk")
    return sum(settle_entry(pk, moment) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def settle_entry(entry_id: int, now: datetime) -> bool:
    """One file of a list that is over goes on its way, dated the list's last day. False where somebody was faster or an objection is open."""
    entry = PublicityEntry.objects.select_related("list").get(pk=entry_id)
    file = HardshipFile.objects.select_for_update(of=("self",)).get(pk=entry.file_id)
    entry = PublicityEntry.objects.select_related("list").get(pk=entry_id)
    process = process_of(file)
    open_against = entry.objections.filter(state=Objection.State.OPEN).exists()
    if entry.outcome or open_against or next_step(process.order, file.state) != Step.PUBLICISE:
        return False
    entry.outcome = PublicityEntry.Outcome.PASSED
    entry.save(update_fields=["outcome"])
    made = Made(
        Step.PUBLICISE,
        State.PUBLICISED,
        STEPS[Step.PUBLICISE].level,
        _settled_on(entry),
        data={"list": str(entry.list.uuid), "number": entry.number},
    )
    take_step(file, made, actor=SYSTEM, now=now)
    return True


def _settled_on(entry: PublicityEntry) -> date:
    """The list's last day, or the later one on which the last objection was decided."""
    decided = entry.objections.order_by("-decided_at").values_list("decided_at", flat=True).first()
    return max(entry.list.ends_on, clock.local_date(decided)) if decided else entry.list.ends_on


def _masked(file: HardshipFile) -> str:
    name = name_shown(file.holder, personal=False)
    if "*" not in name:
        raise InvalidTransition(f"{file.code} 的姓名读不出来，不能公示，请联系系统管理员。")
    return name


def _problems(proposed: Mapping[str, str], starts_on: date, ends_on: date, least: date, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not proposed:
        problems["files"] = "请至少选择一户。"
    elif len(proposed) > MOST_ENTRIES:
        problems["files"] = f"一份名单最多 {MOST_ENTRIES} 户，请分几份公示。"
    elif any(aid not in ProposedAid.values for aid in proposed.values()):
        problems["files"] = "请为选中的每一户选择拟帮扶的种类。"
    if starts_on < today:
        problems["starts_on"] = "开始日期不能早于今天。"
    if ends_on < least:
        problems["ends_on"] = f"公示不能短于规定的天数，最早 {least.isoformat()} 结束。"
    elif (ends_on - starts_on).days > LONGEST_DAYS:
        problems["ends_on"] = f"公示最长 {LONGEST_DAYS} 天。"
    return problems


def _require_turn(file: HardshipFile, actor: Scope) -> None:
    if Who.AID not in standings(file, actor):
        raise Forbidden
    if next_step(process_of(file).order, file.state) != Step.PUBLICISE:
        raise InvalidTransition(f"{file.code} 还没有轮到公示，请刷新后重新选择。")
    if PublicityEntry.objects.filter(file=file, outcome="").exists():
        raise InvalidTransition(f"{file.code} 已经在另一份名单上。")


def _record(listed: PublicityList, actor: Scope, action: str, **facts: int) -> None:
    record(actor=actor, action=action, object_type="publicity", object_id=listed.uuid, **facts)
