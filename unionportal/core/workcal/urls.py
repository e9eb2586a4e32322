from django.urls import path

from unionportal.core.workcal import views

urlpatterns = [
    path("calendar/", views.CalendarListView.as_view(), name="calendar"),
    path("calendar/<int:year>/", views.CalendarYearView.as_view(), name="calendar-year"),
    path("calendar/<int:year>/edit/", views.CalendarEditView.as_view(), name="calendar-edit"),
    path("calendar/<int:year>/clear/", views.CalendarClearView.as_view(), name="calendar-clear"),
]
