"""Pages that open personal data: a reveal for a reason, a scan, finding a person."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse

from hardship.forms.files import FindForm, RevealForm
from hardship.models import FileMember
from hardship.personal import FILE_SECRETS, MEMBER_SECRETS, file_reveal, name_shown, seen_by
from hardship.selectors import people_found, state_look
from hardship.services import scan_open
from hardship.views.files import PersonalPage, own_file
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import add_errors, get_or_404
from unionportal.core.files.services import attachment_response


class RevealView(PersonalPage):
    """/hardship/<code>/reveal/ and /hardship/<code>/reveal/<member>/: asks for the reason, then shows everything once."""

    action = "hardship.reveal"
    template_name = "hardship/reveal.html"

    def get(self, request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        return self.show(request, code, pk, RevealForm())

    def post(self, request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
        form = RevealForm(request.POST)
        found: dict[str, str] = {}
        if form.is_valid():
            try:
                found = file_reveal(code=code, member_id=pk, actor=request.scope, reason=form.cleaned_data["reason"])
            except DomainError as error:
                add_errors(form, error)
        return self.show(request, code, pk, form, found)

    def show(
        self,
        request: HttpRequest,
        code: str,
        pk: int | None,
        form: RevealForm,
        found: dict[str, str] | None = None,
    ) -> HttpResponse:
        file = own_file(request, code)
        member: FileMember | None = get_or_404(file.members.all(), pk=pk) if pk is not None else None
        labels = MEMBER_SECRETS if member is not None else FILE_SECRETS
        context: dict[str, Any] = {
            "file": file,
            "form": form,
            "whose": name_shown(member or file.holder, personal=True),
            "shown": [(labels[name], text) for name, text in (found or {}).items()],
        }
        return self.page(context, status=422 if form.is_bound and not found else 200)


class ScanView(PersonalPage):
    """/hardship/<code>/scans/<id>/: a paper of the file; the look is written down."""

    action = "hardship.reveal"

    def get(self, request: HttpRequest, code: str, attachment_id: UUID) -> FileResponse:
        return attachment_response(scan_open(code=code, attachment_id=attachment_id, actor=request.scope))


class FindView(PersonalPage):
    """/hardship/find/: a person by exact number or name. Sent in the body, answered on the same page."""

    action = "hardship.reveal"
    template_name = "hardship/find.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": FindForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        if not form.is_valid():
            return self.page({"form": form}, status=422)
        members = people_found(form.cleaned_data["text"], request.scope)
        seen_by(request.scope, (member.file for member in members))
        rows = [
            {"member": member, "name": name_shown(member, personal=True), "look": state_look(member.file.state)}
            for member in members
        ]
        return self.page({"form": form, "rows": rows, "asked": True})
