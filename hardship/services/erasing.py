"""Deleting personal data whose time is up: a preview, the deletion, and a certificate of it. What figures need stays. Source: docs/domain.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from hardship.models import ErasureCertificate, HardshipFile
from hardship.parts import PARTS
from hardship.workflow import State
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.common.months import shifted
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_drop
from unionportal.core.params.values import value

#: Outcome -> the parameter that says how many years its personal data are kept.
KEPT_YEARS = {
    State.LIFTED: "hardship.keep_lifted_years",
    State.CLEARED: "hardship.keep_cleared_years",
    State.REJECTED: "hardship.keep_rejected_years",
}
#: Plain columns that say something of a person and that no figure needs.
_OF_FILE = ("unit_name", "unit_nature", "unit_condition", "hukou_area", "bank_name")
_OF_MEMBER = ("ethnicity", "political", "marriage", "health", "education")
_SEALED = ("name", "id", "phone", "born", "illness", "workplace")
MOST = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A file whose personal data are due, by which rule, since when."""

    file: HardshipFile
    years: int
    since: date


def years_on(day: date) -> dict[str, int]:
    """How long personal data are kept after each outcome, by the parameters of a day."""
    return {str(state): int(value(key, on=day)) for state, key in KEPT_YEARS.items()}


def due_files(scope: Scope, day: date) -> list[Due]:
    """Files of the own area whose time is up, the longest due first."""
    years = years_on(day)
    rows = _due(HardshipFile.objects.personal_to(scope), years, day).select_related("township")
    found = [
        Due(row, years[row.state], shifted(row.closed_on, 12 * years[row.state]))
        for row in rows.order_by("closed_on", "pk")[:MOST]
        if row.closed_on
    ]
    return sorted(found, key=lambda due: (due.since, due.file.pk))


def _due(files: QuerySet[HardshipFile], years: dict[str, int], day: date) -> QuerySet[HardshipFile]:
    over = Q(pk__in=[])
    for state, kept in years.items():
        over |= Q(state=state, closed_on__lte=shifted(day, -12 * kept))
    return files.filter(over, erased_at__isnull=True)


@transaction.atomic
def files_erase(*, codes: Sequence[str], actor: Scope, now: datetime | None = None) -> ErasureCertificate:
    """Delete the personal data of files whose time is up, all or none, and certify it. Raises Forbidden, FieldErrors, Conflict where one is not due."""
    require(actor, "hardship.erase")
    if not codes:
        raise FieldErrors({"codes": "请选择要删除个人信息的档案。"})
    moment = now or clock.now()
    day = clock.local_date(moment)
    years = years_on(day)
    mine = HardshipFile.objects.personal_to(actor).filter(code__in=codes)
    files = list(_due(mine, years, day).select_for_update(of=("self",)).order_by("pk"))
    if len(files) != len(set(codes)):
        raise Conflict("所选档案有的已经删除过，或还没有到期，请刷新预览后再选。")
    counts = {"files": len(files), "members": 0, "papers": 0, "scans": 0}
    for file in files:
        _erase(file, counts, moment)
    certificate = ErasureCertificate.objects.create(
        number=_next_number(day.year),
        codes=[file.code for file in files],
        township_ids=sorted({file.township_id for file in files}),
        years=years,
        counts=counts,
        erased_by_id=actor.user_id,
        erased_at=moment,
    )
    record(
        actor=actor,
        action="hardship.erase",
        object_type="hardship_erasure",
        object_id=certificate.number,
        files=len(files),
    )
    return certificate


def _erase(file: HardshipFile, counts: dict[str, int], moment: datetime) -> None:
    for member in file.members.all():
        for name in _SEALED:
            member.seal(name, "")
        for name in _OF_MEMBER:
            setattr(member, name, "")
        member.contract_from = member.contract_to = member.enrolled_year = None
        member.save()
        counts["members"] += 1
    scans = [row.attachment_id for row in (*file.papers.all(), *file.income_lines.all()) if row.attachment_id]
    counts["papers"] += file.papers.count()
    counts["scans"] += len(scans)
    file.papers.all().delete()
    file.income_lines.update(attachment=None, member=None)
    for part in PARTS.values():
        if emptied := part.erase(file):
            counts[part.code] = counts.get(part.code, 0) + emptied
    _remove_scans(scans)
    for name in ("address", "card"):
        file.seal(name, "")
    for name in _OF_FILE:
        setattr(file, name, "")
    file.worked_since = file.floor_area = None
    file.erased_at = moment
    file.version += 1
    file.save()


def _remove_scans(ids: Sequence[UUID]) -> None:
    """The rows now, the stored files once that is certain."""
    for attachment in Attachment.objects.filter(pk__in=ids):
        attachment_drop(attachment)


def _next_number(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO hardship_erasurecounter (year, last) VALUES (%s, 1) "
            "ON CONFLICT (year) DO UPDATE SET last = hardship_erasurecounter.last + 1 RETURNING last",
            [year],
        )
        (last,) = cursor.fetchone()
    return f"SC-{year}-{last:04d}"
