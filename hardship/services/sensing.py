"""Bringing in a department's sheet: kept sealed while somebody looks at it, taken whole or not at all, deleted after a set time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePosixPath
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from hardship.models import SensedBatch, SensedRow, SensingMapping
from hardship.models.sealing import found_by
from hardship.models.sensing import LINE_LENGTH, PROVIDER_LENGTH
from hardship.sensing.columns import checked_headings, mapping_problems, suggested
from hardship.sensing.keys import who
from hardship.sensing.packing import packed, packed_cells, unpacked_cells
from hardship.sensing.reading import Person, Reading, read_people
from hardship.sensing.sources import SOURCES, fields_of
from hardship.services.raising import raise_leads
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import safe_name
from unionportal.core.jobs.sheets import read_sheet
from unionportal.core.jobs.uploads import checked_content
from unionportal.core.params.values import value

#: Rows of a sheet: it is taken in one transaction, while a person waits.
MOST_ROWS = 5000
#: A sheet nobody confirms is gone after so long.
DRAFT_DAYS = 1


@dataclass(frozen=True, slots=True)
class BatchInput:
    """What is recorded about a sheet before it is read."""

    source: str
    provider: str
    purpose: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a waiting sheet reads by a mapping. `problems`: of the mapping, by field; then nothing was read."""

    headings: list[str]
    mapping: dict[str, str]
    problems: dict[str, str]
    reading: Reading


@transaction.atomic
def batch_upload(
    *, uuid: UUID, given: BatchInput, upload: UploadedFile, actor: Scope, now: datetime | None = None
) -> SensedBatch:
    """Read a sheet into sealed rows that wait to be confirmed; the file is not kept. A repeat of `uuid` returns the first row.

    Raises Forbidden, Conflict, FieldErrors (at `file` for what is no sheet, was taken before, or has people for headings).
    """
    require(actor, "sensing.import")
    first = SensedBatch.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.uploaded_by_id != actor.user_id:
            raise Conflict
        return first
    _require_reasons(given)
    moment = now or clock.now()
    name = safe_name(upload.name or "")
    content = checked_content(name, upload)
    sheet = read_sheet(content, PurePosixPath(name).suffix.lower().lstrip("."), most_rows=MOST_ROWS)
    headings = checked_headings(sheet.headings)
    digest = sha256(content).hexdigest()
    _require_new(given.source, digest)
    batch = SensedBatch(
        uuid=uuid,
        source=given.source,
        provider=given.provider.strip(),
        purpose=given.purpose.strip(),
        legal_basis=given.legal_basis.strip(),
        row_count=len(sheet.rows),
        uploaded_by_id=actor.user_id,
        uploaded_at=moment,
        purge_on=clock.local_date(moment) + timedelta(days=DRAFT_DAYS),
    )
    batch.seal("headings", json.dumps(headings, ensure_ascii=False))
    batch.seal("digest", digest)
    batch.save(force_insert=True)
    rows = [SensedRow(batch=batch, number=number) for number, _ in sheet.rows]
    for row, (_, cells) in zip(rows, sheet.rows, strict=True):
        row.seal("content", packed_cells(cells))
    SensedRow.objects.bulk_create(rows, batch_size=1000)
    record(
        actor=actor,
        action="sensing.upload",
        object_type="sensed_batch",
        object_id=batch.pk,
        source=batch.source,
        rows=batch.row_count,
    )
    return batch


def preview(batch: SensedBatch, chosen: Mapping[str, str] | None = None) -> Preview:
    """A waiting sheet read by a mapping: the chosen one, else the one saved for its source as far as it fits."""
    source, headings = SOURCES[batch.source], list(json.loads(batch.opened("headings")))
    saved = SensingMapping.objects.filter(source=batch.source).first()
    mapping = dict(chosen) if chosen is not None else suggested(source, headings, saved.columns if saved else {})
    problems = mapping_problems(source, mapping, headings)
    if problems:
        return Preview(headings, mapping, problems, Reading())
    rows = [(row.number, unpacked_cells(row.opened("content"))) for row in batch.rows.order_by("number")]
    return Preview(headings, mapping, {}, read_people(source, mapping, headings, rows))


@transaction.atomic
def batch_take(
    *,
    batch_uuid: UUID,
    mapping: Mapping[str, str],
    actor: Scope,
    leave_out: bool = False,
    now: datetime | None = None,
) -> SensedBatch:
    """Take a waiting sheet by a mapping, which is saved for its source: only mapped columns are kept, and the rules raise leads.

    Rows that cannot be read are left out only where that is said (`leave_out`). Raises Forbidden, NotFound, InvalidTransition, FieldErrors.
    """
    batch = _waiting(batch_uuid, actor)
    _one_at_a_time()
    moment = now or clock.now()
    today = clock.local_date(moment)
    _require_new(batch.source, batch.opened("digest"))
    known = fields_of(SOURCES[batch.source])
    columns = {name: heading for name, heading in mapping.items() if heading and name in known}
    shown = preview(batch, columns)
    if shown.problems:
        raise FieldErrors(shown.problems)
    reading = shown.reading
    if not reading.people:
        raise FieldErrors({"leave_out": "没有一行可以导入，请更正表格后重新上传。"})
    if reading.bad_rows and not leave_out:
        raise FieldErrors({"leave_out": f"有 {reading.bad_rows} 行有问题。请更正表格后重新上传，或勾选略去这些行。"})
    SensingMapping.objects.update_or_create(
        source=batch.source, defaults={"columns": columns, "saved_by_id": actor.user_id, "saved_at": moment}
    )
    batch.rows.all().delete()
    SensedRow.objects.bulk_create((_row_of(batch, person) for person in reading.people), batch_size=1000)
    batch.state, batch.taken_at = SensedBatch.State.TAKEN, moment
    batch.purge_on = today + timedelta(days=int(value("hardship.sensing_days", on=today)))
    batch.save(update_fields=["state", "taken_at", "purge_on"])
    batch.counts = {
        "people": len(reading.people),
        "repeated": reading.repeated,
        "left_out": reading.bad_rows,
        **raise_leads(batch, reading.people, actor=actor, now=moment, whole=not reading.bad_rows),
    }
    batch.save(update_fields=["counts"])
    record(
        actor=actor,
        action="sensing.take",
        object_type="sensed_batch",
        object_id=batch.pk,
        source=batch.source,
        people=len(reading.people),
        left_out=reading.bad_rows,
        leads=batch.counts["leads"],
    )
    return batch


@transaction.atomic
def batch_discard(*, batch_uuid: UUID, actor: Scope, now: datetime | None = None) -> SensedBatch:
    """Give up a waiting sheet: its rows are deleted at once."""
    batch = _waiting(batch_uuid, actor)
    _purge(batch, SensedBatch.State.DISCARDED, actor, now or clock.now())
    return batch


@transaction.atomic
def batches_purge(*, actor: Scope, now: datetime | None = None) -> int:
    """Delete the rows of every sheet whose time is over; what leads quote of them stays with the leads. Returns how many sheets. May run twice."""
    require(actor, "sensing.purge")
    moment = now or clock.now()
    due = SensedBatch.objects.select_for_update(skip_locked=True).filter(
        state__in=[SensedBatch.State.DRAFT, SensedBatch.State.TAKEN], purge_on__lte=clock.local_date(moment)
    )
    batches = list(due)
    for batch in batches:
        taken = batch.state == SensedBatch.State.TAKEN
        _purge(batch, SensedBatch.State.PURGED if taken else SensedBatch.State.DISCARDED, actor, moment)
    return len(batches)


def _purge(batch: SensedBatch, state: str, actor: Scope, moment: datetime) -> None:
    rows, _ = batch.rows.all().delete()
    batch.seal("headings", "")
    batch.seal("digest", "")
    batch.state, batch.purged_at = state, moment
    batch.save(update_fields=["state", "purged_at", "headings_sealed", "digest_sealed", "digest_find"])
    record(actor=actor, action="sensing.purge", object_type="sensed_batch", object_id=batch.pk, rows=rows, state=state)


def _row_of(batch: SensedBatch, person: Person) -> SensedRow:
    row = SensedRow(batch=batch, number=person.row)
    row.seal("content", packed(person))
    row.seal("id", person.id_number)
    row.seal("who", who(person.name, person.employer))
    return row


def _require_reasons(given: BatchInput) -> None:
    problems = {}
    if given.source not in SOURCES:
        problems["source"] = "请选择数据来源。"
    for name, label, most in (
        ("provider", "提供单位", PROVIDER_LENGTH),
        ("purpose", "使用目的", LINE_LENGTH),
        ("legal_basis", "法律依据", LINE_LENGTH),
    ):
        text = getattr(given, name).strip()
        if not text or len(text) > most:
            problems[name] = f"最多 {most} 个字。" if text else f"请填写{label}。"
    if problems:
        raise FieldErrors(problems)


def _require_new(source: str, digest: str) -> None:
    same = SensedBatch.objects.filter(
        found_by("digest", digest, SensedBatch), source=source, state=SensedBatch.State.TAKEN
    ).first()
    if same is not None and same.taken_at is not None:
        raise FieldErrors({"file": f"这份表在{zh_day(clock.local_date(same.taken_at))}已经导入过。"})


def _waiting(batch_uuid: UUID, actor: Scope) -> SensedBatch:
    require(actor, "sensing.import")
    batch = SensedBatch.objects.select_for_update(of=("self",)).filter(uuid=batch_uuid).first()
    if batch is None:
        raise NotFound
    if batch.state != SensedBatch.State.DRAFT:
        raise InvalidTransition(f"这份数据{batch.get_state_display()}。")
    return batch


def _one_at_a_time() -> None:
    """Two sheets taken side by side would not see each other's rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hardship.sensing'))")
