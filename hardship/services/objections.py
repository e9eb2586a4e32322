"""Objections to a 公示: brought by anybody with the link, while the list shows; decided by whoever keeps the file."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from hardship.models import Objection, ObjectionReveal, PublicityEntry, PublicityList
from hardship.models.publicity import WORDS_LENGTH
from hardship.services.publicity import settle_entry
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Gone, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.phones import NOT_A_PHONE, is_phone, plain_phone
from unionportal.core.common.policy import require
from unionportal.core.common.scope import PUBLIC, Scope
from unionportal.core.common.sealed import Unreadable

OBJECTION_LENGTH = 1000
NAME_LENGTH = 30
REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Objected:
    """What was typed. `uuid` was made when the form opened, so a repeated send is the same row."""

    uuid: UUID
    number: int
    words: str
    is_anonymous: bool
    name: str = ""
    phone: str = ""


def showing(token: str, day: date) -> PublicityList:
    """The list while it shows. Raises NotFound where there is none or it has not begun; Gone once it is over, whatever else is still to do."""
    listed = PublicityList.objects.select_related("township").filter(token=token).first()
    if listed is None:
        raise NotFound("没有这个公示。请核对地址，或拨打12351工会热线。")
    if listed.stopped_at is not None or day > listed.ends_on:
        raise Gone("公示已结束，名单不再显示。如有疑问，请拨打12351工会热线。")
    if day < listed.starts_on:
        raise NotFound(f"公示还没有开始，将于{zh_day(listed.starts_on)}开始。")
    return listed


@transaction.atomic
def objection_submit(*, token: str, given: Objected, now: datetime | None = None) -> Objection:
    """Keep an objection to an entry of a list that shows. Raises NotFound, Gone, FieldErrors; Conflict for a uuid used with another entry."""
    require(PUBLIC, "hardship.object")
    moment = now or clock.now()
    listed = showing(token, clock.local_date(moment))
    entry = PublicityEntry.objects.select_for_update(of=("self",)).filter(list=listed, number=given.number).first()
    words, name, phone = given.words.strip(), given.name.strip(), plain_phone(given.phone)
    problems = _problems(words, name, phone, given.is_anonymous)
    if entry is None or entry.outcome:
        problems["number"] = "请选择名单上的一户。"
    if problems or entry is None:
        raise FieldErrors(problems)
    first = Objection.objects.filter(uuid=given.uuid).first()
    if first is not None:
        if first.entry_id != entry.pk:
            raise Conflict
        return first
    objection = Objection(uuid=given.uuid, entry=entry, is_anonymous=given.is_anonymous, sent_at=moment)
    for column, text in (("words", words), ("name", name), ("phone", phone)):
        objection.seal(column, text)
    objection.save(force_insert=True)
    record(actor=PUBLIC, action="objection.send", object_type="objection", object_id=objection.uuid)
    return objection


@transaction.atomic
def objection_decide(
    *, uuid: UUID, upheld: bool, decision: str, actor: Scope, now: datetime | None = None
) -> Objection:
    """Say what looking into it found. Upheld: the household comes off the list and its file waits to be sent back or turned down.

    Dismissed: the list runs on; where it is over already and nothing else is open, the file goes on its way.
    """
    require(actor, "hardship.publicity")
    moment = now or clock.now()
    objection = _locked(uuid, actor)
    decision = decision.strip()
    if not decision or len(decision) > WORDS_LENGTH:
        raise FieldErrors({"decision": "请写明核实结论。" if not decision else f"最多 {WORDS_LENGTH} 个字。"})
    if objection.state != Objection.State.OPEN:
        raise InvalidTransition("这条异议已经核实过。")
    objection.state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    objection.decision, objection.decided_by_id, objection.decided_at = decision, actor.user_id, moment
    objection.save(update_fields=["state", "decision", "decided_by", "decided_at"])
    entry = objection.entry
    if upheld and not entry.outcome:
        entry.outcome = PublicityEntry.Outcome.UPHELD
        entry.save(update_fields=["outcome"])
    elif entry.list.stopped_at is None and entry.list.ends_on < clock.local_date(moment):
        settle_entry(entry.pk, moment)
    record(
        actor=actor,
        action="objection.decide",
        object_type="objection",
        object_id=objection.uuid,
        state=objection.state,
    )
    return objection


@transaction.atomic
def objection_reveal(*, uuid: UUID, reason: str, actor: Scope, now: datetime | None = None) -> str:
    """Name and phone of whoever objected, in clear, for a reason that is kept. Raises Conflict where it is anonymous."""
    require(actor, "hardship.publicity")
    objection = _locked(uuid, actor)
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors(
            {"reason": "请写明为什么要看，如“回复异议人”。" if not reason else f"最多 {REASON_LENGTH} 个字。"}
        )
    if objection.is_anonymous or not (objection.phone_sealed or objection.name_sealed):
        raise Conflict("异议人没有留下姓名和电话。")
    try:
        name, phone = objection.opened("name"), objection.opened("phone")
    except Unreadable:
        raise Conflict("密钥已更换，无法读取，请联系系统管理员。") from None
    ObjectionReveal.objects.create(objection=objection, actor_id=actor.user_id, reason=reason, at=now or clock.now())
    record(actor=actor, action="objection.reveal", object_type="objection", object_id=objection.uuid)
    return "，".join(part for part in (name, phone) if part)


def _locked(uuid: UUID, actor: Scope) -> Objection:
    lists = PublicityList.objects.personal_to(actor).values("pk")
    found = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("entry__list")
        .filter(uuid=uuid, entry__list__in=lists)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _problems(words: str, name: str, phone: str, is_anonymous: bool) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not words or len(words) > OBJECTION_LENGTH:
        problems["words"] = "请写明有什么异议。" if not words else f"最多 {OBJECTION_LENGTH} 个字。"
    if is_anonymous:
        if name:
            problems["name"] = "选择匿名就不要填姓名；要留姓名，请选择实名。"
        if phone:
            problems["phone"] = "选择匿名就不要填电话；要留电话，请选择实名。"
        return problems
    if len(name) > NAME_LENGTH:
        problems["name"] = f"姓名最多 {NAME_LENGTH} 个字。"
    if phone and not is_phone(phone):
        problems["phone"] = NOT_A_PHONE
    if not name or not phone:
        problems.setdefault("phone" if name else "name", "实名请留下姓名和电话；不想留，请选择匿名。")
    return problems
