from django.urls import path

from unionportal.core.orgs import views

urlpatterns = [
    path("enterprises/", views.EnterpriseListView.as_view(), name="enterprise-list"),
    path("enterprises/new/", views.EnterpriseCreateView.as_view(), name="enterprise-create"),
    path("enterprises/<str:credit_code>/", views.EnterpriseDetailView.as_view(), name="enterprise-detail"),
    path("enterprises/<str:credit_code>/edit/", views.EnterpriseEditView.as_view(), name="enterprise-edit"),
    path("units/", views.UnitListView.as_view(), name="unit-list"),
    path("units/new/", views.UnitCreateView.as_view(), name="unit-create"),
    path("units/<str:code>/edit/", views.UnitEditView.as_view(), name="unit-edit"),
]
