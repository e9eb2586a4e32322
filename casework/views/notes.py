"""Notes among colleagues, watching, and files of an issue."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.notes import NoteForm
from casework.models import Issue, IssueFile
from casework.people import can_see, likely_readers
from casework.selectors import issue_detail
from casework.services.notes import note_add, watch_set
from casework.services.standing import only_joined
from casework.views.issues import IssueDetailView
from unionportal.core.common.errors import FieldErrors, Forbidden
from unionportal.core.common.search import normalise
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response

PICKS = 8


class NoteAddView(IssueDetailView):
    """A note sent from the issue's page; a refused one comes back there with what was typed."""

    action = "note.write"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return redirect(f"{reverse('issue-detail', args=[code])}#notes")

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = issue_detail(request.scope, code)
        form = NoteForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                note_add(code=code, actor=request.scope, **form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, "批注已保存。")
                return redirect(f"{reverse('issue-detail', args=[code])}#notes")
        self.note_form = form
        return self.show(request, issue, status=422)


class WatchView(PageView):
    """POST on=1 watches, on=0 stops."""

    action = "issue.view"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return redirect("issue-detail", code=code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        on = request.POST.get("on") == "1"
        watch_set(code=code, on=on, actor=request.scope)
        messages.success(request, "已关注，有新进展会通知您。" if on else "已取消关注。")
        return redirect("issue-detail", code=code)


class PeopleView(PageView):
    """What the @ picker asks: people who can see the issue and whose name matches `q`. JSON."""

    action = "note.write"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = get_or_404(Issue.objects.visible_to(request.scope).select_related("township"), code=code)
        if only_joined(issue, request.scope):
            raise Forbidden
        text = request.GET.get("q", "")[:40]
        people = likely_readers(issue).exclude(pk=request.scope.user_id)
        if plain := normalise(text):
            people = people.matching(plain)
        found = [user for user in people[: PICKS * 2] if can_see(user, issue)][:PICKS]
        names = [user.display_name for user in found]
        results = [
            {
                "id": user.username,
                "label": user.display_name,
                "insert": user.display_name if names.count(user.display_name) == 1 else user.username,
            }
            for user in found
        ]
        return JsonResponse({"results": results})


class IssueFileView(PageView):
    """A file, to whoever can see the issue at this moment."""

    action = "issue.view"

    def get(self, request: HttpRequest, code: str, file_id: UUID) -> FileResponse:
        issue = get_or_404(Issue.objects.visible_to(request.scope), code=code)
        file = get_or_404(IssueFile.objects.select_related("attachment"), issue=issue, attachment_id=file_id)
        return attachment_response(file.attachment)
