"""Sessions, photos and guests of a service activity: what took place, and what it cost."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework.activity_flow import ActivityState
from casework.models import ActivityPhoto, ActivitySession, ServiceActivity
from casework.models.activities import NOTE_LENGTH, PLACE_LENGTH
from casework.services.activities import MOST_MONEY, locked, require_changing, saved, step
from casework.services.activity_enterprises import mark_attended
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_drop, picture_store

MOST_PHOTOS = 60
MOST_NUMBER = 1_000_000


@transaction.atomic
def session_add(
    *,
    code: str,
    uuid: UUID,
    held_on: date,
    place: str,
    actor: Scope,
    attendance: int = 0,
    cost: Decimal = Decimal(0),
    leaflets: int = 0,
    note: str = "",
    now: datetime | None = None,
) -> ActivitySession:
    """Enter a session, past or to come; one to come has no figures yet. A repeat of `uuid` returns the first row."""
    moment = now or clock.now()
    activity = locked(code, actor, None)
    first = activity.sessions.filter(uuid=uuid).first()
    if first is not None:
        return first
    require_changing(activity)
    session = ActivitySession(uuid=uuid, activity=activity)
    _fill(session, held_on, place, attendance, cost, leaflets, note, clock.local_date(moment))
    session.save(force_insert=True)
    saved(activity, "session_add", actor, moment, session=session.pk)
    return session


@transaction.atomic
def session_edit(
    *,
    code: str,
    session_id: int,
    version: int | None,
    held_on: date,
    place: str,
    actor: Scope,
    attendance: int = 0,
    cost: Decimal = Decimal(0),
    leaflets: int = 0,
    note: str = "",
    now: datetime | None = None,
) -> ActivitySession:
    """Change a session, usually to enter its figures. `version` is the activity's."""
    moment = now or clock.now()
    activity = locked(code, actor, version)
    require_changing(activity)
    session = _session(activity, session_id)
    _fill(session, held_on, place, attendance, cost, leaflets, note, clock.local_date(moment))
    session.save()
    _require_still_held(activity, clock.local_date(moment))
    saved(activity, "session_edit", actor, moment, session=session.pk)
    return session


@transaction.atomic
def session_remove(
    *, code: str, session_id: int, version: int | None, actor: Scope, now: datetime | None = None
) -> ServiceActivity:
    """Take out a session entered by mistake, or one that will not take place."""
    moment = now or clock.now()
    activity = locked(code, actor, version)
    require_changing(activity)
    _session(activity, session_id).delete()
    _require_still_held(activity, clock.local_date(moment))
    return saved(activity, "session_remove", actor, moment, session=session_id)


@transaction.atomic
def guests_mark(
    *, code: str, invited_ids: Collection[int], version: int | None, actor: Scope, now: datetime | None = None
) -> ServiceActivity:
    """Note which of the invited enterprises came."""
    activity = locked(code, actor, version)
    require_changing(activity)
    came = mark_attended(activity, invited_ids)
    return saved(activity, "attend", actor, now or clock.now(), enterprises=came)


@transaction.atomic
def photos_change(
    *,
    code: str,
    actor: Scope,
    photos: Sequence[UploadedFile] = (),
    removed: Collection[int] = (),
    now: datetime | None = None,
) -> ServiceActivity:
    """Add photos and take others off; their files go when the transaction has committed. FieldErrors at photos."""
    moment = now or clock.now()
    activity = locked(code, actor, None)
    require_changing(activity)
    if not photos and not removed:
        raise FieldErrors({"photos": "请选择照片。"})
    gone = _remove(activity, removed)
    if activity.photos.count() + len(photos) > MOST_PHOTOS:
        raise FieldErrors({"photos": f"一项活动最多 {MOST_PHOTOS} 张照片。"})
    for upload in photos:
        attachment = picture_store(upload=upload, actor=actor, now=moment)
        ActivityPhoto.objects.create(activity=activity, attachment=attachment)
    for action, number in (("photos_remove", gone), ("photos", len(photos))):
        if number:
            step(activity, action, actor, moment, photos=number)
    return activity


def _remove(activity: ServiceActivity, photo_ids: Collection[int]) -> int:
    photos = list(activity.photos.filter(pk__in=photo_ids).select_related("attachment"))
    for photo in photos:
        photo.delete()
        attachment_drop(photo.attachment)
    return len(photos)


def _session(activity: ServiceActivity, session_id: int) -> ActivitySession:
    session = activity.sessions.filter(pk=session_id).first()
    if session is None:
        raise NotFound
    return session


def _require_still_held(activity: ServiceActivity, today: date) -> None:
    if activity.state == ActivityState.HELD and not activity.sessions.filter(held_on__lte=today).exists():
        raise InvalidTransition("活动已登记举办，至少要有一场已经办过的场次。")


def _fill(
    session: ActivitySession,
    held_on: date,
    place: str,
    attendance: int,
    cost: Decimal,
    leaflets: int,
    note: str,
    today: date,
) -> None:
    place, note = place.strip(), note.strip()
    problems: dict[str, str] = {}
    if not place or len(place) > PLACE_LENGTH:
        problems["place"] = f"地点最多 {PLACE_LENGTH} 个字。" if place else "请写地点。"
    if len(note) > NOTE_LENGTH:
        problems["note"] = f"说明最多 {NOTE_LENGTH} 个字。"
    for name, number in (("attendance", attendance), ("leaflets", leaflets)):
        if not 0 <= number <= MOST_NUMBER:
            problems[name] = "请填 0 到 100 万之间的整数。"
    if not 0 <= cost <= MOST_MONEY:
        problems["cost"] = "经费不能是负数，也不能超过 99 亿元。"
    if held_on > today and (attendance or cost or leaflets):
        problems["held_on"] = "这一场还没到日期，办完后再填人次、经费和资料。"
    if problems:
        raise FieldErrors(problems)
    session.held_on, session.place, session.note = held_on, place, note
    session.attendance, session.cost, session.leaflets = attendance, cost, leaflets
