from django.urls import path

from unionportal.core.orgs.views import merging, records, register

ENTERPRISE = "enterprises/<str:credit_code>/"

urlpatterns = [
    path("enterprises/", register.EnterpriseListView.as_view(), name="enterprise-list"),
    path("enterprises/new/", register.EnterpriseCreateView.as_view(), name="enterprise-create"),
    path("enterprises/move/", register.EnterpriseMoveView.as_view(), name="enterprise-move"),
    path(ENTERPRISE, register.EnterpriseDetailView.as_view(), name="enterprise-detail"),
    path(f"{ENTERPRISE}edit/", register.EnterpriseEditView.as_view(), name="enterprise-edit"),
    path(f"{ENTERPRISE}merge/", merging.MergeView.as_view(), name="enterprise-merge"),
    path(f"{ENTERPRISE}contacts/new/", records.ContactView.as_view(), name="contact-create"),
    path(f"{ENTERPRISE}contacts/<int:pk>/edit/", records.ContactView.as_view(), name="contact-edit"),
    path(f"{ENTERPRISE}contacts/<int:pk>/remove/", records.ContactRemoveView.as_view(), name="contact-remove"),
    path(f"{ENTERPRISE}contacts/<int:pk>/phone/", records.ContactRevealView.as_view(), name="contact-reveal"),
    path(f"{ENTERPRISE}risks/new/", records.RiskSetView.as_view(), name="risk-set"),
    path(f"{ENTERPRISE}risks/<int:pk>/lift/", records.RiskLiftView.as_view(), name="risk-lift"),
    path(f"{ENTERPRISE}contracts/new/", records.ContractView.as_view(), name="contract-create"),
    path(f"{ENTERPRISE}contracts/<int:pk>/edit/", records.ContractView.as_view(), name="contract-edit"),
    path(f"{ENTERPRISE}mutual-aid/new/", records.MutualAidView.as_view(), name="mutual-aid-create"),
    path(f"{ENTERPRISE}mutual-aid/<int:pk>/edit/", records.MutualAidView.as_view(), name="mutual-aid-edit"),
    path("units/", register.UnitListView.as_view(), name="unit-list"),
    path("units/new/", register.UnitCreateView.as_view(), name="unit-create"),
    path("units/<str:code>/edit/", register.UnitEditView.as_view(), name="unit-edit"),
]
