"""What colleagues keep beside an issue's steps, as its page shows it: notes, files, watchers, standard answers."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from casework.forms.notes import NoteForm
from casework.models import InternalNote, Issue, IssueFile, StandardAnswer, Watcher
from casework.services.standard_answers import answers_for, filled
from casework.services.standing import only_joined

NOTES_SHOWN = 50


def together(request: HttpRequest, issue: Issue, form: NoteForm | None = None) -> dict[str, Any]:
    """Notes (newest first), files, whether the reader watches and how many do; `form` as it was refused, else an empty one."""
    notes = InternalNote.objects.none()
    if "internal_notes" in issue.attached:
        notes = (
            InternalNote.objects.filter(issue=issue)
            .select_related("author")
            .prefetch_related("files__attachment", "mentions")[:NOTES_SHOWN]
        )
    watching = []
    if "watchers" in issue.attached:
        watching = list(Watcher.objects.filter(issue=issue).values_list("user_id", flat=True))
    return {
        "notes": [
            {
                "author": note.author.display_name,
                "at": note.written_at,
                "text": "（内容已依法删改）" if note.redacted_at else note.text,
                "mentions": [user.display_name for user in note.mentions.all()],
                "files": [file_row(issue, file) for file in note.files.all()],
            }
            for note in notes
        ],
        "watching": request.scope.user_id in watching,
        "watchers": len(watching),
        "form": form or NoteForm(),
        "can_write": request.may("note.write") and not only_joined(issue, request.scope),
    }


def file_row(issue: Issue, file: IssueFile) -> dict[str, Any]:
    """A file as a list shows it, by its address on the portal."""
    return {
        "name": file.attachment.name,
        "url": reverse("issue-file", args=[issue.code, file.attachment_id]),
        "is_image": file.attachment.content_type.startswith("image/"),
    }


def offered(issue: Issue) -> list[dict[str, Any]]:
    """Standard answers for this issue, filled in; only where a holder answers."""
    if issue.state != "in_progress":
        return []
    return [{"pk": row.pk, "title": row.title, "text": filled(row, issue)} for row in answers_for(issue)]


def chosen_answer(request: HttpRequest, issue: Issue, field: str) -> dict[str, str]:
    """Without scripts a standard answer is a link to the page with `?answer=`: the form then opens with it."""
    number = request.GET.get("answer", "")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return {}
    row = StandardAnswer.objects.filter(pk=int(number), is_active=True).select_related("category").first()
    return {field: filled(row, issue)} if row is not None else {}
