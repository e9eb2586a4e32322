"""Administering accounts (system administrator) and roles (security administrator)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.accounts import services
from unionportal.core.accounts.filters import AccountFilter
from unionportal.core.accounts.forms import AccountForm, GrantForm, NewAccountForm
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.accounts.passwords import one_time_password
from unionportal.core.accounts.selectors import accounts, locked_usernames, person
from unionportal.core.common import clock, panels
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404


class AccountListView(PageView):
    """/accounts/"""

    action = "account.view"
    template_name = "accounts/account_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = AccountFilter(request.GET, queryset=accounts(request.scope))
        page = keyset_page(filters.qs, request, order=("pinyin_key", "id"))
        locked = locked_usernames([user.username for user in page.items])
        return self.page(
            {
                "page": page,
                "filter": filters,
                "locked": locked,
                "can_manage": request.may("account.manage"),
                "panels": panels.render("accounts.list", request, None),
            }
        )


class AccountCreateView(PageView):
    """/accounts/new/: the portal makes the first password and shows it once."""

    action = "account.manage"
    template_name = "accounts/account_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": NewAccountForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewAccountForm(request.POST)
        if form.is_valid():
            password = one_time_password()
            try:
                user = services.account_create(password=password, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                return password_shown_once(self, user, password, created=True)
        return self.page({"form": form}, status=422)


def password_shown_once(view: PageView, user: User, password: str, *, created: bool = False) -> HttpResponse:
    """The one answer that carries a new password: nowhere stored, never cached."""
    response = view.page(
        {"person": user, "password": password, "created": created}, template="accounts/password_shown.html"
    )
    response["Cache-Control"] = "no-store"
    return response


class AccountPage(PageView):
    """One account: the base of its page and of what can be done on it. A refusal shows on the same page."""

    action = "account.view"
    template_name = "accounts/account.html"

    def account(self, pk: int) -> User:
        return get_or_404(accounts(self.request.scope), pk=pk)

    def show(self, pk: int, *, status: int = 200, **extra: Any) -> HttpResponse:
        user = person(pk)
        today = clock.today()
        context = {
            "person": user,
            "is_self": pk == self.request.user.pk,
            "is_locked": bool(locked_usernames([user.username])),
            "postings": [(posting, posting.state_on(today)) for posting in user.postings.all()],
            "tokens": sum(token.revoked_at is None for token in user.api_tokens.all()),
            "edit_form": AccountForm(initial={"display_name": user.display_name, "phone": user.phone}),
            "grant_form": GrantForm(),
            "can_manage": self.request.may("account.manage"),
            "can_grant": self.request.may("role.manage"),
        }
        return self.page(context | extra, status=status)


class AccountView(AccountPage):
    """/accounts/<id>/"""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.account(pk).pk)


class AccountAction(AccountPage):
    """A button on the account's page. Opened by GET (after a lost session) it is the page itself, the dialog open."""

    action = "account.manage"
    dialog = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.account(pk).pk, **self.opened())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self.account(pk)
        try:
            return self.perform(user)
        except DomainError as error:
            return self.show(pk, status=error.status, refusal=error.detail)

    def opened(self) -> dict[str, bool]:
        return {f"{self.dialog}_open": True} if self.dialog else {}

    def perform(self, user: User) -> HttpResponse:
        raise NotImplementedError

    def done(self, user: User, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect("account", pk=user.pk)


class AccountEditView(AccountAction):
    dialog = "edit"

    def perform(self, user: User) -> HttpResponse:
        form = AccountForm(self.request.POST)
        version = self.request.POST.get("version", "")
        if form.is_valid():
            try:
                services.account_update(
                    user=user,
                    version=int(version) if version.isdigit() else 0,
                    actor=self.request.scope,
                    **form.cleaned_data,
                )
            except DomainError as error:
                add_errors(form, error)
                return self.show(user.pk, status=error.status, edit_form=form, **self.opened())
            return self.done(user, "已保存。")
        return self.show(user.pk, status=422, edit_form=form, **self.opened())


class AccountDisableView(AccountAction):
    def perform(self, user: User) -> HttpResponse:
        services.account_disable(user=user, actor=self.request.scope)
        return self.done(user, f"已停用{user.display_name}的账号，其登录和接口令牌同时失效。")


class AccountEnableView(AccountAction):
    def perform(self, user: User) -> HttpResponse:
        services.account_enable(user=user, actor=self.request.scope)
        return self.done(user, f"已启用{user.display_name}的账号。")


class AccountUnlockView(AccountAction):
    def perform(self, user: User) -> HttpResponse:
        services.sign_in_unlock(user=user, actor=self.request.scope)
        return self.done(user, "已解除锁定，可以重新登录。")


class AccountPasswordView(AccountAction):
    def perform(self, user: User) -> HttpResponse:
        password = one_time_password()
        services.password_reset(user=user, password=password, actor=self.request.scope)
        return password_shown_once(self, user, password)


class RoleGrantView(AccountAction):
    action = "role.manage"
    dialog = "grant"

    def perform(self, user: User) -> HttpResponse:
        form = GrantForm(self.request.POST)
        if form.is_valid():
            try:
                grant = services.role_grant(user=user, actor=self.request.scope, **form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                return self.done(user, f"已授予：{grant}。")
        return self.show(user.pk, status=422, grant_form=form, **self.opened())


class RoleRevokeView(AccountAction):
    action = "role.manage"

    def perform(self, user: User) -> HttpResponse:
        grant = get_or_404(
            RoleGrant.objects.select_related("unit").filter(user=user), pk=self.request.POST.get("grant") or 0
        )
        services.role_revoke(user=user, role=grant.role, unit=grant.unit, actor=self.request.scope)
        return self.done(user, f"已撤销：{grant}。")
