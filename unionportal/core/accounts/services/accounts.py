"""Accounts: made, mended, disabled and enabled by the system administrator; passwords."""

import re

from axes.utils import reset as reset_lockout
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from unionportal.core.accounts.models import ApiToken, User
from unionportal.core.accounts.services.keepers import keep_an_administrator
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

USERNAME_SHAPE = re.compile(r"[a-z][a-z0-9_.]{2,29}")
USERNAME_RULE = "用户名须以小写字母开头，只含小写字母、数字、点和下划线，3 至 30 位。"
PHONE_SHAPE = re.compile(r"[0-9+\- ]{5,20}")


def user_for_update(pk: int) -> User:
    """The account, locked until the transaction ends."""
    user = User.objects.select_for_update().filter(pk=pk).first()
    if user is None:
        raise NotFound
    return user


@transaction.atomic
def account_create(
    *,
    username: str,
    display_name: str,
    password: str,
    actor: Scope,
    phone: str = "",
    must_change_password: bool = True,
    encoded_password: str = "",
) -> User:
    """A new account without roles. FieldErrors at username, display_name, phone or password.

    `encoded_password` is the same password already hashed: a set-up of many accounts with one known password hashes once, and
    `shared_password_replace` finds who still has it.
    """
    require(actor, "account.manage")
    errors = _name_errors(display_name, phone)
    if not USERNAME_SHAPE.fullmatch(username):
        errors["username"] = USERNAME_RULE
    user = User(
        username=username,
        display_name=display_name.strip(),
        phone=phone.strip(),
        must_change_password=must_change_password,
        password_is_shared=bool(encoded_password),
    )
    errors |= password_errors(password, user)
    if errors:
        raise FieldErrors(errors)
    user.password = encoded_password or make_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise FieldErrors({"username": f"用户名“{username}”已经有人使用。"}) from None
    record(actor=actor, action="account.create", object_type="account", object_id=user.pk, username=username)
    return user


@transaction.atomic
def account_update(*, user: User, display_name: str, phone: str, version: int, actor: Scope) -> User:
    """Another name or telephone number. StaleVersion where somebody saved in between."""
    require(actor, "account.manage")
    errors = _name_errors(display_name, phone)
    if errors:
        raise FieldErrors(errors)
    locked = user_for_update(user.pk)
    if locked.version != version:
        raise StaleVersion
    new = {"display_name": display_name.strip(), "phone": phone.strip()}
    changed = sorted(name for name, value in new.items() if getattr(locked, name) != value)
    if not changed:
        return locked
    locked.display_name, locked.phone = new["display_name"], new["phone"]
    locked.version += 1
    locked.save()
    record(actor=actor, action="account.update", object_type="account", object_id=user.pk, changed=changed)
    return locked


@transaction.atomic
def account_disable(*, user: User, actor: Scope) -> User:
    """The person can no longer sign in; open sessions and tokens end. Postings and history stay."""
    require(actor, "account.manage")
    if user.pk == actor.user_id:
        raise Forbidden("不能停用自己的账号。")
    keep_an_administrator(losing=user)
    locked = user_for_update(user.pk)
    if not locked.is_active:
        raise Conflict("这个账号已经停用。")
    locked.is_active = False
    end_access(locked)
    locked.save()
    record(actor=actor, action="account.disable", object_type="account", object_id=user.pk)
    return locked


@transaction.atomic
def account_enable(*, user: User, actor: Scope) -> User:
    """A disabled account may sign in again, with its password and roles of before; old sessions and tokens stay ended."""
    require(actor, "account.manage")
    locked = user_for_update(user.pk)
    if locked.is_active:
        raise Conflict("这个账号本来就是启用的。")
    locked.is_active = True
    locked.version += 1
    locked.save()
    record(actor=actor, action="account.enable", object_type="account", object_id=user.pk)
    return locked


@transaction.atomic
def password_reset(*, user: User, password: str, actor: Scope) -> User:
    """A password set by the administrator, to be changed at the next sign-in. Ends sessions and tokens, lifts a lockout."""
    require(actor, "account.manage")
    if user.pk == actor.user_id:
        raise Forbidden("自己的密码请在“我的”页面修改。")
    locked = user_for_update(user.pk)
    errors = password_errors(password, locked)
    if errors:
        raise FieldErrors(errors)
    locked.set_password(password)
    locked.must_change_password = True
    locked.password_is_shared = False
    end_access(locked)
    locked.save()
    reset_lockout(username=locked.username)
    record(actor=actor, action="account.password_reset", object_type="account", object_id=user.pk)
    return locked


@transaction.atomic
def password_change(*, user: User, old: str, new: str, actor: Scope) -> User:
    """A person's own new password. Ends their other sessions and their tokens; the caller keeps the present session alive."""
    if user.pk != actor.user_id:
        raise Forbidden
    locked = user_for_update(user.pk)
    errors: dict[str, str] = {}
    if not locked.check_password(old):
        errors["old_password"] = "当前密码不对。"
    elif old == new:
        errors["password"] = "新密码不能与当前密码相同。"
    errors = password_errors(new, locked) | errors
    if errors:
        raise FieldErrors(errors)
    locked.set_password(new)
    locked.must_change_password = False
    locked.password_is_shared = False
    end_access(locked)
    locked.save()
    record(actor=actor, action="account.password_change", object_type="account", object_id=user.pk)
    return locked


@transaction.atomic
def shared_password_replace(*, password: str, actor: Scope) -> int:
    """Another known password for the accounts that a set-up gave one; how many got it. FieldErrors at `password`.

    Whoever has chosen a password since, or was given one, keeps it; the last who has not is found like the first.
    """
    require(actor, "account.manage")
    holders = User.objects.filter(password_is_shared=True)
    hashes = holders.order_by("password").values_list("password", flat=True).distinct()
    others = [encoded for encoded in hashes if not check_password(password, encoded)]
    if not others:
        return 0
    encoded = make_password(password)
    # Looked at anew under the lock: somebody may be choosing a password at this moment.
    users = list(holders.select_for_update().filter(password__in=others).order_by("pk"))
    for user in users:
        if errors := password_errors(password, user):
            raise FieldErrors(errors)
        user.password = encoded
        end_access(user)
        user.save()
        reset_lockout(username=user.username)
        record(actor=actor, action="account.password_reset", object_type="account", object_id=user.pk)
    return len(users)


@transaction.atomic
def sign_in_unlock(*, user: User, actor: Scope) -> None:
    """Lift a lockout before its 30 minutes are over."""
    require(actor, "account.manage")
    reset_lockout(username=user.username)
    record(actor=actor, action="account.unlock", object_type="account", object_id=user.pk)


def end_access(user: User) -> None:
    """End every session and token of the account. The caller saves it."""
    user.sign_in_epoch += 1
    user.version += 1
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=timezone.now())


def password_errors(password: str, user: User) -> dict[str, str]:
    """What is wrong with a password, as the message of the field `password`; empty where nothing is."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {"password": " ".join(error.messages)}
    return {}


def _name_errors(display_name: str, phone: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not 1 <= len(display_name.strip()) <= 30:
        errors["display_name"] = "请填写姓名，不超过 30 个字。"
    if phone.strip() and not PHONE_SHAPE.fullmatch(phone.strip()):
        errors["phone"] = "手机号只能有数字、空格、加号和短横，5 至 20 位。"
    return errors
