"""A small district with named people, for tests of every app.

`make_district()` (fixture `district`) has the district union, three townships, a department, a workroom, and makes enterprises and people when asked.
Everybody's password is PASSWORD. Names are invented.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client

from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit

PASSWORD = "Yuegong-2024"
POSTED_SINCE = date(2023, 4, 1)

TOWNSHIPS = {"330602006": "稽山街道", "330602007": "迪荡街道", "330602108": "富盛镇"}
SURNAMES = "陈王李张刘杨黄吴赵周徐孙马朱胡林郭何高罗"
#: Weights of GB 32100's check character.
_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def password_hash() -> str:
    """PASSWORD hashed once a run: Argon2 is meant to be slow."""
    return make_password(PASSWORD)


def credit_code(number: int) -> str:
    """A well-formed credit code with its check character, different for every number."""
    body = f"91330602MA{number:07d}"
    total = sum(_ALPHABET.index(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return body + _ALPHABET[(31 - total % 31) % 31]


@dataclass
class District:
    """The district of one test. `people` counts those made, so that names and user names differ."""

    city: Unit
    district: Unit
    department: Unit
    workroom: Unit
    people: int = 0
    _enterprises: dict[int, Enterprise] = field(default_factory=dict)

    def township(self, code: str = "330602006") -> Unit:
        """A township by its code: 330602006 稽山街道, 330602007 迪荡街道, 330602108 富盛镇."""
        return Unit.objects.get(code=code)

    def enterprise(self, number: int = 1, *, township: Unit | None = None, **facts: Any) -> Enterprise:
        """The enterprise of that number, made at the first call; in 稽山街道 unless told."""
        if number not in self._enterprises:
            facts.setdefault("name", f"越城第{number}机械有限公司（演示）")
            facts.setdefault("credit_code", credit_code(number))
            self._enterprises[number] = Enterprise.objects.create(township=township or self.township(), **facts)
        return self._enterprises[number]

    def person(self, *roles: str, unit: Unit | None = None, name: str = "", username: str = "", **facts: Any) -> User:
        """Somebody with these roles on the unit (default: the district)."""
        self.people += 1
        number = self.people
        user = User.objects.create(
            username=username or f"{roles[0] if roles else 'nobody'}{number:02d}",
            display_name=name or f"{SURNAMES[number % len(SURNAMES)]}示例{number}",
            password=password_hash(),
            **facts,
        )
        for role in roles:
            RoleGrant.objects.create(user=user, role=role, unit=unit or self.district)
        return user

    def staff(self, **facts: Any) -> User:
        return self.person(Role.STAFF, **facts)

    def leader(self, **facts: Any) -> User:
        return self.person(Role.LEADER, **facts)

    def sysadmin(self, **facts: Any) -> User:
        return self.person(Role.SYSADMIN, **facts)

    def security(self, **facts: Any) -> User:
        return self.person(Role.SECURITY, **facts)

    def auditor(self, **facts: Any) -> User:
        return self.person(Role.AUDITOR, **facts)

    def cadre(
        self, townships: list[Unit] | None = None, enterprises: list[Enterprise] | None = None, **facts: Any
    ) -> User:
        """A cadre posted since POSTED_SINCE; to 稽山街道 where neither townships nor enterprises are given."""
        user = self.person(Role.CADRE, **facts)
        if townships is None and enterprises is None:
            townships = [self.township()]
        for township in townships or []:
            Posting.objects.create(cadre=user, township=township, start_on=POSTED_SINCE)
        for enterprise in enterprises or []:
            Posting.objects.create(cadre=user, enterprise=enterprise, start_on=POSTED_SINCE)
        return user

    def township_clerk(self, township: Unit | None = None, **facts: Any) -> User:
        return self.person(Role.TOWNSHIP, unit=township or self.township(), **facts)

    def handler(self, unit: Unit | None = None, **facts: Any) -> User:
        return self.person(Role.HANDLER, unit=unit or self.department, **facts)

    def everybody(self) -> dict[str, User]:
        """One person of each role, by role."""
        return {
            Role.SYSADMIN: self.sysadmin(),
            Role.SECURITY: self.security(),
            Role.AUDITOR: self.auditor(),
            Role.LEADER: self.leader(),
            Role.STAFF: self.staff(),
            Role.CADRE: self.cadre(),
            Role.TOWNSHIP: self.township_clerk(),
            Role.HANDLER: self.handler(),
            Role.AID: self.person(Role.AID),
            Role.KEEPER: self.person(Role.KEEPER),
        }


def make_district() -> District:
    """绍兴市 › 越城区 › three townships; a department and a workroom of the district."""
    city = Unit.objects.create(code="3306", kind=Unit.Kind.CITY, name="绍兴市总工会", short_name="市总")
    district = Unit.objects.create(
        code="330602", kind=Unit.Kind.DISTRICT, name="绍兴市越城区总工会", short_name="区总", parent=city
    )
    for code, name in TOWNSHIPS.items():
        Unit.objects.create(code=code, kind=Unit.Kind.TOWNSHIP, name=f"{name}总工会", short_name=name, parent=district)
    return District(
        city=city,
        district=district,
        department=Unit.objects.create(
            code="rights", kind=Unit.Kind.DEPARTMENT, name="权益保障部", short_name="权益部", parent=district
        ),
        workroom=Unit.objects.create(
            code="bazi01", kind=Unit.Kind.WORKROOM, name="八字桥工作室", short_name="八字桥", parent=district
        ),
    )


def scope_of(user: User, *, on: date | None = None) -> Scope:
    """What the person may see and do, as services take it (`actor=`)."""
    return build_scope(user, on=on)


def client_for(user: User, **options: Any) -> Client:
    """A browser in which the person is signed in already."""
    client = Client(**options)
    client.force_login(user, backend="unionportal.core.accounts.backends.SignedInBackend")
    return client


def sign_in(page: Any, user: User, *, password: str = PASSWORD) -> None:
    """Sign in through the page as a person does (Playwright)."""
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)
