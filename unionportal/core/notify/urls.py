from django.urls import path

from unionportal.core.notify import views

urlpatterns = [
    path("notifications/", views.NotificationListView.as_view(), name="notifications"),
    path("notifications/<int:pk>/", views.NotificationOpenView.as_view(), name="notification"),
    path("me/notifications/", views.ChannelsView.as_view(), name="channels"),
]
