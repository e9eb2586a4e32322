"""Addresses of the week plan and of one's own calendar."""

from django.urls import URLPattern, path

from visits.views import calendar, plan

urlpatterns: list[URLPattern] = [
    path("plan/", plan.PlanView.as_view(), name="plan"),
    path("plan/new/", plan.PlanAddView.as_view(), name="plan-add"),
    path("plan/carry/", plan.PlanCarryView.as_view(), name="plan-carry"),
    path("plan/calendar/", calendar.CalendarView.as_view(), name="own-calendar"),
    path("plan/calendar/feed/", calendar.FeedView.as_view(), name="calendar-feed"),
    path("calendar/<str:token>.ics", calendar.FeedFileView.as_view(), name="calendar-ics"),
    path("plan/<uuid:planned_id>/", plan.PlannedVisitView.as_view(), name="planned-visit"),
    path("plan/<uuid:planned_id>/remove/", plan.PlannedVisitRemoveView.as_view(), name="planned-visit-remove"),
]
