"""@姓名 in a note: whom it means. Names are typed as on screen, or picked; two people of one name are told apart by user name."""

import re
from dataclasses import dataclass

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Length

from casework.models import Issue
from casework.people import can_see
from unionportal.core.accounts.models import User
from unionportal.core.common.errors import FieldErrors

#: An @ that does not stand inside an address of mail, and what follows up to a space or a mark.
_AT = re.compile(r"(?<![0-9A-Za-z._@])@([^\s@，。；：、,;:!！?？）)】\]]{1,40})")
MOST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """What stands after an @, and the people it may mean: those with the longest name it begins with."""

    text: str
    people: tuple[User, ...]


def mentioned(text: str, issue: Issue) -> list[User]:
    """The people a note mentions, each once. FieldErrors at `text` for a name nobody has, two people have, or somebody who cannot see the issue."""
    found: dict[int, User] = {}
    problems: list[str] = []
    for named in [_named(each) for each in dict.fromkeys(_AT.findall(text))]:
        if not named.people:
            problems.append(f"没有叫“{named.text}”的人，请从列表中选择。")
        elif len(named.people) > 1:
            names = "、".join(f"@{person.username}" for person in named.people)
            problems.append(f"“{named.text}”不止一人，请改写成用户名：{names}。")
        elif not can_see(named.people[0], issue):
            problems.append(f"{named.people[0].display_name}看不到这条诉求，提到也收不到，请改提别人。")
        else:
            found[named.people[0].pk] = named.people[0]
    if len(found) > MOST:
        problems.append(f"一次最多提到 {MOST} 人。")
    if problems:
        raise FieldErrors({"text": "".join(problems)})
    return list(found.values())


def _named(text: str) -> Named:
    rows = (
        User.objects.filter(is_active=True)
        .annotate(typed=Value(text, output_field=CharField()), long=Length("display_name"))
        .filter(Q(username=text) | Q(typed__startswith=F("display_name")))
        .order_by("-long", "username")[: MOST * 2]
    )
    people = [user for user in rows if user.username == text] or list(rows)
    return Named(text, tuple(p for p in people if len(p.display_name) == len(people[0].display_name)))
