"""Photos of a check: each follows on its own, so that a bad line loses none."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from stations.models import CheckPhoto, StationCheck
from stations.services.check_inputs import MAX_PHOTOS, CheckPhotoInput
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import picture_store
from visits.services.inputs import upload_digest


@transaction.atomic
def check_photo_add(
    *, check_id: UUID, photo: CheckPhotoInput, actor: Scope, now: datetime | None = None
) -> tuple[CheckPhoto, bool]:
    """Hang a photo on an own check; returns (photo, whether it is new). A repeat of the id, or the same picture again, is the first row.

    Raises NotFound, Forbidden, Conflict (other content under the id), FieldErrors at `file`.
    """
    require(actor, "check.file")
    check = StationCheck.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=check_id).first()
    if check is None:
        raise NotFound
    if check.checked_by_id != actor.user_id:
        raise Forbidden("只有检查人本人可以补照片。")
    sent = upload_digest(photo.file)
    if first := CheckPhoto.objects.filter(client_id=photo.id).first():
        if (first.check_of_id, first.sent_hash) != (check.pk, sent):
            raise Conflict("这张照片的编号已经用过，内容不同。请去掉这张照片，重新选择。")
        return first, False
    if first := check.photos.filter(sent_hash=sent).first():
        return first, False
    if check.photos.count() >= MAX_PHOTOS:
        raise FieldErrors({"file": f"一次检查最多 {MAX_PHOTOS} 张照片。"})
    attachment = picture_store(upload=photo.file, actor=actor, now=now, field="file")
    row = CheckPhoto.objects.create(check_of=check, client_id=photo.id, attachment=attachment, sent_hash=sent)
    record(actor=actor, action="check.photo", object_type="station_check", object_id=check.pk, photo=row.pk)
    return row, True
