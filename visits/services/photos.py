"""Photos of a visit: stored by the files service, reachable only through the visit."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_drop, picture_store
from visits.models import Visit, VisitPhoto
from visits.services.inputs import MAX_PHOTOS, PhotoFacts, PhotoInput, upload_digest
from visits.services.journals import journal_for_day

NOT_YOURS = "只有记录这次走访的驻联干部可以修改。"
FIVE_PLACES = Decimal("0.00001")  # about a metre


def attach_photos(
    visit: Visit, uploads: Sequence[UploadedFile], facts: Sequence[PhotoFacts] = (), *, actor: Scope, now: datetime
) -> None:
    """Store the uploads and hang them on the visit; a refusal names the file it is about."""
    for upload, known in zip_longest(uploads, facts[: len(uploads)]):
        _attach(visit, upload, known or PhotoFacts(), None, actor=actor, now=now, field="photos")


@transaction.atomic
def visit_photo_add(
    *, visit_id: UUID, photo: PhotoInput, actor: Scope, now: datetime | None = None
) -> tuple[VisitPhoto, bool]:
    """Hang one more photo on an own visit; returns (photo, whether it is new).

    The id is the client's, and the same picture hangs on a visit once: a repeat returns the first row, so does a picture the form brought already.
    Raises `NotFound`, `Forbidden`, `Conflict` (other content under the id, or the week's journal is submitted), `FieldErrors`.
    """
    now = now or clock.now()
    visit = _own_visit(visit_id, actor)
    sent = upload_digest(photo.file)
    if first := VisitPhoto.objects.filter(client_id=photo.id).first():
        if (first.visit_id, first.sent_hash) != (visit.pk, sent):
            raise Conflict("这张照片的编号已经用过，内容不同。请去掉这张照片，重新选择。")
        return first, False
    if first := visit.photos.filter(sent_hash=sent).first():
        return first, False
    journal_for_day(actor.user_id, visit.visited_on, closed_as=Conflict)
    if visit.photos.count() >= MAX_PHOTOS:
        raise FieldErrors({"file": f"一次走访最多 {MAX_PHOTOS} 张照片。"})
    row = _attach(visit, photo.file, photo.facts, photo.id, actor=actor, now=now, field="file")
    record(actor=actor, action="visit.photo", object_type="visit", object_id=visit.pk, photo=row.pk)
    return row, True


@transaction.atomic
def visit_photo_forget(*, visit_id: UUID, photo_id: int, actor: Scope, now: datetime | None = None) -> VisitPhoto:
    """Take time and place off a photo for good; the picture stays. Also after the week is submitted: it is the cadre's own whereabouts."""
    visit = _own_visit(visit_id, actor)
    photo = visit.photos.filter(pk=photo_id).first()
    if photo is None:
        raise NotFound
    photo.taken_at = photo.latitude = photo.longitude = None
    photo.save(update_fields=["taken_at", "latitude", "longitude"])
    record(actor=actor, action="visit.photo_forget", object_type="visit", object_id=visit.pk, photo=photo.pk)
    return photo


def remove_photos(visit: Visit, photo_ids: Sequence[int]) -> int:
    """Take photos off the visit; the files go when the transaction has committed. Returns how many."""
    photos = list(visit.photos.filter(pk__in=photo_ids).select_related("attachment"))
    for photo in photos:
        photo.delete()
        attachment_drop(photo.attachment)
    return len(photos)


def _own_visit(visit_id: UUID, actor: Scope) -> Visit:
    """The visit, locked: two sends of one photo come one after the other."""
    require(actor, "visit.create")
    visit = Visit.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    if visit.cadre_id != actor.user_id:
        raise Forbidden(NOT_YOURS)
    return visit


def _attach(
    visit: Visit,
    upload: UploadedFile,
    facts: PhotoFacts,
    client_id: UUID | None,
    *,
    actor: Scope,
    now: datetime,
    field: str,
) -> VisitPhoto:
    sent = upload_digest(upload)
    attachment = picture_store(upload=upload, actor=actor, now=now, field=field)
    latitude, longitude = _place(facts)
    return VisitPhoto.objects.create(
        visit=visit,
        attachment=attachment,
        client_id=client_id,
        sent_hash=sent,
        # A phone whose clock is ahead: it cannot have been taken after it came.
        taken_at=min(facts.taken_at, now) if facts.taken_at else None,
        latitude=latitude,
        longitude=longitude,
    )


def _place(facts: PhotoFacts) -> tuple[Decimal | None, Decimal | None]:
    """Both numbers or neither; nonsense is no place, and no reason to refuse the photo."""
    if facts.latitude is None or facts.longitude is None:
        return None, None
    if not (abs(facts.latitude) <= 90 and abs(facts.longitude) <= 180):
        return None, None
    return facts.latitude.quantize(FIVE_PLACES), facts.longitude.quantize(FIVE_PLACES)
