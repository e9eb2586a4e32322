"""Twelve hardship households of the demo district and the officers who keep their files. Everybody in them is invented and marked so.

Their ID numbers begin with 330699, a region that does not exist: whatever follows, they are nobody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.contrib.auth.hashers import make_password
from stdnum import luhn
from stdnum.cn import ric

from hardship import codes
from hardship.models import HardshipFile
from hardship.services import (
    FileInput,
    MemberInput,
    category_decide,
    file_open,
    grounds_answer,
    line_add,
    member_save,
    paper_add,
)
from hardship.services.worksheets import recommendation_for
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.services import account_create, role_grant
from unionportal.core.common import clock
from unionportal.core.common.identity import MALE
from unionportal.core.common.scope import SYSTEM, Role, Scope
from unionportal.core.orgs.models import Unit

SPACE = UUID("0c9f2a52-6a43-5d1e-8b0e-6a1d3f1c7e10")
NO_REGION = "330699"
#: Account, name, and the digits of the township; none: the district.
OFFICERS = (("aid", "沈帮扶（演示）", ""), ("aid01", "金帮扶（演示）", "006"), ("aid02", "任帮扶（演示）", "108"))
ALL_CLEAR = dict.fromkeys(dict(codes.DISQUALIFIERS), "no")
FIRST_DAY = date(2024, 3, 4)
DAYS_BETWEEN = 24


@dataclass(frozen=True, slots=True)
class Household:
    """One household as it applied: amounts are yuan a year. `others`: relation, birth year, sex."""

    township: str
    surname: str
    born: int
    sex: str
    cause: str
    unit: str
    wages: int
    transfers: int
    spending: tuple[tuple[str, int], ...]
    others: tuple[tuple[str, int, str], ...] = ()
    secondary: tuple[str, ...] = ()
    decided: bool = True


#: Townships as the last three digits of their codes.
HOUSEHOLDS = (
    Household(
        "006",
        "王",
        1974,
        "1",
        "6",
        "越城示例纺织厂",
        42000,
        0,
        (("illness", 36000),),
        (("1", 1976, "2"), ("2", 2008, "1")),
    ),
    Household(
        "006",
        "李",
        1981,
        "2",
        "9",
        "稽山示例印染厂",
        38400,
        2400,
        (("schooling", 14000),),
        (("3", 2005, "2"), ("3", 2011, "2")),
        ("4",),
    ),
    Household("001", "陈", 1969, "1", "3", "塔山示例机械厂", 0, 48000, (("illness", 4200),), (("1", 1970, "2"),)),
    Household(
        "002",
        "张",
        1978,
        "1",
        "8",
        "府山示例快递站",
        52000,
        0,
        (("illness", 21000),),
        (("1", 1980, "2"), ("2", 2014, "1")),
    ),
    Household("004", "刘", 1966, "2", "1", "北海示例服装厂", 0, 15600, (("disability", 6000),), (), ("6",)),
    Household("005", "杨", 1985, "1", "6", "城南示例物流公司", 76000, 0, (("illness", 12000),), (("1", 1986, "2"),)),
    Household(
        "108",
        "黄",
        1972,
        "1",
        "7",
        "富盛示例石材厂",
        46000,
        1200,
        (("housing", 18000),),
        (("1", 1974, "2"), ("5", 1948, "2")),
    ),
    Household("108", "吴", 1979, "2", "4", "富盛示例茶厂", 52800, 0, (("schooling", 9000),), (("2", 2007, "1"),)),
    Household(
        "007", "赵", 1983, "1", "2", "迪荡示例商场", 54000, 7200, (), (("1", 1984, "2"), ("3", 2016, "2")), ("3",)
    ),
    Household("013", "周", 1970, "1", "6", "皋埠示例化纤厂", 48000, 0, (("illness", 52000),), (("1", 1972, "2"),)),
    Household(
        "014", "徐", 1988, "2", "5", "马山示例电子厂", 40800, 0, (), (("2", 2015, "1"), ("5", 1956, "1")), decided=False
    ),
    Household(
        "015",
        "孙",
        1976,
        "1",
        "10",
        "孙端示例船厂",
        90000,
        0,
        (("other_spending", 6000),),
        (("1", 1978, "2"),),
        decided=False,
    ),
)


def play(password: str, units: Mapping[str, Unit]) -> None:
    """Make the officers and let each household apply on its day."""
    encoded = make_password(password)
    township = {code[-3:]: unit for code, unit in units.items() if unit.kind == Unit.Kind.TOWNSHIP}
    district = next(unit for unit in units.values() if unit.kind == Unit.Kind.DISTRICT)
    actors: dict[str, Scope] = {}
    for username, name, digits in OFFICERS:
        user = account_create(
            username=username,
            display_name=name,
            password=password,
            actor=SYSTEM,
            must_change_password=False,
            encoded_password=encoded,
        )
        role_grant(user=user, role=Role.AID, unit=township.get(digits, district), actor=SYSTEM)
        actors[digits] = build_scope(user)
    for number, household in enumerate(HOUSEHOLDS):
        at = datetime.combine(FIRST_DAY + timedelta(days=number * DAYS_BETWEEN), time(10), clock.SHANGHAI)
        with clock.at(at):
            _apply(number, household, township[household.township], actors.get(household.township, actors[""]))


def _apply(number: int, household: Household, township: Unit, actor: Scope) -> None:
    today = clock.today()
    file = file_open(
        uuid=uuid5(SPACE, f"file {number}"),
        township=township,
        facts=FileInput(
            main_cause=household.cause,
            secondary_causes=list(household.secondary),
            unit_name=f"{household.unit}（演示）",
            unit_nature="private",
            housing="commercial",
            hukou="local_urban",
            self_help="partly",
            address=f"{township}示例路 {number + 1} 号（演示）",
            bank_name="示例银行越城支行",
            card=_card(number),
        ),
        holder=_person(number, 0, household.surname, codes.HOLDER, household.born, household.sex),
        actor=actor,
    )
    for place, (relation, born, sex) in enumerate(household.others, start=1):
        member_save(
            code=file.code,
            version=_version(file),
            uuid=uuid5(SPACE, f"member {number}.{place}"),
            facts=_person(number, place, household.surname, relation, born, sex),
            actor=actor,
        )
    lines = [("wages", household.wages), ("transfer", household.transfers), *household.spending]
    for kind, amount in lines:
        if amount:
            line_add(
                code=file.code,
                version=_version(file),
                uuid=uuid5(SPACE, f"line {number}.{kind}"),
                year=today.year - 1,
                kind=kind,
                amount=Decimal(amount),
                source="declared",
                actor=actor,
            )
    if household.decided:
        _decide(file, number, actor)


def _decide(file: HardshipFile, number: int, actor: Scope) -> None:
    today = clock.today()
    grounds_answer(code=file.code, version=_version(file), answers=ALL_CLEAR, actor=actor)
    for member in file.members.all():
        guarded = today.year - (member.birth_year or 0) < codes.GUARDED_UNTIL
        paper_add(
            code=file.code,
            version=_version(file),
            uuid=uuid5(SPACE, f"consent {number}.{member.pk}"),
            kind=codes.GUARDIAN if guarded else codes.CONSENT,
            member_id=member.pk,
            signed_on=today,
            actor=actor,
        )
    paper_add(
        code=file.code,
        version=_version(file),
        uuid=uuid5(SPACE, f"authorisation {number}"),
        kind=codes.AUTHORISATION,
        signed_on=today,
        actor=actor,
    )
    file.refresh_from_db()
    found = recommendation_for(file, today)
    if found and found[0].category:
        category_decide(code=file.code, version=file.version, category=found[0].category, actor=actor)


def _version(file: HardshipFile) -> int:
    file.refresh_from_db(fields=["version"])
    return file.version


def _person(number: int, place: int, surname: str, relation: str, born: int, sex: str) -> MemberInput:
    serial = 100 + number * 20 + place * 2 + (sex == MALE)
    body = f"{NO_REGION}{born}0{number % 9 + 1}{place + 10}{serial}"
    return MemberInput(
        name=f"{surname}示例{'甲乙丙丁'[place]}（演示）",
        relation=relation,
        id_number=body + ric.calc_check_digit(f"{body}0"),
        phone=f"1380000{number:02d}{place:02d}" if place == 0 else "",
        health="30" if place == 0 else "10",
        insurance="employee" if place == 0 else "resident",
        standing="worker" if place == 0 else ("student" if born > 2000 else "other"),
    )


def _card(number: int) -> str:
    body = f"62220202001122{number:04d}"
    return body + luhn.calc_check_digit(body)
