"""The people, places and files of the hardship tests, by name. Every name and number is invented."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from stdnum.cn import ric

from hardship.models import FileMember, HardshipFile
from hardship.services import FileInput, MemberInput, file_open, member_save
from hardship.workflow import CLOSED_STATES
from tests.people import District, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Role, Scope

#: A Wednesday with plain working weeks on both sides.
WEDNESDAY = datetime(2024, 9, 4, 9, 30, tzinfo=SHANGHAI)
PHONE = "13812345678"
CARD = "6222020200112233446"


def id_number(serial: int, born_on: date = date(1980, 5, 6), *, area: str = "330602") -> str:
    """A well-formed ID number; an odd serial (1 to 999) is a man's, an even one a woman's."""
    body = f"{area}{born_on:%Y%m%d}{serial:03d}"
    return body + ric.calc_check_digit(f"{body}0")


@dataclass
class Cast:
    """Aid officers of the district (`aid`) and of two townships, those who see masks only (leader, staff, clerk) and those who see nothing."""

    district: District
    now: datetime = WEDNESDAY
    users: dict[str, User] = field(default_factory=dict)
    serial: int = 100

    def __post_init__(self) -> None:
        places = self.district
        self.jishan, self.fusheng = places.township("330602006"), places.township("330602108")
        self.users = {
            "aid": places.person(Role.AID, username="aid"),
            "aid_jishan": places.person(Role.AID, unit=self.jishan, username="aid_jishan"),
            "aid_fusheng": places.person(Role.AID, unit=self.fusheng, username="aid_fusheng"),
            "leader": places.leader(username="leader"),
            "staff": places.staff(username="staff"),
            "clerk": places.township_clerk(self.jishan, username="clerk"),
            "neighbour": places.township_clerk(self.fusheng, username="neighbour"),
            "cadre": places.cadre([self.jishan], username="cadre"),
            "handler": places.handler(username="handler"),
            "auditor": places.auditor(username="auditor"),
        }

    def scope(self, name: str) -> Scope:
        """The person's reach today, read anew."""
        return scope_of(self.users[name], on=self.now.date())

    def client(self, name: str) -> Client:
        """A browser in which the person is signed in."""
        return client_for(self.users[name])

    def person(self, **changes: Any) -> MemberInput:
        """Facts of an invented person with a number of their own."""
        self.serial += 2
        return MemberInput(**{"name": f"王示例{self.serial}", "id_number": id_number(self.serial + 1), **changes})

    def file(self, who: str = "aid", **changes: Any) -> HardshipFile:
        """A draft of a household in 稽山街道, one person so far. `facts` and `holder` take the place of what is invented."""
        given = {
            "uuid": uuid4(),
            "township": self.jishan,
            "facts": FileInput(main_cause="6", unit_name="越城示例纺织厂", address="稽山街道示例路 1 号", card=CARD),
            "holder": self.person(phone=PHONE),
            "now": self.now,
            "actor": self.scope(who),
        }
        return file_open(**{**given, **changes})

    def member(self, file: HardshipFile, who: str = "aid", **changes: Any) -> FileMember:
        """Somebody more in the household: a wife unless told."""
        self.serial += 2
        facts = {"name": f"李示例{self.serial}", "relation": "1", "id_number": id_number(self.serial), **changes}
        file.refresh_from_db(fields=["version"])
        return member_save(
            code=file.code, version=file.version, uuid=uuid4(), facts=MemberInput(**facts), actor=self.scope(who)
        )

    def file_in(self, state: str, **changes: Any) -> HardshipFile:
        """A file put into a state without the way there, its category 深度困难."""
        file = self.file(**changes)
        closed_on = self.now.date() if state in CLOSED_STATES else None
        HardshipFile.objects.filter(pk=file.pk).update(state=state, category="deep", closed_on=closed_on)
        file.refresh_from_db()
        return file
