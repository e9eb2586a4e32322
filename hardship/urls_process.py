"""Addresses of a file's process, its publicity and the plans."""

from django.urls import path

from hardship.views import plans, process, public, publicity

urlpatterns = [
    path("hardship/publicity/", publicity.PublicityListView.as_view(), name="hardship-publicity-list"),
    path("hardship/publicity/new/<str:code>/", publicity.PublicityCreateView.as_view(), name="hardship-publicity-new"),
    path("hardship/publicity/<uuid:uuid>/", publicity.PublicityView.as_view(), name="hardship-publicity"),
    path("hardship/publicity/<uuid:uuid>/poster/", publicity.PosterView.as_view(), name="hardship-publicity-poster"),
    path(
        "hardship/publicity/<uuid:uuid>/<slug:act>/", publicity.PublicityView.as_view(), name="hardship-publicity-act"
    ),
    path("hardship/objections/<uuid:uuid>/", publicity.ObjectionView.as_view(), name="hardship-objection"),
    path("hardship/progress/", plans.ProgressView.as_view(), name="hardship-progress"),
    path("hardship/measures/", plans.MeasureListView.as_view(), name="hardship-measures"),
    path("hardship/measures/kinds/", plans.MeasureKindListView.as_view(), name="hardship-measure-kinds"),
    path("hardship/measures/kinds/new/", plans.MeasureKindView.as_view(), name="hardship-measure-kind-new"),
    path("hardship/measures/kinds/<slug:code>/", plans.MeasureKindView.as_view(), name="hardship-measure-kind"),
    path("hardship/measures/<uuid:uuid>/", plans.MeasureView.as_view(), name="hardship-measure"),
    path("hardship/measures/<uuid:uuid>/<slug:act>/", plans.MeasureView.as_view(), name="hardship-measure-act"),
    path("hardship/<str:code>/process/", process.FileProcessView.as_view(), name="hardship-process"),
    path("hardship/<str:code>/process/<slug:act>/", process.FileProcessView.as_view(), name="hardship-process-act"),
    path("hardship/<str:code>/survey/", process.SurveyView.as_view(), name="hardship-survey"),
    path(
        "hardship/<str:code>/survey/photos/<int:photo_id>/",
        process.SurveyPhotoView.as_view(),
        name="hardship-survey-photo",
    ),
    path("hardship/<str:code>/forms/<slug:paper>/", process.FormWordView.as_view(), name="hardship-form"),
    path("p/<str:token>/", public.PublicityPageView.as_view(), name="publicity-page"),
    path("p/<str:token>/objection/", public.ObjectionPageView.as_view(), name="publicity-objection"),
]
