"""The pages about oneself: open to everybody signed in, with or without roles."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from unionportal.core.accounts.forms import PasswordForm
from unionportal.core.accounts.models import User
from unionportal.core.accounts.selectors import person
from unionportal.core.accounts.services import hint_dismiss, password_change
from unionportal.core.common import clock, panels
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import PageView, add_errors


class OwnPage(PageView):
    action = "own"

    def permitted(self, request: HttpRequest) -> bool:
        return True

    @property
    def me(self) -> User:
        return cast(User, self.request.user)


class MeView(OwnPage):
    """/me/: my data, roles, postings and tokens."""

    template_name = "accounts/me.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        me = person(self.me.pk)
        today = clock.today()
        return self.page(
            {
                "person": me,
                "postings": [(posting, posting.state_on(today)) for posting in me.postings.all()],
                "tokens": [token for token in me.api_tokens.all() if token.revoked_at is None],
                "panels": panels.render("me.main", request, me),
            }
        )


class HintDismissView(OwnPage):
    """/me/hints/: the first-time hint of a role has been read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        hint_dismiss(user=self.me, role=request.POST.get("role", ""), actor=request.scope)
        return redirect("workbench")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordView(OwnPage):
    """/me/password/: one's own new password; forced after the administrator gave one out."""

    template_name = "accounts/password.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.context(PasswordForm()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasswordForm(request.POST)
        if form.is_valid():
            try:
                user = password_change(
                    user=self.me,
                    old=form.cleaned_data["old_password"],
                    new=form.cleaned_data["password"],
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
            else:
                update_session_auth_hash(request, user)  # this session goes on; all others have ended
                messages.success(request, "密码已修改，其他设备上的登录已退出。")
                return redirect(self.destination())
        return self.page(self.context(form), status=422)

    def context(self, form: PasswordForm) -> dict[str, Any]:
        return {"form": form, "forced": self.me.must_change_password, "next": self.destination()}

    def destination(self) -> str:
        """Where the person was going, if that lies within the portal."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next") or ""
        safe = url_has_allowed_host_and_scheme(wanted, {self.request.get_host()}, self.request.is_secure())
        return wanted if safe else reverse("me")
