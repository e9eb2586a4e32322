"""Addresses of the monthly meetings."""

from django.urls import URLPattern, path

from visits.views import meeting_groups, meeting_run, meeting_tasks, meetings

_MEETING = "meetings/<uuid:meeting_id>/"
_ITEM = f"{_MEETING}run/<int:item_id>/"

urlpatterns: list[URLPattern] = [
    path("meetings/", meetings.MeetingListView.as_view(), name="meeting-list"),
    path("meetings/new/", meetings.MeetingCreateView.as_view(), name="meeting-create"),
    path("meetings/groups/", meeting_groups.MeetingGroupListView.as_view(), name="meeting-groups"),
    path("meetings/groups/<int:pk>/", meeting_groups.MeetingGroupView.as_view(), name="meeting-group"),
    path("meetings/groups/<int:pk>/<str:act>/", meeting_groups.MeetingGroupView.as_view(), name="meeting-group-act"),
    path("meetings/groups/<str:act>/", meeting_groups.MeetingGroupListView.as_view(), name="meeting-groups-act"),
    path("meetings/tasks/", meeting_tasks.MeetingTaskListView.as_view(), name="meeting-tasks"),
    path("meetings/tasks/<uuid:task_id>/", meeting_tasks.MeetingTaskView.as_view(), name="meeting-task"),
    path("meetings/tasks/<uuid:task_id>/<str:act>/", meeting_tasks.MeetingTaskView.as_view(), name="meeting-task-act"),
    path(_MEETING, meetings.MeetingView.as_view(), name="meeting"),
    path(f"{_MEETING}run/", meeting_run.MeetingRunView.as_view(), name="meeting-run"),
    path(_ITEM, meeting_run.MeetingRunItemView.as_view(), name="meeting-run-item"),
    path(f"{_ITEM}<str:act>/", meeting_run.MeetingRunItemView.as_view(), name="meeting-run-act"),
    path(
        f"{_MEETING}agenda/<int:item_id>/<str:step>/", meetings.AgendaOrderView.as_view(), name="meeting-agenda-order"
    ),
    path(f"{_MEETING}attendance/", meetings.AttendanceView.as_view(), name="meeting-attendance"),
    path(f"{_MEETING}word/", meetings.MinutesWordView.as_view(), name="meeting-word"),
    path(f"{_MEETING}<str:act>/", meetings.MeetingView.as_view(), name="meeting-act"),
]
