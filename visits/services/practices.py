"""The library of practices: proposed, reviewed, published, withdrawn, marked as useful. Source: docs/domain.md, "Practice library"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.models import Category, Issue
from casework.models.issues import search_tokens
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.ids import payload_hash
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.files.services import attachment_store
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.orgs.models import Unit
from visits.models import Analysis, Journal, Practice, PracticeFile, PracticeMark, Reflection, field_of
from visits.models.practices import MOST_TAGS, TAG_LENGTH

MOST_FILES = 10
_PARTS_OF_TAGS = re.compile(r"[\s,，、;；#]+")
_REQUIRED = {"title": "请写标题。", "summary": "请写摘要。", "text": "请写做法。"}


@dataclass(frozen=True, slots=True)
class PracticeInput:
    """What a practice says. `issue` is a number, `tags` are words."""

    title: str
    summary: str
    text: str
    tags: Sequence[str] = ()
    category: Category | None = None
    township: Unit | None = None
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where a practice was found: one of the texts, whose it is, and the quarter it belongs to."""

    author_id: int
    quarter: date | None = None
    reflection: Reflection | None = None
    analysis: Analysis | None = None
    journal: Journal | None = None


def tags_of(text: str) -> list[str]:
    """The tags typed in one line, parted by spaces, commas or #; each once, in order."""
    return list(dict.fromkeys(part for part in _PARTS_OF_TAGS.split(text) if part))


@transaction.atomic
def practice_propose(
    *,
    uuid: UUID,
    practice: PracticeInput,
    actor: Scope,
    drawn: Drawn | None = None,
    files: Sequence[UploadedFile] = (),
    now: datetime | None = None,
) -> Practice:
    """Propose a practice for the library. A text is proposed once: again it is the row that is there.

    A repeat of `uuid` with the same content is the same row. Raises Forbidden, FieldErrors, Conflict.
    """
    require(actor, "practice.propose")
    moment = now or clock.now()
    drawn = drawn or Drawn(actor.user_id)
    known = _already(uuid, drawn)
    content = _hash(practice)
    if known is not None:
        if known.uuid == uuid and known.payload_hash != content:
            raise Conflict("这个编号已经用于另一条经验。")
        return known
    row = Practice(
        uuid=uuid,
        quarter=drawn.quarter,
        reflection=drawn.reflection,
        analysis=drawn.analysis,
        journal=drawn.journal,
        author_id=drawn.author_id,
        proposed_by_id=actor.user_id,
        proposed_at=moment,
        payload_hash=content,
    )
    _fill(row, practice, actor)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The other half of a double tap committed meanwhile.
        known = _already(uuid, drawn)
        if known is None:
            raise
        return known
    _attach(row, files, actor, moment)
    _record(row, actor, "propose", source=next((name for name in SOURCES if getattr(drawn, name)), "own"))
    return row


SOURCES = ("reflection", "analysis", "journal")


@transaction.atomic
def practice_edit(
    *,
    practice_id: int,
    version: int | None,
    practice: PracticeInput,
    actor: Scope,
    files: Sequence[UploadedFile] = (),
    now: datetime | None = None,
) -> Practice:
    """Change what it says: staff until it is withdrawn, whoever proposed it until it is published.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors.
    """
    row = _locked(practice_id, actor)
    if not may_edit(row, actor):
        raise Forbidden("发布后只有区总工作人员可以修改。")
    if row.version != version:
        raise StaleVersion
    if row.state == Practice.State.WITHDRAWN:
        raise InvalidTransition("这条经验已经撤下，不能再改。")
    _fill(row, practice, actor)
    _attach(row, files, actor, now or clock.now())
    return _saved(row, actor, "edit")


@transaction.atomic
def practice_publish(*, practice_id: int, version: int | None, actor: Scope, now: datetime | None = None) -> Practice:
    """Put it into the library. Raises NotFound, Forbidden, StaleVersion, InvalidTransition."""
    require(actor, "practice.manage")
    row = _locked(practice_id, actor)
    if row.version != version:
        raise StaleVersion
    if row.state != Practice.State.PROPOSED:
        raise InvalidTransition(f"这条经验现在是“{row.get_state_display()}”，不能再发布。")
    moment = now or clock.now()
    row.state, row.published_at = Practice.State.PUBLISHED, moment
    _saved(row, actor, "publish")
    _tell(row, actor, "已收入经验库", moment)
    return row


@transaction.atomic
def practice_withdraw(
    *, practice_id: int, version: int | None, reason: str, actor: Scope, now: datetime | None = None
) -> Practice:
    """Turn a proposal down, or take a published practice out, with a reason. Raises as `practice_publish`, and FieldErrors (`reason`)."""
    require(actor, "practice.manage")
    row = _locked(practice_id, actor)
    if row.version != version:
        raise StaleVersion
    if row.state == Practice.State.WITHDRAWN:
        raise InvalidTransition("这条经验已经撤下。")
    reason, longest = reason.strip(), field_of(Practice, "withdraw_reason").max_length or 0
    if not 0 < len(reason) <= longest:
        raise FieldErrors({"reason": f"请写明原因，最多 {longest} 个字。"})
    words = "没有被采用" if row.state == Practice.State.PROPOSED else "已从经验库撤下"
    row.state, row.withdraw_reason = Practice.State.WITHDRAWN, reason
    _saved(row, actor, "withdraw")
    _tell(row, actor, words, now or clock.now())
    return row


@transaction.atomic
def practice_mark(*, practice_id: int, useful: bool, actor: Scope, now: datetime | None = None) -> None:
    """Say that a published practice is useful, or take that back; one voice a person. Raises NotFound, InvalidTransition."""
    require(actor, "practice.view")
    row = _locked(practice_id, actor)
    if not row.is_published:
        raise InvalidTransition("发布以后才能标记有用。")
    if useful:
        _, changed = PracticeMark.objects.get_or_create(
            practice=row, user_id=actor.user_id, defaults={"marked_at": now or clock.now()}
        )
    else:
        number, _ = PracticeMark.objects.filter(practice=row, user_id=actor.user_id).delete()
        changed = bool(number)
    if changed:
        _record(row, actor, "mark", useful=useful)


def may_edit(row: Practice, actor: Scope) -> bool:
    """Whether the person may change what a practice says."""
    if actor.has(Role.STAFF):
        return True
    return row.proposed_by_id == actor.user_id and row.state == Practice.State.PROPOSED


def _already(uuid: UUID, drawn: Drawn) -> Practice | None:
    """The row of the same tap, or of the same text."""
    same = Practice.objects.filter(uuid=uuid).first()
    if same is not None:
        return same
    for name in SOURCES:
        source = getattr(drawn, name)
        if source is not None:
            return Practice.objects.filter(**{name: source}).exclude(state=Practice.State.WITHDRAWN).first()
    return None


def _hash(practice: PracticeInput) -> str:
    of_rows = [practice.category and practice.category.pk, practice.township and practice.township.pk]
    return payload_hash(
        [practice.title, practice.summary, practice.text, list(practice.tags), practice.issue, *of_rows]
    )


def _locked(practice_id: int, actor: Scope) -> Practice:
    row = Practice.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=practice_id).first()
    if row is None:
        raise NotFound
    return row


def _fill(row: Practice, practice: PracticeInput, actor: Scope) -> None:
    """Put the content in, checked, and what it is searched by."""
    errors = {}
    for name, missing in _REQUIRED.items():
        text, longest = getattr(practice, name).strip(), field_of(Practice, name).max_length or 0
        if not text:
            errors[name] = missing
        elif len(text) > longest:
            errors[name] = f"最多 {longest} 个字，现有 {len(text)} 个字。"
        setattr(row, name, text)
    if problem := _problem_of_tags(practice.tags):
        errors["tags"] = problem
    row.tags = list(practice.tags)
    row.category, row.township = practice.category, practice.township
    number = practice.issue.strip().upper()
    if number != (row.issue.code if row.issue else ""):
        row.issue = Issue.objects.visible_to(actor).filter(code=number).first() if number else None
        if number and row.issue is None:
            errors["issue"] = "没有这个编号的诉求，或不在您的查看范围内。"
    if errors:
        raise FieldErrors(errors)
    row.search_tokens = search_tokens(" ".join([row.title, row.summary, row.text, *row.tags]))


def _problem_of_tags(tags: Iterable[str]) -> str:
    found = list(tags)
    if len(found) > MOST_TAGS:
        return f"最多 {MOST_TAGS} 个标签，现有 {len(found)} 个。"
    long = [tag for tag in found if len(tag) > TAG_LENGTH]
    return f"标签“{long[0]}”太长，一个标签最多 {TAG_LENGTH} 个字。" if long else ""


def _attach(row: Practice, files: Sequence[UploadedFile], actor: Scope, moment: datetime) -> None:
    if files and row.files.count() + len(files) > MOST_FILES:
        raise FieldErrors({"attachments": f"一条经验最多 {MOST_FILES} 个附件。"})
    for upload in files:
        attachment = attachment_store(upload=upload, actor=actor, now=moment, field="attachments")
        PracticeFile.objects.create(practice=row, attachment=attachment)


def _saved(row: Practice, actor: Scope, act: str) -> Practice:
    row.version += 1
    row.save()
    _record(row, actor, act)
    return row


def _record(row: Practice, actor: Scope, act: str, **facts: Any) -> None:
    record(
        actor=actor,
        action=f"practice.{act}",
        object_type="practice",
        object_id=row.pk,
        state=row.state,
        version=row.version,
        **facts,
    )


def _tell(row: Practice, actor: Scope, words: str, moment: datetime) -> None:
    """Whoever proposed it and whose it is hear what became of it."""
    people = {row.proposed_by_id, row.author_id} - {actor.user_id}
    tell(
        [Told(user, Kind.PROGRESS) for user in people],
        text=f"您推荐的一条经验{words}",
        url=reverse("practice", args=[row.pk]),
        source=f"practice:{row.pk}:{row.version}",
        now=moment,
    )
