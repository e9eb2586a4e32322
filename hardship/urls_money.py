"""Addresses of funds, the ledger, grants and campaigns, under /hardship/money/."""

from django.urls import path

from hardship.views import batches, campaigns, funds, grants

urlpatterns = [
    path("", funds.FundListView.as_view(), name="fund-list"),
    path("funds/<uuid:fund_id>/", funds.FundView.as_view(), name="fund"),
    path("funds/<uuid:fund_id>/accounts/<str:kind>/", funds.AccountView.as_view(), name="ledger-account"),
    path("funds/<uuid:fund_id>/<str:act>/", funds.FundView.as_view(), name="fund-act"),
    path("entries/<int:entry_id>/", funds.EntryView.as_view(), name="ledger-entry"),
    path("entries/<int:entry_id>/<str:act>/", funds.EntryView.as_view(), name="ledger-entry-act"),
    path("caps/", funds.CapsView.as_view(), name="grant-caps"),
    path("caps/<str:act>/", funds.CapsView.as_view(), name="grant-caps-act"),
    path("campaigns/", campaigns.CampaignListView.as_view(), name="campaign-list"),
    path("campaigns/<uuid:campaign_id>/", campaigns.CampaignView.as_view(), name="campaign"),
    path("campaigns/<uuid:campaign_id>/add/", campaigns.CampaignAddView.as_view(), name="campaign-add"),
    path("campaigns/<str:act>/", campaigns.CampaignListView.as_view(), name="campaign-list-act"),
    path("batches/", batches.BatchListView.as_view(), name="batch-list"),
    path("batches/new/", batches.BatchListView.as_view(), {"act": "new"}, name="batch-list-act"),
    path("batches/<str:code>/", batches.BatchView.as_view(), name="batch"),
    path("batches/<str:code>/add/", grants.BatchAddView.as_view(), name="batch-add"),
    path("batches/<str:code>/sheet/", grants.BatchSheetView.as_view(), name="batch-sheet"),
    path("batches/<str:code>/<int:seq>/", grants.GrantView.as_view(), name="grant"),
    path("batches/<str:code>/<int:seq>/scan/", grants.ReceiptView.as_view(), name="grant-receipt"),
    path("batches/<str:code>/<int:seq>/<str:act>/", grants.GrantView.as_view(), name="grant-act"),
    path("batches/<str:code>/<str:act>/", batches.BatchView.as_view(), name="batch-act"),
    path("<str:act>/", funds.FundListView.as_view(), name="fund-list-act"),
]
