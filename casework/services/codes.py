"""Public codes (一码维权): opened, closed, opened again. What is printed stays what it was."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from casework.models import ConsentText, PublicCode
from casework.places import place_ended
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit

TOKEN_BYTES = 18  # 144 bits: nobody guesses the code of a place they have not been to
CONSENT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """A place of an upper floor that a code hangs at; this app knows none of them. `kind` at most 20, `label` at most 60 characters."""

    kind: str
    uuid: UUID
    label: str
    township: Unit


@transaction.atomic
def code_create(*, owner: Unit | Enterprise | Place, actor: Scope, now: datetime | None = None) -> PublicCode:
    """Open a code for a unit, an enterprise or a place. Raises FieldErrors at `owner` where it has one already or may have none."""
    require(actor, "code.manage")
    code = PublicCode(
        token=secrets.token_urlsafe(TOKEN_BYTES), created_by_id=actor.user_id or None, created_at=now or clock.now()
    )
    if isinstance(owner, Enterprise):
        code.enterprise, code.township = owner, owner.township
    elif isinstance(owner, Unit):
        code.unit, code.township = owner, _township_of(owner)
    else:
        code.owner_kind, code.owner_uuid, code.owner_label = owner.kind, owner.uuid, owner.label[:60]
        code.township = owner.township
    if words := place_ended(code):
        raise FieldErrors({"owner": f"{words}，不能启用维权码。"})
    _save_only_open(code, "owner")
    record(actor=actor, action="code.create", object_type="code", object_id=code.uuid)
    return code


@transaction.atomic
def code_close(*, uuid: UUID, actor: Scope, now: datetime | None = None) -> PublicCode:
    """Close a code: who scans it is told so. Raises NotFound, InvalidTransition."""
    code = _locked(uuid, actor)
    if not code.is_open:
        raise InvalidTransition("这个维权码已经停用。")
    code.closed_at = now or clock.now()
    code.save(update_fields=["closed_at"])
    record(actor=actor, action="code.close", object_type="code", object_id=code.uuid)
    return code


@transaction.atomic
def code_reopen(*, uuid: UUID, actor: Scope) -> PublicCode:
    """Open a closed code again, so that its posters work. Raises InvalidTransition where it is open, its place is none any more, or has
    another one."""
    code = _locked(uuid, actor)
    if code.is_open:
        raise InvalidTransition("这个维权码正在使用。")
    if words := place_ended(code):
        raise InvalidTransition(f"{words}，不能重新启用它的维权码。")
    code.closed_at = None
    _save_only_open(code, None)
    record(actor=actor, action="code.reopen", object_type="code", object_id=code.uuid)
    return code


def code_follow(*, owner: Place) -> None:
    """What an open code says of its place, after the place was put right: called by the service that did so, which has judged and written it down."""
    rows = PublicCode.objects.open().filter(owner_kind=owner.kind, owner_uuid=owner.uuid)
    rows.update(owner_label=owner.label[:60], township=owner.township)


def _locked(uuid: UUID, actor: Scope) -> PublicCode:
    require(actor, "code.manage")
    code = PublicCode.objects.visible_to(actor).select_for_update().filter(uuid=uuid).first()
    if code is None:
        raise NotFound
    return code


def _save_only_open(code: PublicCode, field: str | None) -> None:
    """Save an open code; one owner has one. Told at the field, or as a move that is not permitted."""
    try:
        with transaction.atomic():
            code.save()
    except IntegrityError:
        detail = f"{code.place}已有正在使用的维权码。"
        raise (FieldErrors({field: detail}) if field else InvalidTransition(detail)) from None


def _township_of(unit: Unit) -> Unit | None:
    """The township a unit is or lies below; none for the district and its departments."""
    step: Unit | None = unit
    while step is not None and step.kind != Unit.Kind.TOWNSHIP:
        step = step.parent
    return step


def consent_in_force(on: date) -> ConsentText:
    """What a reporter agrees to on a day. The first version came with the portal, so there is always one."""
    return ConsentText.objects.filter(effective_on__lte=on).order_by("-effective_on", "-version")[0]


@transaction.atomic
def consent_publish(*, text: str, effective_on: date, actor: Scope, now: datetime | None = None) -> ConsentText:
    """A new version of the consent text, from a day on. Versions are never changed. Raises FieldErrors."""
    require(actor, "consent.manage")
    moment, text = now or clock.now(), text.strip()
    problems: dict[str, str] = {}
    if not text:
        problems["text"] = "请写明告知内容。"
    elif len(text) > CONSENT_LENGTH:
        problems["text"] = f"告知内容最多 {CONSENT_LENGTH} 个字。"
    if effective_on < clock.local_date(moment):
        problems["effective_on"] = "生效日期不能早于今天。"
    if problems:
        raise FieldErrors(problems)
    last = ConsentText.objects.select_for_update().order_by("-version")[0]
    consent = ConsentText.objects.create(
        version=last.version + 1,
        text=text,
        effective_on=effective_on,
        written_by_id=actor.user_id or None,
        written_at=moment,
    )
    record(actor=actor, action="consent.publish", object_type="consent", object_id=consent.version)
    return consent
