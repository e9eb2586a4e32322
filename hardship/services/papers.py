"""Papers of a file: consents and authorisations above all. Source: docs/domain.md, "Hardship files"."""

from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hardship import codes
from hardship.models import FileLook, FileMember, FilePaper, HardshipFile, SurveyPhoto
from hardship.personal import look, may_see_personal, name_shown
from hardship.services.inputs import CHOOSE
from hardship.services.locking import file_for_update, require_version, step
from hardship.workflow import CLOSED_STATES, STATE_LABELS, State
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.identity import age_on
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_store

OF_SOMEBODY = (codes.CONSENT, codes.GUARDIAN)
SIGNED = (*OF_SOMEBODY, codes.AUTHORISATION)


@transaction.atomic
def paper_add(
    *,
    code: str,
    version: int,
    uuid: UUID,
    kind: str,
    actor: Scope,
    member_id: int | None = None,
    signed_on: date | None = None,
    upload: UploadedFile | None = None,
    now: datetime | None = None,
) -> FilePaper:
    """Add a paper: its scan, the day it was signed, or both. A repeat of `uuid` returns the first row.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, Conflict, FieldErrors.
    """
    file = file_for_update(code, actor, action="hardship.write")
    if (first := FilePaper.objects.filter(uuid=uuid).first()) is not None:
        if first.file_id != file.pk:
            raise Conflict
        return first
    require_version(file, version)
    if not takes_papers(file):
        raise InvalidTransition(f"这份档案{STATE_LABELS[file.state]}，不能再添加材料。")
    member = file.members.present().filter(pk=member_id).first() if member_id else None
    problems = _problems(kind, member, signed_on, upload)
    if member_id and member is None:
        problems["member"] = CHOOSE
    if problems:
        raise FieldErrors(problems)
    attachment = (
        attachment_store(upload=upload, actor=actor, now=now, field="upload", personal=True) if upload else None
    )
    paper = FilePaper.objects.create(
        uuid=uuid,
        file=file,
        member=member,
        kind=kind,
        signed_on=signed_on,
        attachment=attachment,
        added_by_id=actor.user_id,
        added_at=now or clock.now(),
    )
    step(file)
    record(
        actor=actor,
        action="hardship.paper",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        kind=kind,
        member=member.pk if member else None,
    )
    return paper


def takes_papers(file: HardshipFile) -> bool:
    """Whether papers may be added: while the file is live, and to a lifted one, whose household signs anew before it is taken back (返困)."""
    return bool(file.is_live) or (file.state == State.LIFTED and file.erased_at is None)


def _problems(
    kind: str, member: FileMember | None, signed_on: date | None, upload: UploadedFile | None
) -> dict[str, str]:
    problems = {}
    if kind not in dict(codes.PAPERS):
        problems["kind"] = CHOOSE
    if kind in OF_SOMEBODY and member is None:
        problems["member"] = "请选择是哪位成员的同意书。"
    elif kind == codes.GUARDIAN and member and (age_of(member, clock.today()) or 0) >= codes.GUARDED_UNTIL:
        problems["kind"] = f"这位成员已满 {codes.GUARDED_UNTIL} 周岁，由本人签同意书。"
    if kind in SIGNED and signed_on is None:
        problems["signed_on"] = "请填写签署日期。"
    if signed_on is not None and signed_on > clock.today():
        problems["signed_on"] = "签署日期不能晚于今天。"
    if signed_on is None and upload is None and "signed_on" not in problems:
        problems["upload"] = "请上传扫描件，或填写签署日期。"
    return problems


@transaction.atomic
def consent_withdraw(*, code: str, version: int, paper_id: int, withdrawn_on: date, actor: Scope) -> FilePaper:
    """Write down that somebody withdrew a consent; what it permitted stops from that day. Raises NotFound, Forbidden, StaleVersion, FieldErrors."""
    file = file_for_update(code, actor, action="hardship.write", version=version)
    paper = file.papers.filter(pk=paper_id, kind__in=SIGNED, withdrawn_on__isnull=True).first()
    if paper is None:
        raise NotFound
    if paper.signed_on is None or not paper.signed_on <= withdrawn_on <= clock.today():
        raise FieldErrors({"withdrawn_on": "撤回日期应在签署之后、今天以前。"})
    paper.withdrawn_on = withdrawn_on
    paper.save(update_fields=["withdrawn_on"])
    step(file)
    record(
        actor=actor,
        action="hardship.withdraw",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        kind=paper.kind,
    )
    return paper


@transaction.atomic
def scan_open(*, code: str, attachment_id: UUID, actor: Scope, now: datetime | None = None) -> Attachment:
    """A scan of the file for somebody who works with its personal data; the look is written down. Raises NotFound, Forbidden."""
    file = _own_file(code, actor)
    row = (
        file.papers.filter(attachment=attachment_id).first()
        or file.income_lines.filter(attachment=attachment_id).first()
    )
    if row is None or row.attachment is None:
        raise NotFound
    _opened(file, row.attachment, actor, row.member, now)
    return row.attachment


@transaction.atomic
def photo_open(*, code: str, photo_id: int, actor: Scope, now: datetime | None = None) -> Attachment:
    """A picture of a home survey, as a scan is opened. Raises NotFound, Forbidden."""
    file = _own_file(code, actor)
    photo = SurveyPhoto.objects.filter(survey__file=file, pk=photo_id).select_related("attachment").first()
    if photo is None:
        raise NotFound
    _opened(file, photo.attachment, actor, None, now)
    return photo.attachment


def _own_file(code: str, actor: Scope) -> HardshipFile:
    file = HardshipFile.objects.visible_to(actor).filter(code=code).first()
    if file is None:
        raise NotFound
    require(actor, "hardship.reveal")
    if not may_see_personal(actor, file):
        raise Forbidden
    return file


def _opened(
    file: HardshipFile, attachment: Attachment, actor: Scope, member: FileMember | None, now: datetime | None
) -> None:
    look([file], FileLook.Way.PAPER, actor, member=member, now=now)
    record(
        actor=actor,
        action="hardship.paper_open",
        object_type="hardship_file",
        object_id=file.code,
        attachment=str(attachment.pk),
    )


def age_of(member: FileMember, day: date) -> int | None:
    """Full years on a day; None where the birth date is not known, or its key is gone."""
    try:
        born = member.opened("born")
    except Unreadable:
        return None
    return age_on(date.fromisoformat(born), day) if born else None


def consent_gaps(file: HardshipFile, day: date, *, personal: bool) -> list[str]:
    """Consents that are missing, in words: everybody's own, a guardian's below fourteen, and the household's authorisation. The latter ends with
    the file: whoever applies again signs another."""
    valid = [paper for paper in file.papers.all() if paper.withdrawn_on is None]
    given = {(paper.kind, paper.member_id) for paper in valid}
    gaps = []
    for member in file.members.all():
        if member.left_on is not None:
            continue
        age = age_of(member, day)
        kind = codes.GUARDIAN if age is not None and age < codes.GUARDED_UNTIL else codes.CONSENT
        if (kind, member.pk) not in given:
            gaps.append(f"{name_shown(member, personal=personal)}的{dict(codes.PAPERS)[kind]}")
    signed = [paper.signed_on for paper in valid if paper.kind == codes.AUTHORISATION and paper.signed_on]
    name = dict(codes.PAPERS)[codes.AUTHORISATION]
    ended = file.steps.filter(to_state__in=CLOSED_STATES).order_by("-seq").values_list("happened_on", flat=True).first()
    if not signed:
        gaps.append(name)
    elif ended is not None and max(signed) < ended:
        gaps.append(f"{zh_day(ended)}以后重新签的{name}（原来的随档案了结失效）")
    return gaps


@transaction.atomic
def form_taken(*, file: HardshipFile, paper: str, actor: Scope, now: datetime | None = None) -> None:
    """Write down that a form of the file was printed, with everything on it. Raises Forbidden."""
    require(actor, "hardship.forms")
    if not may_see_personal(actor, file):
        raise Forbidden
    look([file], FileLook.Way.PRINT, actor, shown=[paper], now=now)
    record(actor=actor, action="hardship.form", object_type="hardship_file", object_id=file.code, paper=paper)
