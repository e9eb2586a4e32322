from datetime import date

from django.urls import URLPattern, URLResolver, path, register_converter

from visits import urls_meetings, urls_plan, urls_practices
from visits.views.bringing_in import BringInView
from visits.views.checklists import (
    ChecklistCreateView,
    ChecklistDraftView,
    ChecklistListView,
    ChecklistVersionView,
    ChecklistView,
)
from visits.views.coverage import CoverageView
from visits.views.editing import PickerView, VisitCreateView, VisitEditView
from visits.views.handing_over import HandOverView, OpenWorkView
from visits.views.journals import JournalListView, OwnJournalView
from visits.views.phone import ManifestView, OfflineDataView, ShellView, WorkerView
from visits.views.reviewing import JournalView, JournalWordView, MonthWordView
from visits.views.sheets import ChecklistPartView, DayLogView
from visits.views.visits import PhotoForgetView, VisitDetailView, VisitListView, VisitPhotoView


class DayConverter:
    """2024-09-12 in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns: list[URLPattern | URLResolver] = [
    path("visits/", VisitListView.as_view(), name="visit-list"),
    path("visits/new/", VisitCreateView.as_view(), name="visit-create"),
    path("visits/picker/", PickerView.as_view(), name="visit-picker"),
    path("visits/offline/", ShellView.as_view(name="visit-offline"), name="visit-offline"),
    path("visits/offline/data/", OfflineDataView.as_view(), name="visit-offline-data"),
    path("visits/outbox/", ShellView.as_view(name="visit-outbox"), name="visit-outbox"),
    path("no-network/", ShellView.as_view(name="no-network"), name="no-network"),
    path("manifest.webmanifest", ManifestView.as_view(), name="manifest"),
    path("sw.js", WorkerView.as_view(), name="service-worker"),
    path("visits/checklist/", ChecklistPartView.as_view(), name="visit-checklist"),
    path("visits/<uuid:visit_id>/", VisitDetailView.as_view(), name="visit-detail"),
    path("visits/<uuid:visit_id>/edit/", VisitEditView.as_view(), name="visit-edit"),
    path("visits/<uuid:visit_id>/photos/<int:photo_id>/", VisitPhotoView.as_view(), name="visit-photo"),
    path("visits/<uuid:visit_id>/photos/<int:photo_id>/forget/", PhotoForgetView.as_view(), name="visit-photo-forget"),
    path("visits/<uuid:visit_id>/days/<day:day>/", DayLogView.as_view(), name="visit-day"),
    path("visits/activities/<str:code>/", BringInView.as_view(), name="activity-visits"),
    path("checklists/", ChecklistListView.as_view(), name="checklist-list"),
    path("checklists/new/", ChecklistCreateView.as_view(), name="checklist-create"),
    path("checklists/<slug:code>/", ChecklistView.as_view(), name="checklist"),
    path("checklists/<slug:code>/draft/", ChecklistDraftView.as_view(), name="checklist-draft"),
    path("checklists/<slug:code>/versions/<int:number>/", ChecklistVersionView.as_view(), name="checklist-version"),
    path("checklists/<slug:code>/<str:act>/", ChecklistView.as_view(), name="checklist-act"),
    path("coverage/", CoverageView.as_view(), name="coverage"),
    path("postings/<int:pk>/open/", OpenWorkView.as_view(), name="posting-open"),
    path("postings/<int:pk>/hand-over/", HandOverView.as_view(), name="posting-hand-over"),
    path("journals/", JournalListView.as_view(), name="journal-list"),
    path("journals/word/", MonthWordView.as_view(), name="journal-month-word"),
    path("journals/<int:journal_id>/", JournalView.as_view(), name="journal-detail"),
    path("journals/<int:journal_id>/word/", JournalWordView.as_view(), name="journal-word"),
    path("journals/<int:journal_id>/<str:act>/", JournalView.as_view(), name="journal-act"),
    path("journals/<int:year>-W<int:week>/", OwnJournalView.as_view(), name="journal-week"),
    *urls_plan.urlpatterns,
    *urls_meetings.urlpatterns,
    *urls_practices.urlpatterns,
]
