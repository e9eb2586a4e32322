"""Addresses of 便民服务, under /hardship/services/."""

from django.urls import path

from hardship.views import orders

urlpatterns = [
    path("", orders.OrderListView.as_view(), name="order-list"),
    path("new/", orders.OrderCreateView.as_view(), name="order-create"),
    path("catalogue/", orders.CatalogueView.as_view(), name="service-catalogue"),
    path("catalogue/<str:act>/", orders.CatalogueView.as_view(), name="service-catalogue-act"),
    path("<str:code>/", orders.OrderView.as_view(), name="order"),
    path("<str:code>/<str:act>/", orders.OrderView.as_view(), name="order-act"),
]
