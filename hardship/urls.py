from django.urls import path, register_converter

from hardship import urls_process
from hardship.views import files, personal, privacy


class FileCode:
    """A file's number, so that other pages below /hardship/ keep their names."""

    regex = r"KN-\d{4}-\d{4,8}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileCode, "hardship_code")

urlpatterns = [
    path("hardship/", files.FileListView.as_view(), name="hardship-list"),
    path("hardship/new/", files.FileOpenView.as_view(), name="hardship-open"),
    path("hardship/find/", personal.FindView.as_view(), name="hardship-find"),
    path("hardship/books/", privacy.BookListView.as_view(), name="hardship-books"),
    path("hardship/books/<uuid:book_id>/file/", privacy.BookFileView.as_view(), name="hardship-book-file"),
    path("hardship/retention/", privacy.RetentionView.as_view(), name="hardship-retention"),
    path("erasures/", privacy.CertificateListView.as_view(), name="hardship-certificates"),
    path("erasures/<str:number>/", privacy.CertificateView.as_view(), name="hardship-certificate"),
    path("hardship/<hardship_code:code>/", files.FileView.as_view(), name="hardship-file"),
    path("hardship/<hardship_code:code>/edit/", files.FileEditView.as_view(), name="hardship-edit"),
    path("hardship/<hardship_code:code>/members/new/", files.MemberView.as_view(), name="hardship-member-add"),
    path("hardship/<hardship_code:code>/members/<int:pk>/", files.MemberView.as_view(), name="hardship-member"),
    path("hardship/<hardship_code:code>/reveal/", personal.RevealView.as_view(), name="hardship-reveal"),
    path(
        "hardship/<hardship_code:code>/reveal/<int:pk>/", personal.RevealView.as_view(), name="hardship-reveal-member"
    ),
    path(
        "hardship/<hardship_code:code>/scans/<uuid:attachment_id>/", personal.ScanView.as_view(), name="hardship-scan"
    ),
    path("hardship/<hardship_code:code>/subject/", privacy.SubjectView.as_view(), name="hardship-subject"),
    *urls_process.urlpatterns,
    path("hardship/<hardship_code:code>/<slug:act>/", files.FileView.as_view(), name="hardship-act"),
]
