"""Notes among colleagues, watching, and files of an issue. None of it is a step: no version, no figure changes."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from casework.mentions import mentioned
from casework.models import InternalNote, Issue, IssueFile, NoteMention, Watcher
from casework.services.standing import only_joined
from casework.telling import tell_of_mentions
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_store

NOTE_MOST = 2000
FILES_MOST = 9  # at once
FILES_OF_ISSUE = 60


@transaction.atomic
def note_add(
    *, code: str, text: str, actor: Scope, attachments: Sequence[UploadedFile] = (), now: datetime | None = None
) -> InternalNote:
    """Write an internal note, with files; whoever it mentions must be able to see the issue.

    Its author watches the issue from then on. Raises NotFound, Forbidden, FieldErrors (text, attachments).
    """
    require(actor, "note.write")
    issue = _seen(code, actor)
    if only_joined(issue, actor):
        raise Forbidden("会诊单位请在会诊里提意见，批注由承办单位和所属镇街等写。")
    moment = now or clock.now()
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise FieldErrors({"text": "请写下要说的话。"})
    if len(text) > NOTE_MOST:
        raise FieldErrors({"text": f"批注最多 {NOTE_MOST} 个字。"})
    people = mentioned(text, issue)
    note = InternalNote.objects.create(issue=issue, author_id=actor.user_id, text=text, written_at=moment)
    NoteMention.objects.bulk_create(NoteMention(note=note, user=user) for user in people)
    _keep_files(issue, attachments, actor=actor, moment=moment, note=note)
    Watcher.objects.get_or_create(issue=issue, user_id=actor.user_id, defaults={"since": moment})
    tell_of_mentions(note)
    record(
        actor=actor,
        action="note.write",
        object_type="issue",
        object_id=issue.code,
        note=note.pk,
        mentioned=[user.username for user in people],
        files=len(attachments),
    )
    return note


@transaction.atomic
def watch_set(*, code: str, on: bool, actor: Scope, now: datetime | None = None) -> None:
    """Begin or stop hearing of an issue's steps; doing it twice is doing it once."""
    require(actor, "issue.view")
    issue = _seen(code, actor)
    if on:
        Watcher.objects.get_or_create(issue=issue, user_id=actor.user_id, defaults={"since": now or clock.now()})
    else:
        Watcher.objects.filter(issue=issue, user_id=actor.user_id).delete()


def _seen(code: str, actor: Scope) -> Issue:
    issue = Issue.objects.visible_to(actor).filter(code=code).first()
    if issue is None:
        raise NotFound
    return issue


def _keep_files(
    issue: Issue, files: Sequence[UploadedFile], *, actor: Scope, moment: datetime, note: InternalNote | None
) -> None:
    if len(files) > FILES_MOST:
        raise FieldErrors({"attachments": f"一次最多上传 {FILES_MOST} 个文件。"})
    if files and IssueFile.objects.filter(issue=issue).count() + len(files) > FILES_OF_ISSUE:
        raise FieldErrors({"attachments": f"一条诉求最多 {FILES_OF_ISSUE} 个附件。"})
    for upload in files:
        attachment = attachment_store(upload=upload, actor=actor, now=moment, field="attachments")
        IssueFile.objects.create(issue=issue, note=note, attachment=attachment, added_at=moment)
