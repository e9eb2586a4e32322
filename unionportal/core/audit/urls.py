from django.urls import path

from unionportal.core.audit import views

urlpatterns = [path("audit/", views.AuditListView.as_view(), name="audit")]
