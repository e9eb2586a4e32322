from django.urls import path

from unionportal.core.params import views

urlpatterns = [
    path("parameters/", views.ParameterListView.as_view(), name="parameters"),
    path("parameters/<str:key>/", views.ParameterView.as_view(), name="parameter"),
    path("parameters/<str:key>/set/", views.ParameterSetView.as_view(), name="parameter-set"),
    path("parameters/<str:key>/withdraw/", views.ParameterWithdrawView.as_view(), name="parameter-withdraw"),
]
