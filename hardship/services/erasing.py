"""Deleting personal data whose time is up: a preview, the deletion, and a certificate of it. What figures need stays. Source: docs/domain.md."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from hardship.lead_part import erase_lead
from hardship.models import ErasureCertificate, ErasureCounter, HardshipFile, Lead
from hardship.parts import PARTS
from hardship.personal import ERASED
from hardship.workflow import STATE_LABELS, State
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.common.months import shifted
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_drop
from unionportal.core.params.values import value

DISMISSED = str(Lead.State.DISMISSED)
#: Outcome -> the parameter that says how many years its personal data are kept.
KEPT_YEARS = {
    str(State.LIFTED): "hardship.keep_lifted_years",
    str(State.CLEARED): "hardship.keep_cleared_years",
    str(State.REJECTED): "hardship.keep_rejected_years",
    DISMISSED: "hardship.keep_dismissed_years",
}
OUTCOME_LABELS = {**{str(state): label for state, label in STATE_LABELS.items()}, DISMISSED: "线索已排除"}
#: Plain columns that say something of a person and that no figure needs.
_OF_FILE = ("unit_name", "unit_nature", "unit_condition", "hukou_area", "bank_name")
_OF_MEMBER = ("ethnicity", "political", "marriage", "health", "education")
_SEALED = ("name", "id", "phone", "born", "illness", "workplace")
MOST = 200


@dataclass(frozen=True, slots=True)
class Due:
    """A file, or a lead that was dismissed, whose personal data are due: by which rule, since when."""

    subject: HardshipFile | Lead
    years: int
    ended_on: date

    @property
    def since(self) -> date:
        return shifted(self.ended_on, 12 * self.years)

    @property
    def outcome(self) -> str:
        return OUTCOME_LABELS[self.subject.state]

    @property
    def is_lead(self) -> bool:
        return isinstance(self.subject, Lead)


def years_on(day: date) -> dict[str, int]:
    """How long personal data are kept after each outcome, by the parameters of a day."""
    return {state: int(value(key, on=day)) for state, key in KEPT_YEARS.items()}


def due_records(scope: Scope, day: date) -> list[Due]:
    """Files and dismissed leads of the own area whose time is up, the longest due first."""
    years = years_on(day)
    files = _due_files(HardshipFile.objects.personal_to(scope), years, day).select_related("township")
    leads = _due_leads(Lead.objects.personal_to(scope), years, day).select_related("township")
    found = [
        *(
            Due(row, years[row.state], row.closed_on)
            for row in files.order_by("closed_on", "pk")[:MOST]
            if row.closed_on
        ),
        *(
            Due(row, years[DISMISSED], row.decided_on)
            for row in leads.order_by("decided_on", "pk")[:MOST]
            if row.decided_on
        ),
    ]
    return sorted(found, key=lambda due: (due.since, due.subject.code))[:MOST]


def _due_files(files: QuerySet[HardshipFile], years: dict[str, int], day: date) -> QuerySet[HardshipFile]:
    over = Q(pk__in=[])
    for state, kept in years.items():
        over |= Q(state=state, closed_on__lte=shifted(day, -12 * kept))
    return files.filter(over, erased_at__isnull=True)


def _due_leads(leads: QuerySet[Lead], years: dict[str, int], day: date) -> QuerySet[Lead]:
    return leads.filter(state=DISMISSED, decided_on__lte=shifted(day, -12 * years[DISMISSED]), erased_at__isnull=True)


@transaction.atomic
def records_erase(*, codes: Sequence[str], actor: Scope, now: datetime | None = None) -> ErasureCertificate:
    """Delete the personal data of files and dismissed leads whose time is up, all or none, and certify it.

    Raises Forbidden, FieldErrors, Conflict where one is not due.
    """
    require(actor, "hardship.erase")
    if not codes:
        raise FieldErrors({"codes": "请选择要删除个人信息的档案或线索。"})
    moment = now or clock.now()
    day = clock.local_date(moment)
    years = years_on(day)
    my_files = HardshipFile.objects.personal_to(actor).filter(code__in=codes)
    my_leads = Lead.objects.personal_to(actor).filter(code__in=codes)
    files = list(_due_files(my_files, years, day).select_for_update(of=("self",)).order_by("pk"))
    leads = list(_due_leads(my_leads, years, day).select_for_update(of=("self",)).order_by("pk"))
    if len(files) + len(leads) != len(set(codes)):
        raise Conflict("所选档案或线索有的已经删除过，或还没有到期，请刷新预览后再选。")
    counts: Counter[str] = Counter()
    for file in files:
        _erase_file(file, counts, moment)
    for lead in leads:
        counts["dismissed"] += 1
        counts["texts"] += erase_lead(lead, moment)
    certificate = ErasureCertificate.objects.create(
        number=next_code("SC", ErasureCounter, day.year),
        codes=[row.code for row in (*files, *leads)],
        township_ids=sorted({row.township_id for row in (*files, *leads)}),
        years=years,
        counts=+counts,
        erased_by_id=actor.user_id,
        erased_at=moment,
    )
    record(
        actor=actor,
        action="hardship.erase",
        object_type="hardship_erasure",
        object_id=certificate.number,
        files=len(files),
        leads=len(leads),
    )
    return certificate


def _erase_file(file: HardshipFile, counts: Counter[str], moment: datetime) -> None:
    counts["files"] += 1
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
        counts[part.code] += part.erase(file)
    for rows in (file.looks, file.category_decisions):
        counts["texts"] += rows.exclude(reason__in=["", ERASED]).update(reason=ERASED)
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
