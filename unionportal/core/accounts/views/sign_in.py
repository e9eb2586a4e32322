"""Sign-in and sign-out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse

from unionportal.core.accounts.forms import SignInForm
from unionportal.core.accounts.selectors import one_account_a_role
from unionportal.core.accounts.services.sign_in import sign_in_failure_record, sign_in_record, sign_out_record


class SignInView(LoginView):
    """/login/: back to where the person was going. Lockout is kept by django-axes in the database."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        sign_in_record(user=form.get_user())
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if "username" in form.cleaned_data and form.data.get("password"):
            locked = bool(getattr(self.request, "axes_locked_out", False))
            sign_in_failure_record(username=form.cleaned_data["username"], locked=locked)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO_MODE:
            context["demo_accounts"] = one_account_a_role()
            context["demo_password_note"] = "密码显示在启动窗口中"
        return context


class SignOutView(LogoutView):
    """/logout/, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            sign_out_record(actor=request.scope)
        return super().post(request, *args, **kwargs)
