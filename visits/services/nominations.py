"""Nominations (优秀调研成果, 合理化建议): handed in, mended, withdrawn, admitted or refused. Source: docs/domain.md, "Annual evaluation"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from casework.models import Issue
from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.files.services import attachment_drop, attachment_store
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.orgs.models import Unit
from visits.evaluation_workflow import KINDS, NOMINATING
from visits.models import Nomination, NominationAuthor, NominationFile
from visits.models.nominations import ABSTRACT_LENGTH, REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from visits.services.evaluation_lock import locked_round, require_nominating, require_phase

AUTHORS_MOST = 8
FILES_MOST = 10
State = Nomination.State


@dataclass(frozen=True, slots=True)
class NominationInput:
    """A nomination as it was typed. `authors` in their order; `issues` are numbers of issues the nominator sees."""

    title: str
    abstract: str
    text: str
    authors: tuple[User, ...]
    unit: Unit | None = None
    issues: tuple[str, ...] = ()
    files: tuple[UploadedFile, ...] = ()


@transaction.atomic
def nomination_submit(
    *, uuid: UUID, round_id: int, kind: str, given: NominationInput, actor: Scope, now: datetime | None = None
) -> Nomination:
    """Hand in a nomination (a cadre or a township union), in the days of nominating. A repeat of `uuid` by the same person is the first row.

    Raises NotFound, Forbidden, InvalidTransition, Conflict, FieldErrors.
    """
    require(actor, "evaluation.nominate")
    moment = now or clock.now()
    found = locked_round(round_id, actor)
    if first := Nomination.objects.filter(pk=uuid).first():
        if first.submitted_by_id != actor.user_id or first.round_id != found.pk:
            raise Conflict
        return first
    require_nominating(found, clock.local_date(moment))
    if kind not in KINDS:
        raise NotFound
    last = found.nominations.aggregate(last=Max("number"))["last"] or 0
    nomination = Nomination(
        id=uuid,
        round=found,
        number=last + 1,
        kind=kind,
        submitted_by_id=actor.user_id,
        submitted_at=moment,
    )
    _write(nomination, given, actor, moment, new=True)
    _note(nomination, actor, "nomination.submit")
    return nomination


@transaction.atomic
def nomination_edit(
    *,
    nomination_id: UUID,
    version: int | None,
    given: NominationInput,
    actor: Scope,
    remove_files: Sequence[int] = (),
    now: datetime | None = None,
) -> Nomination:
    """Mend an own nomination in the days of nominating; one that was admitted or refused waits for staff again."""
    nomination = _own(nomination_id, version, actor, now)
    nomination.state, nomination.reason = State.HANDED_IN, ""
    for row in nomination.files.filter(pk__in=remove_files).select_related("attachment"):
        row.delete()
        attachment_drop(row.attachment)
    nomination.version += 1
    _write(nomination, given, actor, now or clock.now())
    _note(nomination, actor, "nomination.edit")
    return nomination


@transaction.atomic
def nomination_withdraw(
    *, nomination_id: UUID, version: int | None, actor: Scope, now: datetime | None = None
) -> Nomination:
    """Take an own nomination back, in the days of nominating."""
    nomination = _own(nomination_id, version, actor, now)
    nomination.state, nomination.reason = State.WITHDRAWN, ""
    return _saved(nomination, actor, "nomination.withdraw")


@transaction.atomic
def nomination_admit(
    *, nomination_id: UUID, version: int | None, actor: Scope, now: datetime | None = None
) -> Nomination:
    """Staff admit a nomination to reviewing."""
    nomination = _to_judge(nomination_id, version, actor)
    nomination.state = State.ADMITTED
    _saved(nomination, actor, "nomination.admit")
    _tell(nomination, "已受理", now)
    return nomination


@transaction.atomic
def nomination_refuse(
    *, nomination_id: UUID, version: int | None, reason: str, actor: Scope, now: datetime | None = None
) -> Nomination:
    """Staff refuse a nomination, with a reason."""
    nomination = _to_judge(nomination_id, version, actor)
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明不予受理的理由，最多 {REASON_LENGTH} 个字。"})
    nomination.state, nomination.reason = State.REFUSED, reason
    _saved(nomination, actor, "nomination.refuse")
    _tell(nomination, "没有受理，请看理由", now)
    return nomination


def may_change(nomination: Nomination, actor: Scope) -> bool:
    """Whether somebody may mend or withdraw it: who handed it in, an author, and its township's union."""
    if nomination.submitted_by_id == actor.user_id or (
        actor.has(Role.TOWNSHIP) and nomination.unit_id in actor.township_ids
    ):
        return True
    return any(author.user_id == actor.user_id for author in nomination.authors.all())


def units_to_name(actor: Scope) -> list[Unit]:
    """The townships somebody may nominate for: where they work, or are posted."""
    ids = actor.township_ids if actor.has(Role.TOWNSHIP) else frozenset()
    return list(Unit.objects.filter(pk__in=ids | actor.posted_township_ids).order_by("code"))


def _own(nomination_id: UUID, version: int | None, actor: Scope, now: datetime | None) -> Nomination:
    require(actor, "evaluation.nominate")
    nomination = _locked(nomination_id, version, actor)
    if not may_change(nomination, actor):
        raise Forbidden("只能修改本人或本镇街的提名。")
    require_nominating(nomination.round, clock.local_date(now or clock.now()))
    if nomination.state == State.WITHDRAWN:
        raise InvalidTransition("这件提名已经撤回。")
    return nomination


def _to_judge(nomination_id: UUID, version: int | None, actor: Scope) -> Nomination:
    require(actor, "evaluation.manage")
    nomination = _locked(nomination_id, version, actor)
    require_phase(nomination.round, NOMINATING, what="不能再受理提名")
    if nomination.state != State.HANDED_IN:
        raise InvalidTransition(f"这件提名{nomination.get_state_display()}，不能再处理。")
    return nomination


def _locked(nomination_id: UUID, version: int | None, actor: Scope) -> Nomination:
    """The round first, then the nomination: whoever moves the round waits, or is seen."""
    found = Nomination.objects.visible_to(actor).filter(pk=nomination_id).values_list("round_id", flat=True).first()
    if found is None:
        raise NotFound
    year = locked_round(found, actor)
    nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination_id)
    nomination.round = year
    if version is not None and version != nomination.version:
        raise StaleVersion
    return nomination


def _write(
    nomination: Nomination, given: NominationInput, actor: Scope, moment: datetime, *, new: bool = False
) -> None:
    problems = {}
    texts = {
        "title": (given.title, TITLE_LENGTH),
        "abstract": (given.abstract, ABSTRACT_LENGTH),
        "text": (given.text, TEXT_LENGTH),
    }
    for name, (typed, longest) in texts.items():
        if not typed.strip() or len(typed.strip()) > longest:
            problems[name] = f"请填写，最多 {longest} 个字。"
        setattr(nomination, name, typed.strip())
    authors = list(dict.fromkeys(given.authors))
    if not 1 <= len(authors) <= AUTHORS_MOST:
        problems["authors"] = f"请写 1 到 {AUTHORS_MOST} 名作者。"
    elif not all(author.is_active for author in authors):
        problems["authors"] = "作者的账号已停用。"
    if given.unit is not None and given.unit.pk != nomination.unit_id and given.unit not in units_to_name(actor):
        problems["unit"] = f"您不能代{given.unit}提名。"
    linked = [] if new else list(nomination.issues.values_list("pk", flat=True))
    issues = list((Issue.objects.visible_to(actor) | Issue.objects.filter(pk__in=linked)).filter(code__in=given.issues))
    if unknown := sorted(set(given.issues) - {issue.code for issue in issues}):
        problems["issues"] = f"没有找到诉求 {unknown[0]}。"
    kept = 0 if new else nomination.files.count()
    if kept + len(given.files) > FILES_MOST:
        problems["attachments"] = f"最多 {FILES_MOST} 个附件。"
    if problems:
        raise FieldErrors(problems)
    nomination.unit = given.unit
    nomination.save(force_insert=new)
    nomination.authors.all().delete()
    NominationAuthor.objects.bulk_create(
        NominationAuthor(nomination=nomination, user=user, position=position)
        for position, user in enumerate(authors, start=1)
    )
    nomination.issues.set(issues)
    for upload in given.files:
        attachment = attachment_store(upload=upload, actor=actor, now=moment, field="attachments")
        NominationFile.objects.create(nomination=nomination, attachment=attachment)


def _saved(nomination: Nomination, actor: Scope, action: str) -> Nomination:
    nomination.version += 1
    nomination.save()
    _note(nomination, actor, action)
    return nomination


def _note(nomination: Nomination, actor: Scope, action: str) -> None:
    record(
        actor=actor,
        action=action,
        object_type="nomination",
        object_id=nomination.pk,
        year=nomination.round.year,
        number=nomination.number,
        version=nomination.version,
    )


def _tell(nomination: Nomination, word: str, now: datetime | None) -> None:
    people = {nomination.submitted_by_id, *nomination.authors.values_list("user_id", flat=True)}
    tell(
        [Told(user, Kind.PROGRESS) for user in sorted(people)],
        text=f"{nomination.round}{nomination.blind_name}提名{word}",
        url=reverse("evaluation-nomination", args=[nomination.round.year, nomination.pk]),
        source=f"nomination:{nomination.pk}:{nomination.version}",
        now=now,
    )
