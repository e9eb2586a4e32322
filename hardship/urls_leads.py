"""Leads and sensing, included by `hardship.urls`."""

from django.urls import path, register_converter

from hardship.views import leads, sensing


class LeadCode:
    """A lead's number, so that other pages below /hardship/leads/ keep their names."""

    regex = r"XS-\d{4}-\d{4,8}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LeadCode, "lead_code")

urlpatterns = [
    path("hardship/leads/", leads.LeadListView.as_view(), name="leads"),
    path("hardship/leads/new/", leads.LeadCreateView.as_view(), name="lead-create"),
    path("hardship/leads/sensing/", sensing.SensingView.as_view(), name="sensing"),
    path("hardship/leads/sensing/new/", sensing.UploadView.as_view(), name="sensing-upload"),
    path("hardship/leads/sensing/<uuid:batch_uuid>/", sensing.BatchView.as_view(), name="sensing-batch"),
    path("hardship/leads/rules/", sensing.RulesView.as_view(), name="sensing-rules"),
    path("hardship/leads/rules/<int:pk>/end/", sensing.RuleEndView.as_view(), name="sensing-rule-end"),
    path("hardship/leads/<lead_code:code>/", leads.LeadView.as_view(), name="lead"),
    path("hardship/leads/<lead_code:code>/reveal/", leads.LeadRevealView.as_view(), name="lead-reveal"),
    path("hardship/leads/<lead_code:code>/<slug:act>/", leads.LeadView.as_view(), name="lead-act"),
]
