"""Repairs of stations: opened, given to somebody, mended with a photo, verified by somebody else. Source: docs/domain.md, "Care of the stations"."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from stations.models import CheckAnswer, Keepership, Repair, RepairPhoto, RepairStep, Station, StationCheck
from stations.models.repairs import NOTE_LENGTH, WHAT_LENGTH
from stations.repair_workflow import MOVES, OPEN, SEEN, Move, RepairState, Who
from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.files.services import picture_store
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.params.values import value

MAX_PHOTOS = 6
MISSING = {
    "assignee": "请选择由谁负责维修。",
    "due_on": "请填写期限。",
    "photos": "请上传修好后的照片。",
    "note": "请写明原因。",
}


def standing(repair: Repair, scope: Scope) -> frozenset[Who]:
    """How a person stands to a repair. One query for a keeper, none for the others."""
    found = set()
    if scope.has(Role.STAFF):
        found.add(Who.STAFF)
    if scope.has(Role.TOWNSHIP) and repair.station.township_id in scope.township_ids:
        found.add(Who.TOWNSHIP)
    if repair.assignee_id == scope.user_id:
        found.add(Who.ASSIGNEE)
    if scope.has(Role.KEEPER):
        kept = Keepership.objects.in_force(clock.today()).filter(station=repair.station, user_id=scope.user_id)
        if kept.exists():
            found.add(Who.KEEPER)
    return frozenset(found)


def may_move(repair: Repair, move: Move, scope: Scope) -> bool:
    """Whether the person may make the move in some state."""
    if not allowed(scope, "repair.work") or not move.who & standing(repair, scope):
        return False
    return not (move.not_own and repair.mended_by_id == scope.user_id)


def assignees_for(station: Station) -> list[User]:
    """Who may be given a repair: the station's keepers of today and the clerks of its township."""
    keepers = Keepership.objects.in_force(clock.today()).filter(station=station).values("user")
    rows = User.objects.filter(pk__in=keepers) | User.objects.filter(
        grants__role=Role.TOWNSHIP, grants__unit=station.township_id
    )
    return list(rows.filter(is_active=True).distinct().order_by("display_name", "pk"))


def repairs_from(
    check: StationCheck, station: Station, findings: Sequence[CheckAnswer], *, actor: Scope, now: datetime
) -> int:
    """Open a repair for each failed item, within the transaction of the check; an item with one open gets a step of it instead, and is no longer
    mended if somebody said so. Returns how many are new."""
    due_on = check.checked_on + timedelta(days=int(value("stations.repair_days", on=check.checked_on)))
    known = {repair.item_code: repair for repair in Repair.objects.open().filter(station=station)}
    fresh = 0
    for answer in findings:
        repair = known.get(answer.item.code)
        if repair is None:
            repair = Repair.objects.create(
                station=station,
                found_by=check,
                item=answer.item,
                item_code=answer.item.code,
                what=f"不符合：{answer.item.text}",
                detail=answer.remark,
                opened_on=check.checked_on,
                opened_by_id=actor.user_id,
                due_on=due_on,
            )
            fresh += 1
            _step(repair, OPEN, actor, now, answer.remark, check)
            continue
        mended = repair.state == RepairState.MENDED and repair.mended_on is not None
        if mended and repair.mended_on <= check.checked_on:  # it was not, after all; a check of before it says nothing
            _apply(repair, MOVES["send_back"], actor, check.checked_on, None, None)
            repair.version += 1
            repair.save()
        _step(repair, SEEN, actor, now, answer.remark, check)
    return fresh


@transaction.atomic
def repair_open(
    *,
    uuid: UUID,
    station: str,
    what: str,
    detail: str = "",
    photos: Sequence[UploadedFile] = (),
    actor: Scope,
    now: datetime | None = None,
) -> Repair:
    """Report something broken outside a check. A repeat of the uuid is the first row. FieldErrors at what, detail, photos."""
    require(actor, "repair.open")
    moment = now or clock.now()
    place = Station.objects.visible_to(actor).select_for_update(of=("self",)).filter(code=station).first()
    if place is None:
        raise NotFound
    if not place.may_change:
        raise InvalidTransition("驿站已撤销，不能再报修。")
    if first := Repair.objects.filter(uuid=uuid, station=place).first():
        return first
    what, detail = what.strip(), detail.strip()
    problems = _long(detail, "detail")
    if not what or len(what) > WHAT_LENGTH:
        problems["what"] = f"最多 {WHAT_LENGTH} 个字。" if what else "请写明要修什么。"
    if problems:
        raise FieldErrors(problems)
    today = clock.local_date(moment)
    repair = Repair.objects.create(
        uuid=uuid,
        station=place,
        what=what,
        detail=detail,
        opened_on=today,
        opened_by_id=actor.user_id,
        due_on=today + timedelta(days=int(value("stations.repair_days", on=today))),
    )
    _attach(repair, photos, RepairPhoto.Stage.BROKEN, actor, moment)
    _step(repair, OPEN, actor, moment, detail)
    return repair


@transaction.atomic
def repair_move(
    *,
    repair_id: int,
    action: str,
    version: int | None,
    actor: Scope,
    note: str = "",
    assignee: User | None = None,
    due_on: date | None = None,
    photos: Sequence[UploadedFile] = (),
    now: datetime | None = None,
) -> Repair:
    """One move of `repair_workflow.MOVES`. NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors in this order."""
    move = MOVES.get(action)
    if move is None:
        raise NotFound("没有这种操作。")
    moment = now or clock.now()
    repair = _locked(repair_id, actor)
    if not may_move(repair, move, actor):
        own = move.not_own and repair.mended_by_id == actor.user_id
        raise Forbidden("修好是您登记的，请由别人验收。" if own else "您不能在这里进行这一步。")
    if version is not None and version != repair.version:
        raise StaleVersion
    if repair.state not in move.sources:
        raise InvalidTransition(f"这项维修现在是“{repair.get_state_display()}”，不能{move.label}。")
    today = clock.local_date(moment)
    given = {"assignee": assignee, "due_on": due_on, "photos": photos, "note": note.strip()}
    problems = {name: MISSING[name] for name in sorted(move.required) if not given[name]} | _long(note, "note")
    if "due_on" in move.required and due_on is not None and due_on < today:
        problems["due_on"] = f"期限不能早于今天（{zh_day(today)}）。"
    if assignee is not None and assignee not in assignees_for(repair.station):
        problems["assignee"] = "只能交给这个驿站的管理员或所在镇街的工作人员。"
    if problems:
        raise FieldErrors(problems)
    _apply(repair, move, actor, today, assignee, due_on)
    _attach(repair, photos, RepairPhoto.Stage.MENDED, actor, moment)
    repair.version += 1
    repair.save()
    _step(repair, action, actor, moment, note.strip())
    if repair.state == RepairState.ASSIGNED and repair.assignee_id not in (None, actor.user_id):
        _tell_assignee(repair, moment)
    return repair


def _apply(repair: Repair, move: Move, actor: Scope, today: date, assignee: User | None, due_on: date | None) -> None:
    repair.state = move.target
    if move.action == "assign" and due_on is not None:
        repair.assignee, repair.due_on = assignee, due_on
    if move.target == RepairState.MENDED:
        repair.mended_on, repair.mended_by_id = today, actor.user_id
    if move.action == "send_back":
        # Whoever said it was mended goes on with it, if it was given to nobody.
        repair.assignee_id = repair.assignee_id or repair.mended_by_id
        repair.mended_on = repair.mended_by = None
    if move.target in (RepairState.VERIFIED, RepairState.DROPPED):
        repair.ended_on = today


def _tell_assignee(repair: Repair, now: datetime) -> None:
    """Who has to mend it hears of it, also when it comes back."""
    tell(
        [Told(repair.assignee_id, Kind.TODO)] if repair.assignee_id else [],
        text=f"{repair.station.name}有一件维修等您办理，请在{repair.due_on.month}月{repair.due_on.day}日前修好。",
        url=f"/stations/care/repairs/{repair.pk}/",
        source=f"repair-{repair.pk}-{repair.version}",
        now=now,
    )


def _locked(repair_id: int, actor: Scope) -> Repair:
    rows = Repair.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    repair = rows.filter(pk=repair_id).first()
    if repair is None:
        raise NotFound
    require(actor, "repair.work")
    return repair


def _long(text: str, field: str) -> dict[str, str]:
    return {field: f"最多 {NOTE_LENGTH} 个字。"} if len(text.strip()) > NOTE_LENGTH else {}


def _attach(repair: Repair, photos: Sequence[UploadedFile], stage: str, actor: Scope, now: datetime) -> None:
    if len(photos) > MAX_PHOTOS:
        raise FieldErrors({"photos": f"一次最多 {MAX_PHOTOS} 张照片。"})
    for upload in photos:
        attachment = picture_store(upload=upload, actor=actor, now=now)
        RepairPhoto.objects.create(repair=repair, attachment=attachment, stage=stage)


def _step(
    repair: Repair, action: str, actor: Scope, now: datetime, note: str = "", check: StationCheck | None = None
) -> None:
    """Append to the repair's log and to the audit trail; words only to the log."""
    RepairStep.objects.create(repair=repair, action=action, actor_id=actor.user_id, at=now, note=note, found_by=check)
    record(
        actor=actor,
        action=f"repair.{action}",
        object_type="repair",
        object_id=repair.pk,
        station=repair.station.code,
        state=str(repair.state),
        version=repair.version,
    )
