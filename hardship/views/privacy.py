"""Pages of what leaves the portal about people, and of what is deleted: protected workbooks, a person's own export, retention, certificates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from hardship.filters import FileFilter
from hardship.forms.privacy import BookForm, EraseForm, SubjectForm
from hardship.models import ErasureCertificate, HardshipFile, ProtectedBook
from hardship.parts import PARTS
from hardship.services.books import book_fetch
from hardship.services.erasing import OUTCOME_LABELS, due_records, records_erase, years_on
from hardship.services.exporting import register_export, subject_export
from hardship.views.files import PersonalPage, own_file
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.filtering import selection
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.tables import XLSX_TYPE
from unionportal.core.common.views import PageView, add_errors, get_or_404

NO_FILTERS = frozenset({"after", "before"})
#: What a certificate counts, in words; the other parts bring their own.
COUNTED = {
    "files": "档案（份）",
    "members": "成员（人）",
    "papers": "材料（份）",
    "scans": "扫描件（个）",
    "dismissed": "已排除的线索（条）",
    "texts": "查看理由等手写文字（条）",
}


class BookListView(PersonalPage):
    """/hardship/books/: my protected workbooks, and asking for one of the filtered list."""

    action = "hardship.export"
    template_name = "hardship/books.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, BookForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BookForm(request.POST)
        if form.is_valid():
            try:
                chosen = self.chosen(request)
                book, password = register_export(
                    files=chosen.rows, reason=form.cleaned_data["reason"], actor=request.scope
                )
            except DomainError as error:
                add_errors(form, error)
            else:
                return made(self, book, password)
        return self.show(request, form, 422)

    @staticmethod
    def chosen(request: HttpRequest) -> Any:
        params = {name: str(value) for name, value in request.GET.items() if value and name not in NO_FILTERS}
        rows = HardshipFile.objects.personal_to(request.scope).select_related("township")
        return selection(FileFilter, rows.order_by("township__code", "code"), params, request.scope)

    def show(self, request: HttpRequest, form: BookForm, status: int = 200) -> HttpResponse:
        chosen = self.chosen(request)
        books = ProtectedBook.objects.visible_to(request.scope)[:20]
        return self.page(
            {
                "form": form,
                "conditions": chosen.conditions,
                "households": chosen.rows.count(),
                "books": books,
                "now": timezone.now(),
            },
            status=status,
        )


def made(view: PersonalPage, book: ProtectedBook, password: str) -> HttpResponse:
    """The only page that ever shows the password."""
    return view.page({"book": book, "password": password}, template="hardship/book_made.html")


class BookFileView(PageView):
    """/hardship/books/<id>/file/"""

    action = "hardship.export"

    def get(self, request: HttpRequest, book_id: UUID) -> FileResponse:
        book = book_fetch(book_id=book_id, actor=request.scope)
        answer = FileResponse(book.file.open("rb"), as_attachment=True, filename=book.name, content_type=XLSX_TYPE)
        answer["Cache-Control"] = "private, no-store"
        return answer


class SubjectView(PersonalPage):
    """/hardship/<code>/subject/: everything kept of one person, for that person."""

    action = "hardship.export"
    template_name = "hardship/subject.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        file = own_file(request, code)
        return self.page({"file": file, "form": SubjectForm(file=file)})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        file = own_file(request, code)
        form = SubjectForm(request.POST, file=file)
        if form.is_valid():
            given = form.cleaned_data
            try:
                book, password = subject_export(
                    code=code, member_id=given["member"], reason=given["reason"], actor=request.scope
                )
            except DomainError as error:
                add_errors(form, error)
            else:
                return made(self, book, password)
        return self.page({"file": file, "form": form}, status=422)


class RetentionView(PersonalPage):
    """/hardship/retention/: whose personal data are due, what would go, and deleting it."""

    action = "hardship.erase"
    template_name = "hardship/retention.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        due = due_records(request.scope, clock.today())
        return self.show(due, EraseForm(due=due))

    def post(self, request: HttpRequest) -> HttpResponse:
        due = due_records(request.scope, clock.today())
        form = EraseForm(request.POST, due=due)
        if form.is_valid():
            try:
                certificate = records_erase(codes=form.cleaned_data["codes"], actor=request.scope)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已删除，证明编号 {certificate.number}。")
                return redirect("hardship-certificate", number=certificate.number)
        return self.show(due, form, 422)

    def show(self, due: list[Any], form: EraseForm, status: int = 200) -> HttpResponse:
        rules = [(OUTCOME_LABELS[state], years) for state, years in years_on(clock.today()).items()]
        return self.page({"due": due, "form": form, "rules": rules}, status=status)


class CertificateListView(PageView):
    """/erasures/"""

    action = "hardship.certificates"
    template_name = "hardship/certificates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = ErasureCertificate.objects.visible_to(request.scope).select_related("erased_by")
        return self.page({"page": keyset_page(rows, request, order=("-erased_at", "-id"))})


class CertificateView(PageView):
    """/erasures/<number>/: to be printed and filed."""

    action = "hardship.certificates"
    template_name = "hardship/certificate.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        rows = ErasureCertificate.objects.visible_to(request.scope).select_related("erased_by")
        certificate = get_or_404(rows, number=number)
        labels = {**COUNTED, **{part.code: f"{part.label}（条）" for part in PARTS.values()}}
        return self.page(
            {
                "certificate": certificate,
                "counts": [
                    (words, certificate.counts[name]) for name, words in labels.items() if name in certificate.counts
                ],
                "rules": [(OUTCOME_LABELS[state], years) for state, years in certificate.years.items()],
            }
        )
