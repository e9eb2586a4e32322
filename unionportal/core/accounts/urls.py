from django.urls import path

from unionportal.core.accounts.views import accounts, own, postings, saved_views, sign_in, substitutions

urlpatterns = [
    path("login/", sign_in.SignInView.as_view(), name="login"),
    path("logout/", sign_in.SignOutView.as_view(), name="logout"),
    path("me/", own.MeView.as_view(), name="me"),
    path("me/password/", own.PasswordView.as_view(), name="password"),
    path("me/hints/", own.HintDismissView.as_view(), name="hint-dismiss"),
    path("me/views/", saved_views.SavedViewsView.as_view(), name="saved-views"),
    path("me/views/new/", saved_views.SavedViewCreateView.as_view(), name="saved-view-create"),
    path("me/views/<int:pk>/", saved_views.SavedViewEditView.as_view(), name="saved-view"),
    path("me/views/<int:pk>/remove/", saved_views.SavedViewRemoveView.as_view(), name="saved-view-remove"),
    path("accounts/", accounts.AccountListView.as_view(), name="accounts"),
    path("accounts/new/", accounts.AccountCreateView.as_view(), name="account-create"),
    path("accounts/<int:pk>/", accounts.AccountView.as_view(), name="account"),
    path("accounts/<int:pk>/edit/", accounts.AccountEditView.as_view(), name="account-edit"),
    path("accounts/<int:pk>/disable/", accounts.AccountDisableView.as_view(), name="account-disable"),
    path("accounts/<int:pk>/enable/", accounts.AccountEnableView.as_view(), name="account-enable"),
    path("accounts/<int:pk>/unlock/", accounts.AccountUnlockView.as_view(), name="account-unlock"),
    path("accounts/<int:pk>/reset/", accounts.AccountPasswordView.as_view(), name="account-reset"),
    path("accounts/<int:pk>/roles/grant/", accounts.RoleGrantView.as_view(), name="role-grant"),
    path("accounts/<int:pk>/roles/revoke/", accounts.RoleRevokeView.as_view(), name="role-revoke"),
    path("postings/", postings.PostingListView.as_view(), name="postings"),
    path("postings/new/", postings.PostingCreateView.as_view(), name="posting-create"),
    path("postings/matrix/", postings.PostingMatrixView.as_view(), name="posting-matrix"),
    path("postings/enterprises/", postings.EnterprisePickerView.as_view(), name="posting-enterprises"),
    path("postings/substitutions/", substitutions.SubstitutionListView.as_view(), name="substitutions"),
    path("postings/substitutions/new/", substitutions.SubstitutionCreateView.as_view(), name="substitution-create"),
    path("postings/substitutions/<int:pk>/end/", substitutions.SubstitutionEndView.as_view(), name="substitution-end"),
    path("postings/<int:pk>/end/", postings.PostingEndView.as_view(), name="posting-end"),
]
